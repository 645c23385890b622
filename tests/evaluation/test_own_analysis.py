"""From confirmed roles to a site: every row left out is counted, odd results are warned of, thresholds can be typed."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from cxr_models.errors import TableRefused
from cxr_models.evaluation import curves, own_analysis, own_columns, own_table, site
from cxr_models.evaluation.operating_point import youden
from cxr_models.evaluation.own_analysis import Roles, applicable
from cxr_models.patients import parse
from tests.evaluation.own_tables import PLAIN, SCORE, TRUTH, N, changed, german, text

ROLES = Roles("truth", ("1",), ("0",), (("score", ""),), "patient")


def prepared(table: pd.DataFrame | str, roles: Roles = ROLES) -> own_analysis.Prepared:
    data = table if isinstance(table, str) else text(table)
    titles = {name: name for name, _ in roles.scores}
    return own_analysis.prepared(own_table.read(data.encode()), roles, titles=titles, temperatures={"student": 2.0})


def test_a_whole_table_is_used_and_nothing_is_odd():
    found = prepared(PLAIN)
    assert found.site.label.tolist() == TRUTH.tolist() and found.left_out == () and found.warnings == ()
    assert found.site.columns["column_1"].values.tolist() == SCORE.tolist()


def test_labels_of_one_and_one_point_nought_lose_no_row():
    mixed = [f"{value}.0" if place > 30 else str(value) for place, value in enumerate(TRUTH)]
    found = prepared(changed(truth=mixed))
    assert found.site.label.tolist() == TRUTH.tolist() and found.left_out == ()


def test_several_values_mean_pneumonia_and_others_are_left_out_and_counted():
    words = np.where(TRUTH == 0, "normal", np.where(np.arange(N) % 4 == 1, "virus", "bacteria")).astype(object)
    words[[2, 7]] = "unclear", ""
    found = prepared(changed(truth=words), replace(ROLES, ill=("virus", "bacteria"), well=("normal",)))
    assert found.site.label.size == N - 2
    assert found.left_out == ("2 rows say neither pneumonia nor none: “unclear”, no value (rows 4, 9).",)


def test_rows_without_a_score_are_left_out_with_their_numbers_in_the_spreadsheet():
    scores = SCORE.astype(str)
    scores[[3, 10]] = "", "NA"
    lines = text(changed(score=scores)).split("\n")
    found = prepared("\n".join([*lines[:3], "", ",,", *lines[3:]]))
    assert found.site.label.size == N - 2
    assert found.left_out == ("2 rows have no score in “score” (rows 7, 14).",)


@pytest.mark.parametrize("cell", ["high", "inf", "=A1", "0.5.1"])
def test_text_among_the_scores_is_refused_with_the_row_of_the_spreadsheet(cell):
    scores = SCORE.astype(str).astype(object)
    scores[5] = cell
    lines = text(changed(score=scores)).split("\n")
    with pytest.raises(TableRefused, match=f"“score” contains text in row 9 .“{cell}”."):
        prepared("\n".join([*lines[:3], "", "  ", *lines[3:]]))


def test_text_in_a_row_without_a_truth_is_no_matter():
    scores, truth = SCORE.astype(str).astype(object), TRUTH.astype(str).astype(object)
    scores[5], truth[5] = "see note", ""
    assert prepared(changed(score=scores, truth=truth)).site.label.size == N - 1


@pytest.mark.parametrize("decimal", [".", ","])
def test_a_thousands_sign_is_read_as_the_reader_says(decimal):
    """Scores in thousandths: above 1,000 they have a thousands sign, which as a decimal comma makes them small."""
    whole = (1500 * SCORE).round()
    found = prepared(changed(score=[f"{value:,.0f}" for value in whole]), replace(ROLES, scores=(("score", decimal),)))
    expected = whole if decimal == "." else np.where(whole >= 1000, whole / 1000, whole)
    np.testing.assert_array_equal(found.site.columns["column_1"].values, expected)


def test_a_site_of_two_decimal_commas_is_the_same_as_of_points():
    commas, points = (prepared(table).site.columns["column_1"].values for table in (german(), PLAIN))
    np.testing.assert_array_equal(commas, points)


def test_scores_that_are_reversed_keep_their_kind():
    found = prepared(changed(odds=100 - 50 * SCORE), replace(ROLES, scores=(("score", ""), ("odds", "")),
                                                            lower=("score", "odds")))  # fmt: skip
    first, second = found.site.columns.values()
    assert first.title == "score, reversed" and first.is_share and not second.is_share
    np.testing.assert_allclose(first.values, 1 - SCORE)


def test_logits_of_this_app_become_scores_and_its_refused_files_are_left_out():
    table = changed(number=range(N), file="a", status=["refused", *["read"] * (N - 1)], sha256="x", student_logit=SCORE)
    roles = replace(ROLES, scores=(("student_logit", ""),), logits=(("student_logit", "student"),))
    found = prepared(table, roles)
    assert found.left_out == ("1 row is of files that this app refused.",)
    column = found.site.columns["student"]
    np.testing.assert_allclose(column.values, 1 / (1 + np.exp(-SCORE[1:] / 2)))


def test_one_split_of_a_table_is_used_alone():
    table = changed(split=["test", "val"] * (N // 2), truth=(np.arange(N) // 2) % 2)
    found = prepared(table, replace(ROLES, only=("split", "test")))
    assert found.site.label.size == N // 2 and found.left_out == (f"{N // 2} rows are not of “test”.",)


def test_patients_are_found_by_a_rule_and_a_row_without_one_is_a_patient_of_its_own():
    names = [f"p{place // 4:03d}_{place}.png" if place else "" for place in range(N)]
    found = prepared(changed(patient=names), replace(ROLES, rule=parse("^p[0-9]+")))
    assert len(set(found.site.patient)) == N // 4 + 1
    assert len(set(prepared(PLAIN, replace(ROLES, patient="")).site.patient)) == N


@pytest.mark.parametrize(
    ("changes", "roles", "sentence"),
    [
        (
            {"score": 1 - SCORE},
            ROLES,
            "Check which values of the truth mean pneumonia, and whether a lower",
        ),
        ({}, replace(ROLES, ill=("0",), well=("1",)), "below chance"),
        ({"score": TRUTH + SCORE}, ROLES, "“score” separates the classes perfectly"),
        ({"patient": [f"1,{23457 + place // 3}E+11" for place in range(N)]}, ROLES, "“1,23457E.11” were rounded"),
        ({"patient": [f"ward {place % 12}" for place in range(N)]}, ROLES, "60 rows belong to only 12 patients"),
        ({"truth": [int(place < 9) for place in range(N)]}, ROLES, "Only 9 patients with pneumonia"),
    ],
    ids=["score reversed", "truth reversed", "perfect", "rounded by Excel", "few patients", "small class"],
)
def test_an_implausible_result_is_warned_of(changes, roles, sentence):
    found = prepared(changed(**changes), roles)
    assert any(pd.Series(found.warnings).str.contains(sentence))


def test_a_plain_table_of_siblings_is_not_warned_of():
    assert prepared(changed(patient=[f"p{place // 3}" for place in range(N)])).warnings == ()


@pytest.mark.parametrize(
    "scores",
    [
        1 - 1e-5 * (1 - SCORE),
        1 - 1e-12 * (1 - SCORE),
        1_000_485.5 + SCORE,
        SCORE,
        1000 * SCORE,
        -1e-7 * (1 - SCORE),
        1e12 * SCORE,
    ],
    ids=["near 1", "very near 1", "1,000,485.6", "plain", "thousands", "tiny", "huge"],
)
def test_a_threshold_as_shown_gives_the_same_verdicts_when_it_is_typed_in(scores):
    label = TRUTH
    made = site.site(label, [str(place) for place in range(N)], [site.Column("A", scores)])
    chosen = site.thresholds(made, youden)["column_1"].value
    for threshold in (chosen, *curves.roc(label, scores).thresholds[1:]):
        np.testing.assert_array_equal(scores >= float(applicable(threshold, scores)), scores >= threshold)


def test_the_numbers_in_the_proposal_are_those_that_are_analysed():
    table = own_table.read(german().encode())
    np.testing.assert_array_equal(
        own_columns.values_of(table, "score"), prepared(german()).site.columns["column_1"].values
    )
