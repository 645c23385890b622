"""What a column probably is: known names are proposed, what is doubtful is asked, and some things are never a score."""

import numpy as np
import pandas as pd
import pytest

from cxr_models import batch, zoo
from cxr_models.evaluation import own_columns, own_table, own_truth
from cxr_models.evaluation.operating_point import Threshold
from cxr_models.evaluation.own_columns import IGNORE, PATIENT, SCORE, TRUTH, UNSURE
from cxr_models.paths import RESULTS
from tests.evaluation.own_tables import PLAIN, N, changed, german, text
from tests.evaluation.own_tables import SCORE as SCORES
from tests.evaluation.own_tables import TRUTH as LABELS

RNG = np.random.default_rng(1)


def proposed(table: pd.DataFrame | str) -> own_columns.Proposal:
    data = table if isinstance(table, str) else text(table)
    return own_columns.propose(own_table.read(data.encode()))


def role(table: pd.DataFrame, name: str) -> str:
    return proposed(table).of(name).role


PATIENTS = [
    "Patient", "patient-id", "patientId", "PatientID", "Patient ID", "Patient_ID", "Patient No.", "subject_id", "MRN",
    "participant_id", "study_id", "pid", "Patienten-ID", "ID paciente", "ID_patient", "Paziente", "numéro de patient",
    "Child", "Fallnummer", "CaseID", "ptid",
]  # fmt: skip


@pytest.mark.parametrize("name", PATIENTS)
def test_a_column_of_patients_is_proposed_or_asked_about(name):
    table = PLAIN.rename(columns={"patient": name}).assign(**{name: [f"p{place // 4:03d}" for place in range(N)]})
    found = proposed(table)
    assert found.of(name).role in (PATIENT, UNSURE) and found.patient_like == (name,)
    assert found.patient in (name, None) and found.patient != ""


@pytest.mark.parametrize("name", ["Patient Age", "Alter", "PatientSex", "patient_weight", "birth date"])
def test_what_is_said_of_a_patient_is_no_patient(name):
    table = changed(**{name: RNG.integers(1, 90, N)})
    assert role(table, name) == IGNORE and proposed(table).patient == "patient"


def test_two_columns_that_may_be_patients_are_asked_about_and_a_study_gives_way():
    assert proposed(changed(MRN=range(1000, 1000 + 7 * N, 7))).patient is None
    assert proposed(changed(study_id=range(1000, 1000 + 7 * N, 7))).patient == "patient"


def test_patients_in_file_names_are_found_by_their_rule():
    table = changed(patient=[f"person{place // 2}_virus_{place}.jpeg" for place in range(N)])
    found = proposed(table.rename(columns={"patient": "file"}))
    assert found.patient == "file" and found.rule is not None
    unknown = changed(patient=[f"IMG_{place:04d}.png" for place in range(N)]).rename(columns={"patient": "file"})
    assert proposed(unknown).patient is None


def test_no_column_for_a_patient_is_said_only_where_there_is_none():
    assert proposed(PLAIN.drop(columns="patient")).patient == ""
    assert proposed(PLAIN.rename(columns={"patient": "A"})).patient is None


@pytest.mark.parametrize(
    "name",
    ["label", "Target", "class", "y_true", "ground truth", "Finding Labels", "diagnosis", "Befund", "Diagnose",
     "diagnóstico", "y", "Pneumonia", "Pneumonie", "outcome"],
)  # fmt: skip
def test_names_of_a_truth_are_known(name):
    assert proposed(PLAIN.rename(columns={"truth": name})).truth == name


def test_probabilities_are_never_the_truth_and_are_asked_about_under_its_name():
    found = proposed(changed(Pneumonia=SCORES).rename(columns={"truth": "label"}))
    assert found.truth == "label" and found.of("Pneumonia").role == UNSURE and found.scores == ()
    assert proposed(changed(truth=SCORES)).truth is None


def test_two_columns_that_may_be_the_truth_are_asked_about():
    assert proposed(changed(Pneumonia=LABELS)).truth is None
    assert proposed(changed(label=LABELS)).truth is None


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("number", range(1, N + 1)),
        ("row", range(N)),
        ("score", range(N)),
        ("Nr.", [*range(1, 31), *range(35, N + 5)]),
        ("age", RNG.integers(1, 90, N)),
        ("Alter (Jahre)", RNG.integers(1, 90, N)),
        ("edad", RNG.uniform(0, 5, N).round(1)),
        ("seen", [f"2026-03-{place % 28 + 1:02d}" for place in range(N)]),
        ("Datum", [f"{place % 28 + 1}.03.2026" for place in range(N)]),
        ("StudyDate", [f"202603{place % 28 + 1:02d}" for place in range(N)]),
        ("score_version", [2.5] * N),
        ("fold", [place % 5 for place in range(N)]),
        ("Follow-up #", [place % 9 for place in range(N)]),
        ("prediction", LABELS),
        ("predicted_label", LABELS),
        ("prediction_time", RNG.integers(100, 900, N)),
    ],
)
def test_counters_ages_dates_constants_and_verdicts_are_never_proposed_as_a_score(name, values):
    table = changed(model_prob=SCORES, **{name: list(values)})
    found = proposed(table if name == "score" else table.drop(columns="score"))
    assert found.of(name).role == IGNORE and found.scores == ("model_prob",)


@pytest.mark.parametrize("name", ["p_pneumonia_score", "CNN prob", "logit_v2", "Wahrscheinlichkeit", "y_pred", "risk"])
def test_names_of_a_score_are_known(name):
    assert proposed(PLAIN.rename(columns={"score": name})).scores == (name,)


def test_numbers_under_another_name_are_asked_about():
    found = proposed(changed(crp=RNG.uniform(0, 200, N).round(1)))
    assert found.of("crp").role == UNSURE and found.scores == ()


def test_each_column_says_its_type_examples_and_share_of_missing_cells():
    scores = ["" if place < 15 else f"{score}" for place, score in enumerate(SCORES)]
    column = proposed(changed(score=scores)).of("score")
    assert column.kind == "numbers from 0 to 1" and len(column.examples) == 3 and column.missing == 0.25


def test_patient_numbers_that_a_spreadsheet_rounded_are_told():
    ids = [f"1,{23457 + place // 7}E+11" for place in range(N)]
    found = proposed(german(changed(patient=ids)))
    assert found.patient == "patient" and "1,23457E+11" in found.of("patient").reason


def test_the_app_s_own_batch_table_is_recognised_with_one_column_a_model():
    rows = [
        batch.Row(place, f"person{place}_virus_1.jpeg", sha256=f"{place:064x}",
                  logits={name: float(place) - 9.5 for name in zoo.COMPARED})
        for place in range(1, 20)
    ]  # fmt: skip
    refused = batch.Row(20, "notes.txt", reason="This file is not a picture.")
    written = batch.to_csv([*rows, refused], dict.fromkeys(zoo.COMPARED, Threshold(0.5, 0.4, 0.6)))
    lines = [f"{line},{word}" for line, word in zip(written.splitlines(), ["truth", *["NORMAL", "PNEUMONIA"] * 9,
                                                                            "NORMAL", ""], strict=True)]  # fmt: skip
    found = proposed("\n".join(lines))
    assert found.own and found.truth == "truth" and found.patient == "file"
    assert found.scores == tuple(f"{name}_logit" for name in zoo.COMPARED)
    assert [column.model for column in found.columns if column.model] == list(zoo.COMPARED)


@pytest.mark.parametrize("file", ["scores.csv", "external.csv", "scores_seed_0.csv"])
def test_the_app_s_own_tables_of_scores_are_recognised(file):
    found = proposed((RESULTS / file).read_text())
    assert found.own and (found.truth, found.patient) == ("label", "patient")
    assert found.scores and set(found.scores) <= set(zoo.SPECS) and found.logits == list(found.scores)


@pytest.mark.parametrize(
    ("values", "ill", "well"),
    [
        (["1", "0"], ["1"], ["0"]),
        (["1", "1.0", "0", "0.0"], ["1"], ["0"]),
        (["1.0", "0.0", "-1.0", ""], ["1.0"], ["0.0"]),
        (["1", "2"], [], []),
        (["0", "1", "2"], [], []),
        (["A", "B"], [], []),
        (["PNEUMONIA", "Normal"], ["PNEUMONIA"], ["Normal"]),
        (["virus", "bacteria", "normal"], ["virus", "bacteria"], ["normal"]),
        (["Infiltration|Pneumonia", "Pneumonia", "No Finding", "Effusion"],
         ["Infiltration|Pneumonia", "Pneumonia"], ["No Finding"]),
        (["Viral Pneumonia", "Bacterial Pneumonia", "No pneumonia"],
         ["Viral Pneumonia", "Bacterial Pneumonia"], ["No pneumonia"]),
        (["ja", "nein", "unklar"], ["ja"], ["nein"]),
        (["Sí", "No"], ["Sí"], ["No"]),
        (["neumonía", "sano"], ["neumonía"], ["sano"]),
        (["Lungenentzündung", "unauffällig"], ["Lungenentzündung"], ["unauffällig"]),
        (["TRUE", "FALSE"], ["TRUE"], ["FALSE"]),
        (["possible pneumonia", "normal"], [], []),
    ],
)  # fmt: skip
def test_answers_that_plainly_mean_something_are_preset_and_the_others_are_asked_about(values, ill, well):
    found = own_truth.presets(own_truth.answers(pd.Series(values)))
    assert tuple(map(set, found)) == (set(ill), set(well))


def test_one_and_one_point_nought_and_upper_and_lower_case_are_one_answer():
    assert own_truth.answers(pd.Series(["1", "1.0", "1,0", "0", "0.0", ""])) == {"1": 3, "0": 2}
    assert own_truth.answers(pd.Series(["Yes", "yes", "yes", "NO"])) == {"yes": 3, "NO": 1}
    labels = own_truth.labels(pd.Series(["1", "1.0", "0.0", "YES", "?"]), ill=["1", "yes"], well=["0"])
    np.testing.assert_array_equal(labels, [1, 1, 0, 1, np.nan])


def test_a_role_without_a_truth_in_the_table_names_every_column_still():
    roles = {column.name: column.role for column in proposed(text(PLAIN).partition("\n")[2]).columns}
    assert set(roles.values()) == {UNSURE} and set(roles) == {"Column 1", "Column 2", "Column 3"}
    assert {SCORE, TRUTH, PATIENT} == {column.role for column in proposed(PLAIN).columns}
