"""What train.calibrate leaves in the checkpoints is what the committed tables give."""

import pytest

from cxr_models import checkpoints, zoo
from cxr_models.evaluation import scores, tables
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
