"""Every number on the page is that of the table of scores at the thresholds in force."""

import re

import numpy as np
import pytest

from cxr_models import zoo
from cxr_models.evaluation import change, comparison, curves, decision, intervals, probability, scores
from cxr_models.evaluation.summary import Point
from cxr_models.paths import RESULTS
from tests.pages.operating_point_page import (
    FREE,
    TITLES,
    cells,
    counted,
    figures,
    measures,
    rows_of,
    said,
)
from ui import curve_table, performance, words

SPLITS = list(performance.SPLITS)
SENSITIVITY, SPECIFICITY = "Sensitivity: pneumonias that are found", "Specificity: normals that are left in peace"
POINTS = [curve_table.AT, *(f"{words.plain_percent(share)} found" for share in curves.SHARES)]
PPV = "PPV: with pneumonia, among the suspected"


@pytest.mark.parametrize("split", SPLITS)
def test_matrices_and_measures_are_counted_at_the_threshold(open_page, split):
    page = open_page("operating_point", rule="free", **FREE)
    page.get_by_key("split").set_value(split).run()
    assert not page.exception
    for model in zoo.COMPARED:
        it, column = counted(model, split, 0.4), measures(page)[TITLES[model]]
        for count, word in ((it.tp, "found"), (it.fn, "missed"), (it.fp, "false alarms"), (it.tn, "cleared")):
            assert f"<b>{count}</b> {word}" in cells(figures(page)[f"matrix_{model}"])
        assert column[SENSITIVITY].endswith(f", {it.tp} of {it.tp + it.fn}")
        assert column[SPECIFICITY].endswith(f", {it.tn} of {it.tn + it.fp}")


def test_every_split_is_there_at_once_with_intervals(open_page):
    page = open_page("operating_point", rule="free", **FREE)
    for split, table in zip(SPLITS, page.table[: len(SPLITS)], strict=True):
        assert f"**{performance.SPLITS[split]}**" in said(page)
        for model, (_, row) in zip(zoo.COMPARED, table.value.iterrows(), strict=True):
            rows, score = rows_of(model, split)
            found = intervals.at_threshold(rows.label, score, rows.patient, threshold=0.4)
            assert row["Model"] == TITLES[model]
            assert row["Sensitivity"] == words.percent_interval(found["sensitivity"])
            it = found["specificity"]
            told = f"{100 - 100 * it.value:.1f} ({100 - 100 * it.high:.1f} to {100 - 100 * it.low:.1f}"
            assert row["False alarms per 100 normals"].removesuffix(")").removesuffix(", Wilson") == told


def test_the_drop_from_where_thresholds_were_chosen_is_named(open_page):
    page = open_page("operating_point", rule="free", **FREE)
    for model in zoo.COMPARED:
        stressed, test, elsewhere = (counted(model, split, 0.4) for split in ("stressed", "test", "external"))
        assert (
            f"- **{TITLES[model]}**: on the test pictures it {change.carried_over(stressed, test)}; on the other "
            f"hospital's pictures it {change.carried_over(stressed, elsewhere)}."
        ) in said(page)


@pytest.mark.parametrize("split", SPLITS)
def test_the_curves_have_their_numbers_behind_them(open_page, split):
    page = open_page("operating_point", rule="free", **FREE)
    page.get_by_key("split").set_value(split).run()
    (table,) = (it.value for it in page.table if "95 % found" in it.value.index)
    groups = [f"**{curve_table.ALARMS}**", *([f"**{curve_table.PRECISION}**"] if split != "external" else [])]
    assert [row for row in table.index if row.startswith("**")] == groups
    for model in zoo.COMPARED:
        (rows, score), it = rows_of(model, split), counted(model, split, 0.4)
        cells = table[TITLES[model]]
        first, *others = (cells[label] if len(groups) == 1 else cells[label].iloc[0] for label in POINTS)
        assert first == f"{words.percent(1 - it.specificity)} (0.400), finds {words.percent(it.sensitivity)}"
        for share, cell in zip(curves.SHARES, others, strict=True):
            at = curves.roc(rows.label, score).reaching(share)
            assert cell == f"{words.percent(at.other)} ({at.threshold:.3f})"


def test_the_other_hospital_has_no_ppv_and_no_thousand_children(open_page):
    page = open_page("operating_point")
    page.get_by_key("split").set_value("external").run()
    assert not any("PPV" in row or "NPV" in row or "Probability" in row for row in measures(page).index)
    assert set(figures(page)) == {"roc", *(f"matrix_{name}" for name in zoo.COMPARED)}
    assert "1,000" not in "".join(heading.value for heading in page.subheader)


def test_without_the_other_hospital_the_rest_stays_and_the_command_is_named(
    open_page, calibrated, monkeypatch, tmp_path
):
    monkeypatch.setattr("ui.cached.EXTERNAL", tmp_path / "none.csv")
    page = open_page("operating_point")
    assert not page.exception and len(figures(page)) == 9
    assert any("python -m train.nih" in warning.value for warning in page.warning)
    page.get_by_key("split").set_value("external").run()
    assert not page.exception and not figures(page)
    assert "python -m train.nih" in said(page) and "train.score" not in said(page)


def test_the_mark_on_the_roc_lies_where_it_was_counted(open_page):
    page = open_page("operating_point", rule="free", t_base_cnn="0.777")
    (mark,) = (trace for trace in figures(page)["roc"]["data"] if trace.get("name") == "Custom CNN, operating point")
    it = counted("base_cnn", "test", 0.777)
    assert mark["y"] == [it.sensitivity]
    assert mark["x"] == [pytest.approx(1 - it.specificity)]


def test_prevalence_moves_ppv_and_the_thousand_children_and_not_sensitivity(open_page):
    page = open_page("operating_point")
    before = measures(page)
    assert "100 with pneumonia:" in said(page)
    page.slider(key="prevalence").set_value(0.3).run()
    after = measures(page)
    assert (before.loc[SENSITIVITY] == after.loc[SENSITIVITY]).all()
    assert (before.loc[PPV] != after.loc[PPV]).all()
    assert "300 with pneumonia:" in said(page)
    page.switch_page("pages/about.py").run()
    page.switch_page("pages/operating_point.py").run()
    assert page.slider(key="prevalence").value == 0.3 and "300 with pneumonia:" in said(page)


def test_a_thousand_children_are_counted_as_the_matrix_says(open_page):
    page = open_page("operating_point", rule="free", prevalence="0.25", **FREE)
    for model in zoo.COMPARED:
        it = counted(model, "test", 0.4)
        of = decision.per_thousand(it.sensitivity, it.specificity, prevalence=0.25)
        names = [trace["name"] for trace in figures(page)[f"icons_{model}"]["data"]]
        assert names[:3] == [f"{of.found} found", f"{of.missed} missed", f"{of.false_alarms} false alarms"]
        rates = performance.counted.rates(model, "test", 0.4)
        low, high = (f"{250 * end:.0f}" for end in (rates["sensitivity"].low, rates["sensitivity"].high))
        assert f"250 with pneumonia: {of.found} ({low} to {high}) found, {of.missed} missed." in said(page)
        low, high = (f"{750 * (1 - end):.0f}" for end in (rates["specificity"].high, rates["specificity"].low))
        assert f"750 without: {of.false_alarms} ({low} to {high}) false alarms." in said(page)
        positive = of.found + of.false_alarms
        assert f"Called suspected: {positive}, of whom {of.found} with pneumonia." in said(page)
    assert "ill with something else were never in the data" in said(page)


def test_net_benefit_is_that_of_the_evaluation_and_said_in_words(open_page, calibrated):
    page = open_page("operating_point", prevalence="0.2")
    rows, _ = rows_of("resnet50", "test")
    likely = probability.from_metadata(zoo.metadata("resnet50")).at(rows.logit, 0.2)
    curve = decision.decision_curve(rows.label, likely, prevalence=0.2)
    low, high = (words.plain_percent(it) for it in curve.useful)
    band = decision.decision_band(rows.label, likely, rows.patient, prevalence=0.2)
    surely = " to ".join(words.plain_percent(it) for it in curve.above(band.low))
    assert f"once a pneumonia is {low} to {high} likely; its whole 95 % interval does so for {surely}." in said(page)
    (cell,) = (table.value for table in page.table if "Treat all" in table.value)
    (gain,) = curve.model[np.isclose(curve.threshold, 0.2)]
    assert cell.loc["Acts once it is 20 % likely", "ResNet-50"].startswith(f"{1000 * gain:.0f} (")


def test_at_one_sensitivity_the_fewest_false_alarms_come_first(open_page):
    page = open_page("operating_point", rule="sensitive")
    (sentence,) = (line for line in said(page).splitlines() if "set to one sensitivity" in line)
    assert sentence.count(" on the test pictures: ") == 1
    alarms = [float(number) for number in re.findall(r" (\d+\.\d) \(", sentence)]
    assert "there is" in sentence and "how each threshold transfers" in sentence
    assert alarms == sorted(alarms) and len(alarms) == len(zoo.COMPARED)
    assert "set to one sensitivity" not in said(open_page("operating_point"))


def test_pairs_are_told_apart_in_words_with_both_tests(open_page):
    page = open_page("operating_point", rule="free", **FREE)
    points = {name: Point(float(zoo.metadata(name)["temperature"]), 0.4) for name in zoo.COMPARED}
    assert "McNemar" not in said(page)
    page.toggle(key="differ").set_value(True).run()
    found = comparison.differences(scores.load(RESULTS / "scores.csv"), points, split="test")
    for it in found:
        assert (comparison.words(it, TITLES) in said(page)) == (it.measure != "auc")
    assert said(page).count("McNemar's exact test") == 6


def test_without_scores_the_command_is_named_and_no_number_shown(open_page, no_scores):
    page = open_page("operating_point")
    assert any("python -m train.score --data FOLDER" in element.value for element in page.markdown)
    assert not page.table and not page.get("plotly_chart")


def test_every_figure_and_table_has_its_takeaway(open_page):
    page = open_page("operating_point")
    figures, tables = page.get("plotly_chart"), page.table
    assert figures and all(chart.proto.alt for chart in figures)
    assert tables and all(table.proto.alt for table in tables)


def test_without_a_line_there_is_no_probability_and_no_net_benefit(open_page, without_line):
    page = open_page("operating_point")
    assert not page.exception and "net_benefit" not in figures(page)
    assert (measures(page).loc["Probability of pneumonia for a score just at the threshold"] == words.UNDEFINED).all()
    assert any("was not calibrated" in info.value for info in page.info)
