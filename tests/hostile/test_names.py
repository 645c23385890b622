"""Hostile names of files: labels in a table and in a CSV, never paths, rows or elements. Three uploads, two names."""

import csv
import io
import unicodedata

import pytest

from cxr_models import archive, batch
from tests.hostile.cases import file_of, name_of, of_kind

NAMED = [case for case in of_kind("picture") if "upload_name" in case]


def uploaded(case: dict, hostile) -> tuple:
    return case["name"], case["upload_name"], (hostile / file_of(case)).read_bytes


@pytest.mark.parametrize("case", NAMED, ids=name_of)
def test_a_name_is_one_line_that_points_nowhere(case, hostile):
    (source,) = archive.sources([uploaded(case, hostile)])
    assert source.load() == (hostile / file_of(case)).read_bytes()
    assert not any(unicodedata.category(letter).startswith("C") for letter in source.name)
    assert not source.name.startswith("/") and ".." not in source.name.split("/") and "\\" not in source.name
    assert 0 < len(source.name) <= archive.LONGEST_NAME + 1


@pytest.mark.parametrize("case", NAMED, ids=name_of)
def test_a_name_is_one_cell_of_one_row(case, hostile):
    (source,) = archive.sources([uploaded(case, hostile)])
    lines = list(csv.DictReader(io.StringIO(batch.to_csv([batch.Row(1, source.name, reason="A reason.")], {}))))
    assert [(line["file"].removeprefix("'"), line["reason"]) for line in lines] == [(source.name, "A reason.")]


def test_files_of_one_name_and_of_the_same_bytes_are_rows_of_their_own(hostile):
    cases = [case for case in NAMED if case["fault"] == "batch"]
    sources = archive.sources([uploaded(case, hostile) for case in cases])
    first, second, copy = (batch.read(number, source) for number, source in enumerate(sources, start=1))
    assert len({source.key for source in sources}) == 3
    assert first.name == second.name == "scan.png" and first.sha256 != second.sha256
    assert copy.sha256 == first.sha256 and copy.logits == first.logits and copy.name == "copy of scan.png"
