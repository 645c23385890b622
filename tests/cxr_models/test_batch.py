"""Many pictures: a small row each, in any order, in a CSV that a spreadsheet may open."""

import csv
import io
from dataclasses import replace

import pytest

from cxr_models import batch, imaging, inference, zoo
from cxr_models.archive import Source
from cxr_models.batch import Row
from cxr_models.evaluation.operating_point import Threshold
from cxr_models.plausibility import fitted

POINT = {name: Threshold(0.5, 0.4, 0.6) for name in zoo.COMPARED}


def row(number: int, *logits: float, name: str = "a.png", reason: str = "") -> Row:
    return Row(number, name, reason, logits=dict(zip(zoo.COMPARED, logits, strict=False)))


def test_a_row_holds_what_the_models_say_and_no_pixels(samples):
    name, data = next(iter(samples.items()))
    read = batch.read(4, Source("k", name, lambda: data))
    pixels = imaging.pixels(imaging.decode(data))
    assert {model: pytest.approx(inference.read(pixels, model).logit) for model in zoo.COMPARED} == read.logits
    assert read.number == 4 and read.sha256 == imaging.decode(data).sha256 and len(read.thumbnail) < 10_000


def test_a_row_is_outdated_when_a_network_or_the_picture_check_is_another(samples, monkeypatch):
    name, data = next(iter(samples.items()))
    read = batch.read(1, Source("k", name, lambda: data))
    assert read.is_of(batch.asked()) and Row(1, name).is_of(batch.asked())
    monkeypatch.setattr(fitted, "stamp", lambda: (1, 1))
    assert not read.is_of(batch.asked())


def test_a_broken_file_is_a_row_with_its_reason():
    assert "empty" in batch.read(1, Source("k", "a.png", lambda: b"")).reason


def test_orders_put_suspicion_or_spread_first_and_refusals_last():
    rows = [row(1, -1, -1, -1), row(2, reason="broken"), row(3, 4, 4, 4), row(4, 2, -2, 0)]
    assert [it.number for it in batch.ordered(rows, "given", POINT)] == [1, 2, 3, 4]
    assert [it.number for it in batch.ordered(rows, "highest", POINT)] == [3, 4, 1, 2]
    assert next(it.number for it in batch.ordered(rows, "spread", POINT)) == 4
    assert batch.ordered(rows, "spread", POINT)[-1].number == 2


def test_a_spread_is_measured_from_each_model_s_own_threshold():
    scores = row(1, 1, 1, 1).scores()
    own = {name: Threshold(score - 0.1, 0, 1) for name, score in scores.items()}
    assert batch.spread(row(1, 1, 1, 1), own) == pytest.approx(0, abs=1e-12)


def test_the_csv_says_nothing_of_the_models_on_a_covered_picture():
    rows = [replace(row(number, 1, 1, 1), sha256=key) for number, key in ((1, "called"), (2, "covered"))]
    told, silent = csv.DictReader(io.StringIO(batch.to_csv(rows, POINT, covered={"covered"})))
    of_models = [column for column in told if column.startswith(zoo.COMPARED)]
    assert all(told[column] for column in of_models) and not any(silent[column] for column in of_models)
    assert (silent["file"], silent["status"], silent["sha256"]) == ("a.png", "read", "covered")


@pytest.mark.parametrize("name", ["=1+1.png", "+1.png", "-1.png", "@x.png", "\t=1", " =1", 'a",b.png', "a\nb.png"])
def test_no_name_becomes_a_formula_or_another_cell(name):
    (line,) = csv.DictReader(io.StringIO(batch.to_csv([row(1, 1, 1, 1, name=name)], POINT)))
    assert not line["file"].lstrip(" ").startswith(batch.FORMULA)
    assert line["file"].removeprefix("'") == name
    assert line["status"] == "read" and line["student_positive"] == "1"
