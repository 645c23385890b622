"""The benchmark measures every step of every model; how long they take is no test's business."""

import pandas as pd

from benchmarks import reading
from cxr_models import zoo
from cxr_models.evaluation import speed, together


def test_what_is_written_is_what_the_app_reads(tmp_path, samples):
    taken = reading.milliseconds(reading.steps(next(iter(samples.values()))), rounds=2)
    path = tmp_path / "results.csv"
    reading.results(taken, dict.fromkeys((*zoo.COMPARED, together.NAME), 7)).to_csv(path, index=False)
    found, _ = speed.load(path)
    assert set(found) == {*zoo.COMPARED, together.NAME}
    assert all(it.score.low <= it.score.median <= it.score.high for it in found.values())
    assert (pd.read_csv(path)["rounds"] == 2).all()


def test_the_three_together_are_the_sum_of_a_round(samples):
    taken = reading.milliseconds({(name, step): int for name in zoo.COMPARED for step in speed.STEPS}, rounds=3)
    for step in speed.STEPS:
        assert (taken[together.NAME, step] - sum(taken[name, step] for name in zoo.COMPARED)).abs().max() < 1e-9


def test_multiply_adds_are_torch_s_and_the_three_together_add_up():
    counted = reading.multiply_adds()
    assert counted[together.NAME] == sum(counted[name] for name in zoo.COMPARED)
    assert 4.0e9 < counted["resnet50"] < 4.2e9  # 4.09 billion for three channels: torchvision's own table


def test_a_machine_without_a_description_still_has_a_name(tmp_path):
    assert reading.processor(tmp_path / "missing")
    (tmp_path / "cpuinfo").write_text("processor\t: 0\nmodel name\t: Made up 9000\n")
    assert reading.processor(tmp_path / "cpuinfo") == "Made up 9000"
