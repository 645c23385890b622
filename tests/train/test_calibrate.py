import pytest

from cxr_models import zoo
from cxr_models.evaluation import scores
from cxr_models.paths import RESULTS
from train import calibrate


@pytest.mark.parametrize("name", zoo.SPECS)
def test_the_shipped_point_is_what_the_committed_table_gives(name):
    found = calibrate.operating_metadata(scores.load(RESULTS / "scores.csv"), name)
    shipped = zoo.metadata(name)
    for key, value in found.items():
        assert float(shipped[key]) == pytest.approx(float(value), rel=1e-4)
