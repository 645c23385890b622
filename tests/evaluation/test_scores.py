import io

import numpy as np
import pandas as pd
import pytest

from cxr_models.errors import TableRefused
from cxr_models.evaluation import scores

HEADER = "file,split,label,subtype,patient,base_cnn,teacher,student,resnet50"
GOOD = "a.jpeg,test,0,normal,IM-1,-1.5,,2,0"


def loaded(*lines: str, header: str = HEADER) -> pd.DataFrame:
    return scores.load(io.BytesIO(("\n".join([header, *lines]) + "\n").encode()))


def test_text_stays_text_and_numbers_become_numbers():
    table = loaded("NA,test,1,virus,007,0.1,,1e-3,-2", GOOD, header="\ufeff" + HEADER)
    assert table["file"].tolist() == ["NA", "a.jpeg"]
    assert table["patient"].tolist() == ["007", "IM-1"]
    assert table["label"].tolist() == [1, 0]
    assert table["student"].tolist() == [0.001, 2.0]
    assert table["teacher"].isna().all() and table["teacher"].dtype == np.float64


def test_further_columns_pass_through():
    assert loaded(GOOD + ",x", header=HEADER + ",note")["note"].tolist() == ["x"]


def test_a_table_survives_writing_and_reading(table, tmp_path):
    table.to_csv(tmp_path / "scores.csv", index=False)
    read = scores.load(tmp_path / "scores.csv")
    for model in scores.MODELS:
        np.testing.assert_array_equal(read[model], table[model])


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([], "has no rows"),
        ([GOOD, GOOD], "names the picture a.jpeg more than once in the split test"),
        (["a,test,2,virus,p,1,,1,1"], "label must be 0 or 1 .* row 1 of the table says “2”"),
        ([GOOD, "b,test,NORMAL,normal,p,1,,1,1"], "row 2 of the table says “NORMAL”"),
        (["a,test,0.5,virus,p,1,,1,1"], "row 1 of the table says “0.5”"),
        (["a,test,,virus,p,1,,1,1"], "row 1 of the table says “”"),
        ([GOOD, "b.jpeg,val,1,virus,p,,,1,1"], "logit of base_cnn for b.jpeg in the split val is missing"),
        (["a,test,1,virus,p,nan,,1,1"], "logit of base_cnn for a in the split test"),
        (["a,test,1,virus,p,1,,inf,1"], "logit of student for a in the split test"),
        (["a,test,1,virus,p,1,,1,high"], "logit of resnet50 for a in the split test"),
        (["a,test,1,virus,,1,,1,1"], "column patient of the table of scores is empty in row 1"),
        ([",test,1,virus,p,1,,1,1"], "column file of the table of scores is empty in row 1"),
        (["a,test,1,virus,p,1,,1,1,5,6"], "more fields than the header"),
        ([GOOD, "b,test,1,virus,p,1,,1"], "logit of resnet50 for b in the split test is missing"),
        ([GOOD, "b,test,1,virus"], "column patient of the table of scores is empty in row 2"),
    ],
)
def test_a_bad_table_is_refused_with_a_sentence(lines, sentence):
    with pytest.raises(TableRefused, match=sentence):
        loaded(*lines)


def test_missing_columns_are_named():
    with pytest.raises(TableRefused, match="lacks the columns patient, student."):
        loaded("a,test,1,virus,1,,1", header="file,split,label,subtype,base_cnn,teacher,resnet50")
    with pytest.raises(TableRefused, match="lacks the column student."):
        loaded("a,test,1,virus,p,1,,1", header=HEADER.replace(",student", ""))


@pytest.mark.parametrize("content", [b"", b"\xff\xd8\xff\xe0 not text", b'"never closed\n1,2,3'])
def test_a_file_that_is_no_csv_is_refused(tmp_path, content):
    path = tmp_path / "scores.csv"
    path.write_bytes(content)
    with pytest.raises(TableRefused):
        scores.load(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(TableRefused, match="There is no table of scores at .*absent.csv"):
        scores.load(tmp_path / "absent.csv")


def test_rows_are_those_of_the_split_in_order():
    table = loaded(GOOD, "a.jpeg,val,1,virus,p,9,,9,9", "b,test,1,bacteria,person2,3,,1,1")
    rows = scores.rows(table, "test", "base_cnn")
    assert rows.label.tolist() == [0, 1]
    assert rows.logit.tolist() == [-1.5, 3.0]
    assert rows.patient.tolist() == ["IM-1", "person2"]


@pytest.mark.parametrize(
    ("split", "model", "sentence"),
    [
        ("stressed", "student", "no rows of the split stressed; it has test."),
        ("test", "densenet", "no column densenet; it has base_cnn, teacher, student, resnet50."),
        ("test", "teacher", "teacher was not run on the split test: its column is empty."),
    ],
)
def test_rows_that_are_not_there_are_refused(split, model, sentence):
    with pytest.raises(TableRefused, match=sentence):
        scores.rows(loaded(GOOD), split, model)


def test_was_run():
    table = loaded(GOOD)
    assert scores.was_run(table, "test", "student")
    assert not scores.was_run(table, "test", "teacher")


def test_score_is_computed_in_double_precision_and_keeps_the_order():
    logit = np.array([-30, -1, 0, 17, 20, 30], dtype=np.float32)
    score = scores.score(logit, 1.0)
    assert (np.diff(score) > 0).all() and score[-1] < 1
    np.testing.assert_allclose(scores.score(3.0, 2.0), 1 / (1 + np.exp(-1.5)))


@pytest.mark.parametrize("temperature", [0.0, -1.0, float("nan")])
def test_a_temperature_is_positive(temperature):
    with pytest.raises(ValueError, match="above 0"):
        scores.score(1.0, temperature)


@pytest.mark.parametrize("splits", [["stressed"], ["stressed", "restyled"], ["restyled"]])
def test_thresholds_are_chosen_on_all_altered_copies_that_the_table_holds(splits):
    rows = [
        {"file": file, "split": split, "label": label, "patient": file, "student": 10 * place + label}
        for place, split in enumerate(["val", "test", *splits])
        for label, file in enumerate(["a", "b"])
    ]
    found = scores.choosing_rows(pd.DataFrame(rows), "student")
    assert found.patient.tolist() == ["a", "b"] * len(splits)
    assert found.logit.tolist() == [10 * (2 + place) + label for place in range(len(splits)) for label in (0, 1)]


def test_without_altered_copies_no_threshold_is_chosen():
    table = pd.DataFrame({"split": ["val"], "label": [1], "patient": ["a"], "student": [0.5]})
    with pytest.raises(TableRefused, match="no rows of the split stressed; it has val"):
        scores.choosing_rows(table, "student")
