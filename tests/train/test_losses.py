import math

import pytest
import torch
from torch.nn import functional as F

from train import engine
from train.losses import distillation


def test_a_case_worked_by_hand():
    """Teacher 2, student 0, T = 2: p = σ(1), q = ½, so KL = p·log 2p + (1−p)·log 2(1−p); BCE of logit 0 is log 2."""
    p = 1 / (1 + math.exp(-1))
    kl = p * math.log(2 * p) + (1 - p) * math.log(2 * (1 - p))
    loss = distillation(torch.zeros(1), torch.tensor([2.0]), torch.ones(1), temperature=2, alpha=0.75)
    assert float(loss) == pytest.approx(0.75 * 4 * kl + 0.25 * math.log(2), abs=1e-6)


def test_it_is_the_two_class_softmax_divergence():
    torch.manual_seed(0)
    student, teacher, label = torch.randn(9) * 3, torch.randn(9) * 3, torch.randint(0, 2, (9,)).float()
    zero = torch.zeros(9)
    both = [torch.stack([zero, z], 1) / 3 for z in (student, teacher)]
    kl = F.kl_div(both[0].log_softmax(1), both[1].log_softmax(1), log_target=True, reduction="batchmean")
    expected = 0.6 * 9 * kl + 0.4 * F.binary_cross_entropy_with_logits(student, label)
    assert float(distillation(student, teacher, label, temperature=3, alpha=0.6)) == pytest.approx(
        float(expected), rel=1e-5
    )


def test_a_student_that_copies_a_right_teacher_has_almost_no_loss():
    logit = torch.tensor([12.0, -12.0])
    assert float(distillation(logit, logit, torch.tensor([1.0, 0.0]), temperature=2, alpha=0.9)) < 1e-4


def test_gradients_are_finite_far_out_and_none_reaches_the_teacher():
    student = torch.tensor([90.0, -90.0], requires_grad=True)
    teacher = torch.tensor([-90.0, 90.0], requires_grad=True)
    distillation(student, teacher, torch.tensor([0.0, 1.0]), temperature=1, alpha=0.5).backward()
    assert student.grad.isfinite().all() and teacher.grad is None


@pytest.mark.parametrize("temperature, alpha, words", [(2, 0, "alpha"), (2, 1, "alpha"), (0, 0.5, "temperature")])
def test_values_outside_the_formula_are_refused(temperature, alpha, words):
    with pytest.raises(ValueError, match=words):
        distillation(torch.zeros(1), torch.zeros(1), torch.zeros(1), temperature=temperature, alpha=alpha)


def test_a_history_keeps_the_judged_epochs_and_all_core_hours():
    rows = [{"epoch": epoch, "train_loss": float(epoch), "core_hours": 1.0} for epoch in range(1, 6)]
    for epoch, auc in ((3, 0.8), (5, 0.9)):
        rows[epoch - 1] |= {f"{split}_auc": auc for split in engine.VALIDATION}
    table = engine.judged(rows)
    assert table["epoch"].tolist() == [3, 5]
    assert table["train_loss"].tolist() == [2.0, 4.5] and table["core_hours"].tolist() == [3.0, 2.0]
    assert engine.best_epoch(rows)["epoch"] == 5 and engine.best_epoch(rows[:2]) is None
