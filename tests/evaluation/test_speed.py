"""The table of milliseconds is read whole or refused."""

import pandas as pd
import pytest

from cxr_models import zoo
from cxr_models.errors import TableRefused
from cxr_models.evaluation import speed, together
from cxr_models.paths import BENCHMARKS


def test_the_committed_table_names_every_model_and_the_machine():
    found, machine = speed.load(BENCHMARKS)
    assert set(found) == {*zoo.COMPARED, together.NAME}
    assert found["student"].multiply_adds < found["resnet50"].multiply_adds
    assert machine.processor and machine.threads >= 1 and machine.torch and machine.date


def test_a_missing_table_is_refused(tmp_path):
    with pytest.raises(TableRefused, match="no table of milliseconds"):
        speed.load(tmp_path / "results.csv")


@pytest.mark.parametrize("change", ["column", "step", "number"])
def test_a_damaged_table_is_refused(tmp_path, change):
    table = pd.read_csv(BENCHMARKS).astype({"median_ms": object})
    if change == "column":
        table = table.drop(columns="median_ms")
    elif change == "step":
        table = table[table["step"] != "heat_map"]
    else:
        table["median_ms"] = "fast"
    table.to_csv(tmp_path / "results.csv", index=False)
    with pytest.raises(TableRefused, match="milliseconds"):
        speed.load(tmp_path / "results.csv")
