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
from tests.pages.own_hospital_page import analysed, analysis, given, results, said, widget
from ui import cached, own_leaflet, state, thousand, words
from ui.words import literal

AUC = f"{words.MEANINGS['auc']}, all pictures"


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
    page = given(open_page, made())
    assert not page.exception and not page.error
    assert "400 pictures of 200 patients" in said(page)
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
    assert not given(open_page, table).exception
    curves = made_up[-1].sections[2].blocks[0]
    assert {model.dash for model in curves.models} == {look.dash for look in SPARE}
    assert pdf.write(made_up[-1]).startswith(b"%PDF") and b"<svg" in html.write(made_up[-1])


def test_each_matrix_holds_the_counts_that_the_table_states(open_page):
    page = given(open_page, made())
    for place, column in enumerate(("score_a", "score_b"), start=1):
        (found, ill), (cleared, well) = behind(page, "sensitivity", column), behind(page, "specificity", column)
        assert ill + well < 400  # one half only
        drawn = figures(page)[f"matrix_column_{place}"]["data"][1]["text"]
        for count, word in ((found, "found"), (ill - found, "missed"), (well - cleared, "false alarms")):
            assert any(text.startswith(f"<b>{count}</b> {word}") for text in drawn)


def test_the_precision_recall_mark_is_where_the_stated_counts_put_it(open_page):
    page = given(open_page, made())
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
    page = given(open_page, made(score_a=1 / (1 + np.exp(-4 * odds))))
    assert f"{literal('score_a: its scores lie too far from the middle: too sure of itself')}" in said(page)
    assert "too sure of itself" not in said(given(open_page, made(score_a=1 / (1 + np.exp(-odds)))))


def test_a_thousand_children_and_the_decision_curve_follow_the_prevalence(open_page):
    page = given(open_page, made())
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
    page = given(open_page, made(80))
    widths = map(int, re.findall(r"up to (\d+) percentage points", said(page)))
    for measure, width in zip(("sensitivity", "specificity"), widths, strict=True):
        ends = analysis(page).loc[words.MEANINGS[measure]].str.extract(r"\((\S+) to ([\d.]+)").astype(float)
        assert width == pytest.approx((ends[1] - ends[0]).max(), abs=0.6)
    assert "Below 100 of each the intervals are wide" in said(page)


def test_a_semicolon_table_with_decimal_commas_gives_the_same_numbers(open_page):
    plain = given(open_page, made().round(6))
    german = given(open_page, ("\ufeff" + made().round(6).to_csv(index=False, sep=";", decimal=",")).encode())
    pd.testing.assert_frame_equal(plain.table[0].value, german.table[0].value)


def test_labels_that_are_words_wait_for_the_reader(open_page):
    page = given(open_page, made(truth=np.where(made()["truth"] == 1, "A", "B")))
    assert not page.table and "Say which column is what" in said(page)
    ill, well = (
        next(box for box in page.selectbox if box.label.startswith(start)) for start in ("It says p", "It says no")
    )
    ill.set_value("A")
    well.set_value("B").run()
    assert analysis(page).loc[AUC, "score_a"].startswith(".9")


def test_an_inverted_column_is_asked_about_and_not_flipped_by_itself(open_page):
    page = given(open_page, made(score_a=1 - made()["score_a"]))
    assert "higher values go with normals" in said(page)
    assert analysis(page).loc[AUC, "score_a"].startswith(".0")
    page.toggle[0].set_value(True).run()
    assert analysis(page).loc[AUC, "score_a, turned"].startswith(".9")


def test_a_column_that_sounds_like_scores_and_is_none_says_why(open_page):
    page = given(open_page, made(score_c=["", *["0.5", "0.6", "0.7", "0.8"] * 99, "1", "1", "1"]))
    assert "Row 1 of the column score\\_c holds nothing" in said(page)
    assert list(analysis(page)) == ["score_a", "score_b"]


def test_rows_that_say_neither_are_counted_with_what_they_say(open_page):
    truth = made()["truth"].map({0: "No", 1: "Yes"})
    truth[:4] = ["unclear", "", "unclear", "NO"]
    page = given(open_page, made(truth=truth))
    assert literal("3 rows say neither (“unclear”, nothing): left out.") in said(page)
    assert "397 pictures of" in said(page)


def test_columns_that_look_alike_when_shortened_keep_their_own_numbers(open_page):
    name = "score of the model of the ward on the second floor"
    table = made().rename(columns={"score_a": f"{name} A", "score_b": f"{name} B"})
    shown = analysis(analysed(given(open_page, table)))
    assert [title[-5:] for title in shown] == ["… (1)", "… (2)"]
    assert shown.loc[AUC].iloc[0] != shown.loc[AUC].iloc[1]


def test_scores_under_a_network_s_name_are_not_taken_for_its_logits(open_page):
    page = given(open_page, made().rename(columns={"score_a": "student"}))
    assert not page.exception and "shipped threshold" not in said(page)
    table = scores.load(RESULTS / "scores.csv")
    assert "shipped threshold" in said(
        given(open_page, table[table["split"] == "val"][["label", "patient", "student"]])
    )


def test_our_own_logits_are_held_against_the_shipped_threshold(open_page):
    table = scores.load(RESULTS / "scores.csv")
    page = given(open_page, table[table["split"] == "test"][["file", "label", "patient", "student", "resnet50"]])
    assert not page.exception
    assert f"{zoo.spec('student').title}: shipped threshold" in said(page)
    assert any("Sensitivity, shipped threshold" in table.value.index for table in page.table)
    for rule, threshold in (
        ("balanced", state.balanced("student")),
        ("sensitive", cached.threshold("student", "sensitivity", state.NAMED_WISH)),
    ):
        page.segmented_control(key="own_rule").set_value(rule).run()
        assert f"{zoo.spec('student').title}: shipped threshold {threshold.value:.3f}" in said(page)


def test_a_table_without_patients_is_told_what_that_means(open_page):
    named = "The table names no patients"
    assert named not in said(given(open_page, made()))
    page = given(open_page, made().drop(columns="patient"))
    assert "400 pictures, each of another patient" in said(page) and named in said(page)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "empty"),
        (b"PK\x03\x04xlsx", "Excel file"),
        (b"\x89PNG\r\n\x1a\n\x00,\x00", "no text file"),
        (b"truth,score\n1,0.5\n0,\n1,0.7\n0,0.1\n", "Row 2 of the column score holds nothing"),
        (b"truth,score\n1,50%\n0,2%\n1,70%\n", "“50%”, which is no number"),
        (b"truth,score\n1,=A1\n0,=A2\n1,=A3\n", "“=A1”, which is no number"),
        (b"truth,score\n1,1\n0,0\n1,1\n0,1\n", "fewer than 3 different numbers"),
        (b"truth,score\n1,0.5\n1,0.2\n1,0.7\n", "Every row of the column truth says “1”"),
        (b"truth,score\n1,0.5\n0,0.2\n1,0.7\n", "too few patients"),
        (b"truth,[a](http://x)\n1,0.5,7\n", "more fields"),
    ],
    ids=[
        "empty",
        "excel",
        "picture",
        "missing score",
        "percent",
        "formulas",
        "verdicts",
        "one class",
        "three rows",
        "ragged",
    ],
)
def test_a_wrong_table_gets_a_sentence_and_no_number(open_page, data, sentence):
    page = given(open_page, data)
    assert not page.exception and not page.table
    assert sentence in said(page)
