"""A reader's table is read as it is meant, whatever program wrote it, or refused with the row a spreadsheet shows."""

import io
import zipfile

import numpy as np
import pandas as pd
import pytest

from cxr_models.errors import TableRefused
from cxr_models.evaluation import own_columns, own_file, own_table
from tests.evaluation.own_tables import PLAIN, SCORE, TRUTH, N, changed, german, text, workbook

PLAIN_TEXT = text()
HEADER = "patient;truth (0 = normal, 1 = pneumonia, read by two);score (CNN, v2, fold 1)\n"
QUOTED = '"Patient\nnumber";"truth, read by two";"score\n(CNN, v2)"\n'
EXPORT = "# exported 2026-03-01, model v2\n"


def ragged(before: str) -> str:
    return german().replace("patient;truth;score\n", before, 1)


@pytest.mark.parametrize(
    ("data", "first"),
    [
        (PLAIN_TEXT.encode(), 2),
        (("\ufeff" + PLAIN_TEXT).encode(), 2),
        (PLAIN_TEXT.encode("utf-16"), 2),
        (PLAIN_TEXT.encode("utf-16-le"), 2),
        (PLAIN_TEXT.replace("\n", "\r\n").encode(), 2),
        (PLAIN_TEXT.replace("\n", "\r").encode(), 2),
        (PLAIN_TEXT.replace("patient", "Prüfung").encode("cp1252"), 2),
        (german().encode(), 2),
        (text(sep="\t").encode(), 2),
        (text(sep="|").encode(), 2),
        (text(sep=" , ".strip()).replace(",", " , ").encode(), 2),
        (("sep=;\r\n" + german()).encode(), 3),
        (german().replace("\n", ";;\n").encode(), 2),
        (PLAIN.to_csv().encode(), 2),
        (PLAIN.rename_axis("index").to_csv().encode(), 2),
        (PLAIN.sample(frac=1, random_state=1).to_csv().encode(), 2),
        (PLAIN.rename_axis(None).set_axis(range(1, N + 1)).to_csv().replace(",patient", "patient", 1).encode(), 2),
        (ragged(HEADER).encode(), 2),
        (ragged(QUOTED).encode(), 2),
        ((EXPORT + PLAIN_TEXT).encode(), 3),
        ((EXPORT + "# by the radiology AI group, CNN, v2, fold 1, 60 rows\n" + PLAIN_TEXT).encode(), 4),
        (("CNN results, March;;\n" + german()).encode(), 3),
        (("CNN results\n" + german()).encode(), 3),
        (("CNN results;;\nModel;v2;\n;;\n" + german()).encode(), 5),
        ((german() + "Mean;0,5;0,55\nTotal 60;;\n").encode(), 2),
        ((german() + "Read by Dr X;;\n").encode(), 2),
        ((german() + "\n\nSource: PACS\n").encode(), 2),
        (("# " + PLAIN_TEXT).encode(), 2),
    ],
    ids=[
        "plain", "mark", "UTF-16", "UTF-16 without a mark", "Windows lines", "old Mac lines", "Windows-1252",
        "semicolons and decimal commas", "tabs", "bars", "spaces", "separator named", "empty columns", "pandas index",
        "named index", "shuffled index", "R row names", "commas in the header", "header over lines", "comment",
        "long comments", "title with separators", "title", "title and facts", "summary below", "a name below",
        "a note below", "NumPy header",
    ],
)  # fmt: skip
def test_tables_as_programs_and_people_write_them(data, first):
    table = own_table.read(data)
    assert table.header and table.cells.shape == (N, 3) and table.cells.index[0] == first
    truth, score = table.cells.columns[1:]
    order = np.argsort(table.cells.iloc[:, 0].to_numpy())
    assert own_columns.values_of(table, truth)[order].tolist() == TRUTH.tolist()
    assert own_columns.values_of(table, score)[order].tolist() == SCORE.tolist()


@pytest.mark.parametrize(("engine", "typed"), [("openpyxl", True), ("odf", True), ("openpyxl", False)])
def test_a_spreadsheet_gives_its_numbers_and_the_sheet_is_asked_for(engine, typed):
    table = PLAIN if typed else PLAIN.astype(str)
    data = workbook({"Notes": pd.DataFrame({"About": ["CNN"]}), "Scores": table, "Empty": pd.DataFrame()}, engine)
    assert own_file.sheets(data) == ["Notes", "Scores"]
    found = own_table.read(data, "Scores")
    assert found.cells.index.tolist() == list(range(2, N + 2))
    assert own_columns.values_of(found, "score").tolist() == SCORE.tolist()
    assert set(found.decimal) == ({"truth", "score"} if typed else set())


def test_a_spreadsheet_s_title_dates_and_mixed_numbers_are_read():
    data = workbook({"S": changed(truth=TRUTH.astype(float), seen=pd.Timestamp("2026-03-01"))}, startrow=2)
    found = own_table.read(data)
    assert found.cells.index[0] == 4 and set(found.cells["truth"]) == {"0", "1"}
    assert set(found.cells["seen"]) == {"2026-03-01"}
    assert own_columns.two_readings(own_table.read(workbook({"S": changed(score=[950, 1.079] * 30)})), "score") is None


def test_a_table_without_a_header_says_so_and_numbers_its_columns():
    table = own_table.read(PLAIN_TEXT.partition("\n")[2].encode())
    assert not table.header and list(table.cells) == ["Column 1", "Column 2", "Column 3"]
    assert len(table.cells) == N and table.cells.index[0] == 1
    assert "no header" in table.notes[-1] and "row 1" in table.notes[-1]


def test_columns_named_by_numbers_are_a_header():
    """As scikit-learn's predict_proba is written: classes 0 and 1."""
    table = own_table.read(changed(**{"0": 1 - SCORE, "1": SCORE}).to_csv(index=False).encode())
    assert table.header and list(table.cells)[-2:] == ["0", "1"]


def test_blank_lines_keep_the_row_numbers_of_a_spreadsheet():
    lines = PLAIN_TEXT.split("\n")
    table = own_table.read("\n".join([*lines[:5], "", ",,", "  ", *lines[5:]]).encode())
    assert table.cells.index.tolist() == [2, 3, 4, 5, *range(9, N + 5)]


def test_what_is_left_out_above_below_and_beside_is_told():
    data = ("CNN results;;\n" + german() + "Mean;;0,5\n").encode()
    assert [note.split(",")[0] for note in own_table.read(data).notes] == ["Above the table", "Below the table"]
    assert own_table.read(PLAIN.to_csv().encode()).notes == ("A column without a name counts the rows: left out.",)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "is empty"),
        (b"  \n\n", "is empty"),
        (b"PK\x03\x04....", "damaged"),
        (b"\xd0\xcf\x11\xe0.....", "old Excel file"),
        (b"\x89PNG\r\n\x00\x00,\x00", "no table"),
        (b"truth\n1\n0\n", "Only one column"),
        (b"truth,score\n", "no rows below"),
        (b"sep=;\n", "Only one column"),
        (b"truth,score\n1,0.5\n0,0.1,9\n", "Row 3 has more cells, 3, than the header, 2"),
        (b"truth,truth\n1,0.5\n0,0.4\n", "Two columns are called truth"),
        (b'truth,score\n1,"0.5\n' + b"0,0.1\n" * 30, "quotation mark is open"),
        (b"x" * (own_file.MAX_BYTES + 1), "larger than 20 MB"),
        (b"truth,score\n" + b"1,0.5\n" * (own_table.MAX_ROWS + 1), "at most 5,000"),
    ],
)
def test_a_wrong_table_gets_a_sentence(data, sentence):
    with pytest.raises(TableRefused, match=sentence):
        own_table.read(data)


@pytest.mark.parametrize(
    ("members", "sentence"),
    [({"word/document.xml": b"x"}, "a document, not a table"), ({"xl/workbook.xml": b"x"}, "cannot be read")],
)
def test_an_archive_that_is_no_spreadsheet_is_refused(members, sentence):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    with pytest.raises(TableRefused, match=sentence):
        own_table.read(file.getvalue())
