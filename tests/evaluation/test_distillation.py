import numpy as np
import pandas as pd
import pytest
from scipy.stats import t
from sklearn.metrics import roc_auc_score

from cxr_models.evaluation import bootstrap, distillation

RELEASED = {"taught_by": "base_cnn", "temperature": "2.0", "alpha": "0.5", "epochs": "9", "views": "6"}
COLUMNS = ["taught_by", "seed", "epochs", "temperature", "alpha", "views", "stressed_auc"]
STUDENTS = pd.DataFrame(
    [
        ["base_cnn", 0, 9, 2, 0.5, 6, 0.96],
        ["base_cnn", 1, 9, 2, 0.5, 6, 0.94],
        ["base_cnn", 2, 9, 2, 0.5, 6, 0.99],  # no untaught student of this seed
        ["base_cnn", 1, 9, 2, 0.9, 6, 0.10],
        ["teacher", 1, 9, 2, 0.5, 6, 0.20],
        ["base_cnn", 1, 3, 2, 0.5, 6, 0.30],
        ["none", 1, 9, 1, 0.0, 6, 0.95],
        ["none", 0, 9, 1, 0.0, 6, 0.93],
        ["none", 0, 3, 1, 0.0, 6, 0.40],
    ],
    columns=COLUMNS,
)


def test_students_are_paired_by_seed_and_the_mean_is_over_the_pairs():
    found = distillation.on_figures(STUDENTS, RELEASED, measure="stressed_auc")
    assert found.differences == pytest.approx({0: 0.03, 1: -0.01})
    reach = t.ppf(0.975, 1) * np.std([0.03, -0.01], ddof=1) / np.sqrt(2)
    assert [found.mean.value, found.mean.low, found.mean.high] == pytest.approx([0.01, 0.01 - reach, 0.01 + reach])


def test_one_seed_has_a_difference_and_no_interval():
    found = distillation.on_figures(STUDENTS[STUDENTS["seed"] == 0], RELEASED, measure="stressed_auc")
    assert found.differences == pytest.approx({0: 0.03})
    assert found.mean.value == pytest.approx(0.03) and np.isnan([found.mean.low, found.mean.high]).all()


def test_without_a_pair_there_is_no_comparison(table):
    assert distillation.on_figures(STUDENTS, RELEASED | {"epochs": "5"}, measure="stressed_auc") is None
    assert distillation.on_images({0: table}, split="test") is None
    assert distillation.on_images({0: table.assign(student_alone="")}, split="test") is None


def test_logits_give_the_paired_patient_bootstrap_of_the_mean_over_seeds(table):
    seeds = {
        0: table.assign(student_alone=(table["base_cnn"]).astype(str)),
        1: table.assign(student_alone=(0.5 * table["resnet50"]).astype(str), student=table["base_cnn"]),
        2: table,
    }
    found = distillation.on_images(seeds, split="test")

    def differences(weight: np.ndarray | None = None) -> list[float]:
        pairs = (("student", "base_cnn"), ("base_cnn", "resnet50"))
        auc = {
            name: roc_auc_score(table["label"], table[name], sample_weight=weight)
            for name in ("student", "base_cnn", "resnet50")
        }
        return [auc[one] - auc[other] for one, other in pairs]

    assert list(found.differences.values()) == pytest.approx(differences())
    drawn = [np.mean(differences(it)) for it in bootstrap.row_weights(table["patient"], resamples=2000, seed=0)]
    assert [found.mean.low, found.mean.high] == pytest.approx(np.quantile(drawn, [0.025, 0.975]))
    assert found.mean.value == pytest.approx(np.mean(differences()))
