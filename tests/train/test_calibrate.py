"""What train.calibrate leaves in the checkpoints is what the committed tables give."""

import shutil
from dataclasses import astuple

import pandas as pd
import pytest

from cxr_models import checkpoints, zoo
from cxr_models.evaluation import operating_point, probability, scores, tables
from cxr_models.paths import RESULTS, STUDENT_ALONE
from train import calibrate


@pytest.mark.parametrize("name", zoo.SPECS)
def test_the_shipped_point_is_what_the_committed_table_gives(name):
    found = calibrate.operating_metadata(scores.load(RESULTS / "scores.csv"), name)
    shipped = zoo.metadata(name)
    for key, value in found.items():
        assert float(shipped[key]) == pytest.approx(float(value), rel=1e-4)


def test_the_student_without_a_teacher_has_its_own_point():
    table = tables.load_alone(RESULTS / "student_alone.csv")
    found = calibrate.operating_metadata(table, STUDENT_ALONE.stem)
    known = checkpoints.calibration(STUDENT_ALONE, *found)
    assert known == pytest.approx([float(value) for value in found.values()], rel=1e-4)


def test_what_calibrate_stores_is_read_back_as_the_same_point_and_line(tmp_path):
    table = scores.load(RESULTS / "scores.csv")
    shifted = table[table["split"] == "stressed"].assign(split="restyled")
    shifted["student"] -= 1
    table = pd.concat([table, shifted], ignore_index=True)
    checkpoint = tmp_path / "student.safetensors"
    shutil.copyfile(zoo.spec("student").checkpoint, checkpoint)
    checkpoints.update_metadata(checkpoint, calibrate.operating_metadata(table, "student"))
    temperature, threshold, low, high = checkpoints.calibration(
        checkpoint, "temperature", "threshold", "threshold_low", "threshold_high"
    )
    rows = scores.choosing_rows(table, "student")
    assert rows.label.size == 2 * (table["split"] == "stressed").sum()
    score = scores.score(rows.logit, temperature)
    expected = operating_point.bootstrap_threshold(rows.label, score, rows.patient, operating_point.youden)
    assert (threshold, low, high) == pytest.approx((expected.value, expected.low, expected.high), rel=1e-5)
    line = probability.from_metadata(checkpoints.metadata(checkpoint))
    assert astuple(line) == pytest.approx(astuple(probability.fit(rows.label, rows.logit, rows.patient)), rel=1e-5)


def test_a_tiny_network_that_separates_its_few_images_has_no_line():
    table = pd.DataFrame(
        [
            {"file": f"{file}", "split": split, "label": label, "patient": file, "student": 4 * label - 2}
            for split in ("val", "stressed")
            for file, label in (("a", 0), ("b", 1), ("c", 0), ("d", 1))
        ]
    )
    found = calibrate.operating_metadata(table, "student")
    assert probability.from_metadata(found) is None and float(found["threshold"]) > 0
