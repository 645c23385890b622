import numpy as np
import pytest

from cxr_models.errors import TableRefused
from cxr_models.evaluation import own_table

GOOD = "file,truth,score\na,1,0.9\nb,0,0.2\nc,1,0.4\n"


@pytest.mark.parametrize(
    "data",
    [
        GOOD.encode(),
        ("\ufeff" + GOOD).encode(),
        GOOD.encode("utf-16"),
        GOOD.replace("\n", "\r\n").encode(),
        GOOD.replace(",", ";").replace("0.", "0,").encode(),
        GOOD.replace(",", "\t").encode(),
        GOOD.replace("file", "Prüfung").encode("cp1252"),
        (GOOD + "\n,,\n").encode(),
        ("sep=,\n" + GOOD).encode(),
        ("sep=;\r\n" + GOOD.replace(",", ";").replace("0.", "0,").replace("\n", "\r\n")).encode("utf-16"),
        GOOD.replace(",", " , ").encode(),
    ],
    ids=[
        "plain",
        "mark",
        "utf-16",
        "windows lines",
        "decimal comma",
        "tabs",
        "windows-1252",
        "empty rows",
        "separator named",
        "separator named by Excel",
        "spaces",
    ],
)
def test_tables_as_programs_write_them(data):
    table = own_table.read(data)
    assert own_table.numbers(table, "score").tolist() == [0.9, 0.2, 0.4]
    assert own_table.labels(table, "truth", ill="1", well="0").tolist() == [1, 0, 1]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "is empty"),
        (b"  \n\n", "is empty"),
        (b"PK\x03\x04....", "Excel file or an archive"),
        (b"\x89PNG\r\n\x00\x00,\x00", "no text file"),
        (b"truth\n1\n0\n", "Only one column"),
        (b"truth,score\n", "no rows below"),
        (b"sep=;\n", "Only one column"),
        (b"truth,score\n1,0.5,7,8\n", "more fields"),
        (b"truth,score\n1,0.5\n0,0.1,9\n", "more fields"),
        (b"truth,truth\n1,0.5\n", "Two columns are called truth"),
        (b"truth,,score\n1,2,0.5\n", "Column 2 has no name"),
        (b"x" * (own_table.MAX_BYTES + 1), "larger than 20 MB"),
        (b"truth,score\n" + b"1,0.5\n" * (own_table.MAX_ROWS + 1), "at most 5,000"),
    ],
)
def test_a_wrong_table_gets_a_sentence(data, sentence):
    with pytest.raises(TableRefused, match=sentence):
        own_table.read(data)


@pytest.mark.parametrize(("given", "words"), [("", "nothing"), ("high", "“high”, which is no number"),
                                              ("inf", "no number"), ("NaN", "no number")])  # fmt: skip
def test_a_score_that_is_none_is_refused_by_row_and_never_dropped(given, words):
    table = own_table.read(f"truth,score\n1,0.5\n0,{given}\n".encode())
    with pytest.raises(TableRefused, match=f"Row 2 of the column score .*{words}"):
        own_table.numbers(table, "score")


def test_labels_that_are_words_are_mapped_by_the_reader_and_never_by_alphabet():
    table = own_table.read(b"truth,score\nB,0.5\nA,0.1\n?,0.3\n")
    found = own_table.values(table, "truth")
    assert own_table.likely(found, own_table.ILL_WORDS) is None
    label = own_table.labels(table, "truth", ill="A", well="B")
    assert label[:2].tolist() == [0, 1] and np.isnan(label[2])


@pytest.mark.parametrize(("ill", "well"), [("1", "1"), ("Yes", "yes")])
def test_one_value_cannot_mean_both(ill, well):
    table = own_table.read(GOOD.encode())
    with pytest.raises(TableRefused, match="two different values"):
        own_table.labels(table, "truth", ill=ill, well=well)


def test_upper_and_lower_case_are_the_same_value_and_the_commoner_spelling_is_shown():
    table = own_table.read(b"truth,score\nYes,0.5\nyes,0.1\nYES,0.3\nno,0.2\nyes,0.7\nNO,0.1\nNO,0.9\n")
    assert own_table.values(table, "truth") == ["yes", "NO"]
    assert own_table.labels(table, "truth", ill="yes", well="NO").tolist() == [1, 1, 1, 0, 1, 0, 0]


def test_only_columns_of_numbers_may_be_scores_and_the_others_say_why_not():
    found, refused = own_table.score_columns(own_table.read(GOOD.encode()))
    assert found == ["score"] and list(refused) == ["file", "truth"]
    assert "“a”, which is no number" in refused["file"] and "fewer than 3 different numbers" in refused["truth"]
