"""A reader's own table or pictures: mapped by the reader, judged on the half that chose nothing, never kept."""

import json
import re

import numpy as np
import pandas as pd
import pytest

from charts.style import SPARE
from cxr_models import zoo
from cxr_models.evaluation import decision, scores
from cxr_models.paths import RESULTS
from handout import html, pdf
from tests.evaluation.own_tables import workbook
from tests.pages.own_hospital_page import analysed, analysis, given, results, said, widget
from ui import own_leaflet, own_roles, state, thousand, words
from ui.words import literal

AUC = f"{words.MEANINGS['auc']}, all X-rays"


def made(rows: int = 400, **more) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, rows)
    table = pd.DataFrame({"patient": [f"p{place // 2}" for place in range(rows)], "truth": truth})
    table["score_a"] = 1 / (1 + np.exp(-(3 * truth - 1.5 + rng.normal(size=rows))))
    table["score_b"] = 100 * truth + rng.normal(scale=120, size=rows)
    return table.assign(**more)


def figures(page) -> dict[str, dict]:
    """By key, without what the page and Streamlit put before it."""
    charts = page.get("plotly_chart")
    return {chart.proto.id.rpartition("-own_")[2]: json.loads(chart.proto.spec) for chart in charts}


def behind(page, measure: str, column: str) -> tuple[int, int]:
    """The counts that the table states behind a measure."""
    count, whole = re.search(r", (\d+) of (\d+)$", analysis(page).loc[words.MEANINGS[measure], column]).groups()
    return int(count), int(whole)


def test_a_table_of_400_rows_gets_the_whole_analysis(open_page):
    page = analysed(given(open_page, made()))
    assert not page.exception and not page.error
    assert "400 X-rays of 200 patients" in said(page)
    table = analysis(page)
    assert list(table) == ["score_a", "score_b"]
    assert table.loc[AUC, "score_a"].startswith(".9")
    assert "core\\_a has a higher AUC than score\\_b" in said(page)
    assert set(figures(page)) == {
        "roc", "precision_recall", "calibration", "net_benefit",
        *(f"{kind}_column_{it}" for kind in ("matrix", "icons") for it in (1, 2)),
    }  # fmt: skip
    assert len(page.get("download_button")) == 2
    assert "intervals are wide" not in said(page)


def test_a_handout_has_a_line_for_every_look(open_page, monkeypatch):
    """More columns than this app has models take the spare looks in turn."""
    made_up, contents = [], own_leaflet.contents
    monkeypatch.setattr(own_leaflet, "contents", lambda *of, **how: made_up.append(contents(*of, **how)) or made_up[-1])
    table = made()
    for place in range(len(SPARE) - 2):
        table[f"score_{place}"] = table["score_a"]
    assert not analysed(given(open_page, table)).exception
    curves = made_up[-1].sections[2].blocks[0]
    assert {model.dash for model in curves.models} == {look.dash for look in SPARE}
    assert pdf.write(made_up[-1]).startswith(b"%PDF") and b"<svg" in html.write(made_up[-1])


def test_each_matrix_holds_the_counts_that_the_table_states(open_page):
    page = analysed(given(open_page, made()))
    for place, column in enumerate(("score_a", "score_b"), start=1):
        (found, ill), (cleared, well) = behind(page, "sensitivity", column), behind(page, "specificity", column)
        assert ill + well < 400  # one half only
        drawn = figures(page)[f"matrix_column_{place}"]["data"][1]["text"]
        for count, word in ((found, "found"), (ill - found, "missed"), (well - cleared, "false alarms")):
            assert any(text.startswith(f"<b>{count}</b> {word}") for text in drawn)


def test_the_precision_recall_mark_is_where_the_stated_counts_put_it(open_page):
    page = analysed(given(open_page, made()))
    drawn = {trace["name"]: trace for trace in figures(page)["precision_recall"]["data"]}
    for column in ("score_a", "score_b"):
        (found, ill), (cleared, well) = behind(page, "sensitivity", column), behind(page, "specificity", column)
        mark, curve = drawn[f"{column}, operating point"], drawn[column]
        assert mark["x"][0] == pytest.approx(found / ill)
        assert mark["y"][0] == pytest.approx(found / (found + well - cleared))
        assert len(curve["x"]) == len(curve["y"])


def test_a_column_that_is_too_sure_is_told_beside_the_calibration_curve(open_page):
    table = made()
    odds = np.log(table["score_a"] / (1 - table["score_a"]))
    page = analysed(given(open_page, made(score_a=1 / (1 + np.exp(-4 * odds)))))
    assert f"{literal('score_a: its scores lie too far from the middle: too sure of itself')}" in said(page)
    assert "too sure of itself" not in said(analysed(given(open_page, made(score_a=1 / (1 + np.exp(-odds))))))


def test_a_thousand_children_and_the_decision_curve_follow_the_prevalence(open_page):
    page = analysed(given(open_page, made()))
    (found, ill), (cleared, well) = behind(page, "sensitivity", "score_a"), behind(page, "specificity", "score_a")
    for prevalence in (0.1, 0.3):
        page.get_by_key("prevalence").set_value(prevalence).run()
        of = decision.per_thousand(found / ill, cleared / well, prevalence=prevalence)
        counted = rf"{of.found} \(\d+ to \d+\) found, {of.missed} missed\. \d+ without: {of.false_alarms} \("
        assert re.search(counted, said(page)) and thousand.suspected(of) in said(page)
        names = [trace["name"] for trace in figures(page)["icons_column_1"]["data"]]
        assert f"{of.found} found" in names and f"{of.false_alarms} false alarms" in names
        curve = figures(page)["net_benefit"]
        assert curve["layout"]["yaxis"]["range"][1] == pytest.approx(1.15 * prevalence)
        assert {"score_a", "score_b", "treat all", "treat none"} <= {trace.get("name") for trace in curve["data"]}
        assert f"At a prevalence of {prevalence:.0%}".replace("%", " %") in said(page)
    assert "core\\_a gains more than treating every child or none" in said(page)


def test_few_pictures_are_said_to_be_few(open_page):
    page = analysed(given(open_page, made(80)))
    widths = map(int, re.findall(r"up to (\d+) percentage points", said(page)))
    for measure, width in zip(("sensitivity", "specificity"), widths, strict=True):
        ends = analysis(page).loc[words.MEANINGS[measure]].str.extract(r"\((\S+) to ([\d.]+)").astype(float)
        assert width == pytest.approx((ends[1] - ends[0]).max(), abs=0.6)
    assert "Below 100 of each the intervals are wide" in said(page)


def test_a_semicolon_table_with_decimal_commas_gives_the_same_numbers(open_page):
    plain = analysed(given(open_page, made().round(6)))
    german = ("\ufeff" + made().round(6).to_csv(index=False, sep=";", decimal=",")).encode()
    pd.testing.assert_frame_equal(analysis(plain), analysis(analysed(given(open_page, german))))


def test_nothing_is_computed_before_the_proposal_is_confirmed_and_a_changed_role_waits_again(open_page):
    page = given(open_page, made())
    proposed = page.table[0].value.set_index("Column")
    assert proposed["Role"].tolist() == ["Patient", "Truth", "Score", "Score"]
    assert results(analysed(page))
    widget(page, "The scores").set_value(["score_a"]).run()
    assert not results(page) and "You changed a role" in said(page)
    assert list(analysis(analysed(page))) == ["score_a"]


def test_answers_that_say_nothing_plain_wait_for_the_reader(open_page):
    page = given(open_page, made(truth=np.where(made()["truth"] == 1, "2", "1")))
    assert page.button(key="own_analyse").disabled
    widget(page, "Values that mean pneumonia").set_value(["2"])
    widget(page, "Values that mean no").set_value(["1"]).run()
    assert analysis(analysed(page)).loc[AUC, "score_a"].startswith(".9")


def test_several_values_may_mean_pneumonia(open_page):
    truth = np.where(made()["truth"] == 0, "normal", np.where(made().index % 2, "virus", "bacteria"))
    page = analysed(given(open_page, made(truth=truth)))
    assert "400 X-rays of 200 patients, 221 with and 179 without" in said(page)


def test_a_probability_called_pneumonia_is_asked_about(open_page):
    page = given(open_page, made().rename(columns={"truth": "label", "score_a": "Pneumonia"}))
    assert widget(page, "The truth").value == "label" and widget(page, "The scores").value == []
    assert page.button(key="own_analyse").disabled
    widget(page, "The scores").set_value(["Pneumonia"]).run()
    assert list(analysis(analysed(page))) == ["Pneumonia"]


def test_a_number_that_can_be_read_two_ways_is_asked_about(open_page):
    whole = (1500 * made()["score_a"]).round().astype(int).map("{:,}".format)
    page = given(open_page, made(score_a=whole).drop(columns="score_b"))
    assert page.button(key="own_analyse").disabled
    question = widget(page, "Which number is")
    assert question.value is None
    question.set_value(".").run()
    assert analysis(analysed(page)).loc[AUC, "score_a"].startswith(".9")


def test_a_table_without_a_header_is_told_and_every_role_is_chosen_by_hand(open_page):
    page = given(open_page, made().to_csv(index=False, header=False).encode())
    assert "This table has no header" in said(page) and page.button(key="own_analyse").disabled
    assert widget(page, "The patient").value is None and widget(page, "The truth").value is None
    widget(page, "The patient").set_value("Column 1")
    widget(page, "The scores").set_value(["Column 3"])
    widget(page, "The truth").set_value("Column 2").run()
    assert "400 X-rays of 200 patients" in said(analysed(page))


def test_an_inverted_column_is_warned_of_and_not_flipped_by_itself(open_page):
    page = analysed(given(open_page, made(score_a=1 - made()["score_a"])))
    assert "below chance" in said(page)
    assert analysis(page).loc[AUC, "score_a"].startswith(".0")
    widget(page, "Scores in which a lower value").set_value(["score_a"]).run()
    assert analysis(analysed(page)).loc[AUC, "score_a, reversed"].startswith(".9")


def test_rows_left_out_are_counted_with_what_they_say(open_page):
    truth = made()["truth"].map({0: "No", 1: "Yes"})
    truth[:4] = ["unclear", "", "unclear", "NO"]
    scores = made()["score_a"].astype(object)
    scores[9] = ""
    page = analysed(given(open_page, made(truth=truth, score_a=scores)))
    assert literal("3 rows say neither pneumonia nor none: “unclear”, no value (rows 2, 3, 4).") in said(page)
    assert literal("1 row has no score in “score_a” (row 11).") in said(page)
    assert "396 X-rays of" in said(page)


def test_the_sheet_of_a_workbook_is_asked_for(open_page):
    data = workbook({"Notes": pd.DataFrame({"About": ["CNN"]}), "Scores": made()})
    page = given(open_page, data, "own.xlsx")
    assert not page.table
    widget(page, "Which sheet").set_value("Scores").run()
    assert "400 X-rays of 200 patients" in said(analysed(page))


def test_table_roles_and_results_survive_another_page_and_another_operating_point(open_page):
    page = given(open_page, made().drop(columns="patient"))
    widget(page, "The scores").set_value(["score_b"]).run()
    before = analysis(analysed(page))
    page.switch_page("pages/about.py").run()
    page.switch_page("pages/own_hospital.py").run()
    assert "own.csv" in said(page) and widget(page, "The scores").value == ["score_b"]
    pd.testing.assert_frame_equal(analysis(page), before)
    page.radio(key="rule").set_value("sensitive").run()
    pd.testing.assert_frame_equal(analysis(page), before)
    page.button(key="own_remove").click().run()
    assert not page.table and "own.csv" not in said(page)


def test_crowded_scores_have_thresholds_that_can_be_applied(open_page):
    crowded = 1 - 1e-5 * (1 - made()["score_a"])
    page = analysed(given(open_page, made(score_a=crowded).drop(columns="score_b")))
    shown = analysis(page).loc["Threshold, 5th to 95th percentile", "score_a"].split()[0]
    assert shown.startswith("0.99999") and 0.3 < (crowded >= float(shown)).mean() < 0.7
    assert f"threshold {shown}" in said(page)


def test_letters_that_the_handout_lacks_are_named(open_page):
    assert "肺炎" in said(analysed(given(open_page, made().rename(columns={"score_a": "score 肺炎"}))))
    assert "cannot print" not in said(analysed(given(open_page, made().rename(columns={"score_a": "score Ž"}))))


def test_columns_that_look_alike_when_shortened_keep_their_own_numbers(open_page):
    name = "score of the model of the ward on the second floor"
    table = made().rename(columns={"score_a": f"{name} A", "score_b": f"{name} B"})
    shown = analysis(analysed(given(open_page, table)))
    assert [title[-5:] for title in shown] == ["… (1)", "… (2)"]
    assert shown.loc[AUC].iloc[0] != shown.loc[AUC].iloc[1]


def test_scores_under_a_network_s_name_are_not_taken_for_its_logits(open_page):
    page = analysed(given(open_page, made().rename(columns={"score_a": "student"})))
    assert not page.exception and "default threshold" not in said(page)
    table = scores.load(RESULTS / "scores.csv")
    page = given(open_page, table[table["split"] == "val"][["label", "patient", "student"]])
    assert "default threshold" in said(analysed(page))


def test_our_own_logits_are_held_against_the_default_threshold(open_page):
    table = scores.load(RESULTS / "scores.csv")
    page = analysed(given(open_page, table[table["split"] == "test"][["file", "label", "patient", "student"]]))
    assert not page.exception
    assert any("Sensitivity, default threshold" in table.value.index for table in page.table)
    for rule, threshold in (
        ("balanced", state.balanced("student")),
        ("sensitive", state.named("student", "sensitive")),
    ):
        page.segmented_control(key="own_rule").set_value(rule).run()
        stated = re.search(rf"{zoo.spec('student').title}.*default threshold ([0-9.]+), chosen", said(page))[1]
        assert float(stated) == pytest.approx(threshold.value, abs=0.005)


def test_a_table_of_several_splits_is_asked_which(open_page):
    page = given(open_page, (RESULTS / "scores.csv").read_bytes())
    assert page.button(key="own_analyse").disabled
    widget(page, "Rows of which split").set_value("test").run()
    assert "rows are not of “test”" in said(analysed(page))


def test_a_table_without_patients_is_told_what_that_means(open_page):
    named = "The table names no patients"
    assert named not in said(analysed(given(open_page, made())))
    page = analysed(given(open_page, made().drop(columns="patient")))
    assert "400 X-rays, each of another patient" in said(page) and named in said(page)


def test_a_table_with_a_patient_column_is_never_said_to_name_none(open_page):
    page = given(open_page, made().rename(columns={"patient": "Patient No."}))
    assert widget(page, "The patient").value == "Patient No."
    widget(page, "The patient").set_value(own_roles.NO_PATIENT).run()
    assert own_roles.NOT_USED in said(analysed(page)) and own_roles.NOT_NAMED not in said(page)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "empty"),
        (b"PK\x03\x04xlsx", "damaged"),
        (b"\x89PNG\r\n\x1a\n\x00,\x00", "no table"),
        (b"truth,score\n1,=A1\n0,=A2\n1,=A3\n", "No column can be a score"),
        (b"truth,score\n1,1\n0,0\n1,1\n0,1\n", "at least three different numbers"),
        (b"truth,[a](http://x)\n1,0.5,7\n", "more cells"),
    ],
    ids=["empty", "archive", "picture", "formulas", "verdicts", "ragged"],
)
def test_a_wrong_table_gets_a_sentence_and_no_number(open_page, data, sentence):
    page = given(open_page, data)
    assert not page.exception and sentence in said(page)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"truth,score\n1,0.5\n0,0.2\n1,0.7\n", "too few patients"),
        (b"truth,score\n1,0.5\n0,0.3\n1,0.7\n0,0.1\n0,high\n", "contains text in row 6"),
    ],
    ids=["three rows", "text"],
)
def test_a_table_that_cannot_be_analysed_says_why(open_page, data, sentence):
    page = analysed(given(open_page, data))
    assert not page.exception and not results(page) and sentence in said(page).replace("\\", "")


def test_the_page_is_short_on_arrival(open_page):
    assert len(said(open_page("own_hospital")).split()) <= 120
