"""The dial moves the thresholds, the address and all that is counted at them, and leaves the rest."""

import re

import pytest

from cxr_models import zoo
from cxr_models.evaluation import change, operating_point, scores
from cxr_models.paths import RESULTS
from tests.pages.operating_point_page import (
    FREE,
    TITLES,
    cells,
    counted,
    figures,
    measures,
    said,
)
from ui import cached


def test_the_dial_moves_the_matrix(open_page):
    page = open_page("operating_point", rule="free", t_base_cnn="0.2")
    before = cells(figures(page)["matrix_base_cnn"])
    page.sidebar.slider(key="t_base_cnn").set_value(0.95).run()
    after = cells(figures(page)["matrix_base_cnn"])
    assert before != after
    it = counted("base_cnn", "test", 0.95)
    assert f"<b>{it.fn}</b> missed" in after


def test_the_change_is_named_against_the_shipped_point_and_against_the_last_one(open_page):
    page = open_page("operating_point", rule="free", **FREE)
    shipped = counted("student", "test", float(zoo.metadata("student")["threshold"]))
    now, later = (counted("student", "test", threshold) for threshold in (0.4, 0.9))
    assert "Against the balanced point, on the test pictures:" in said(page)
    assert change.sentence("**Distilled student**", shipped, now) in said(page)
    page.get_by_key("against").set_value("former").run()
    assert "The dial has not been moved yet." in said(page)
    page.sidebar.slider(key="t_student").set_value(0.9).run()
    assert "Against free thresholds, on the test pictures:" in said(page)
    assert change.sentence("**Distilled student**", now, later) in said(page)
    assert f"**ResNet-50** gives the same verdicts on all {now.tp + now.fn + now.fp + now.tn} pictures." in said(page)


@pytest.mark.parametrize(
    ("address", "rule", "title"),
    [
        (
            {"rule": "sensitivity", "value": "0.9"},
            operating_point.at_sensitivity(0.9),
            "Wished sensitivity of at least 90 %",
        ),
        (
            {"rule": "specificity", "value": "0.9"},
            operating_point.at_specificity(0.9),
            "Wished specificity of at least 90 %",
        ),
        (
            {"rule": "costs", "cost": "30", "prevalence": "0.2"},
            operating_point.least_cost(30, prevalence=0.2),
            "A miss counts as 30 false alarms at a prevalence of 20 %",
        ),
    ],
    ids=["sensitivity", "specificity", "costs"],
)
def test_a_dial_s_rule_chooses_on_the_altered_validation_images(open_page, address, rule, title):
    page = open_page("operating_point", **address)
    assert any(f"Operating point: {title} ·" in caption.value for caption in page.caption)
    for model in zoo.COMPARED:
        rows = scores.choosing_rows(scores.load(RESULTS / "scores.csv"), model)
        score = scores.score(rows.logit, float(zoo.metadata(model)["temperature"]))
        chosen = operating_point.bootstrap_threshold(
            rows.label, score, rows.patient, rule, resamples=cached.DIAL_RESAMPLES
        )
        assert measures(page).loc["Threshold", TITLES[model]] == f"{chosen.value:.3f}"


@pytest.mark.parametrize(("rule", "nearer"), [("sensitive", min), ("specific", max)])
def test_a_named_point_lies_on_its_side_of_the_balanced_one(open_page, rule, nearer):
    shown = measures(open_page("operating_point", rule=rule)).loc["Threshold"]
    for model in zoo.COMPARED:
        rows = scores.choosing_rows(scores.load(RESULTS / "scores.csv"), model)
        temperature, balanced = zoo.calibration(model, "temperature", "threshold")
        score = scores.score(rows.logit, temperature)
        chosen = operating_point.bootstrap_threshold(rows.label, score, rows.patient, operating_point.NAMED[rule])
        assert shown[TITLES[model]] == f"{nearer(chosen.value, balanced):.3f}"


@pytest.mark.parametrize(
    "address", [{"rule": "costs", "cost": "1e9"}, {"prevalence": "nan"}, {"rule": "costs", "prevalence": "<b>"}]
)
def test_a_stranger_s_costs_and_prevalence_become_the_default_with_a_sentence(open_page, address):
    page = open_page("operating_point", **address)
    assert not page.exception
    (sentence,) = (warning.value for warning in page.sidebar.warning)
    assert "in the address is not a number between" in sentence
    assert not any(value in sentence for value in ("1e9", "nan", "<b>"))
    assert page.slider(key="prevalence").value == 0.1


def test_reset_restores_the_shipped_point_and_leaves_the_prevalence(open_page):
    page = open_page("operating_point", rule="costs", cost="50", prevalence="0.4")
    page.sidebar.button(key="reset").click().run()
    assert page.sidebar.radio(key="rule").value == "balanced" and "cost" not in page.query_params
    assert page.slider(key="prevalence").value == 0.4 and "400 with pneumonia:" in said(page)
    assert page.sidebar.button(key="reset").disabled


def test_the_cost_and_the_prevalence_move_the_thresholds_and_the_address(open_page):
    page = open_page("operating_point", rule="costs")
    before = measures(page).loc["Threshold"]
    page.sidebar.slider(key="cost").set_value(100).run()
    page.slider(key="prevalence").set_value(0.5).run()
    assert (measures(page).loc["Threshold"] < before).all()
    assert {key: page.query_params[key] for key in ("rule", "cost", "prevalence")} in (
        {"rule": "costs", "cost": "100", "prevalence": "0.5"},
        {"rule": ["costs"], "cost": ["100"], "prevalence": ["0.5"]},
    )


def test_the_wish_goes_from_sensitivity_to_specificity_and_into_the_address(open_page):
    page = open_page("operating_point", rule="sensitivity", value="0.9")
    page.sidebar.radio(key="rule").set_value("specificity").run()
    assert page.sidebar.slider(key="value_specificity").value == 0.9
    page.sidebar.slider(key="value_specificity").set_value(0.99).run()
    assert (page.query_params["rule"], page.query_params["value"]) == ("specificity", "0.99")
    (sentence,) = (line for line in said(page).splitlines() if "set to one specificity" in line)
    missed = [float(number) for number in re.findall(r" (\d+\.\d) \(", sentence)]
    assert "missed pneumonias per 100" in sentence and missed == sorted(missed) and len(missed) == len(zoo.COMPARED)


def test_the_part_of_a_figure_stays_when_the_dial_moves_and_can_be_left(open_page):
    page = open_page("operating_point", rule="sensitivity", value="0.9")
    page.session_state["part_of_roc"] = ((0.1, 0.3), (0.8, 1.0))
    page.run()
    axes = figures(page)["roc"]["layout"]
    assert axes["xaxis"]["range"] == pytest.approx([0.1 - 0.002, 0.3 + 0.002])
    assert axes["yaxis"]["range"] == pytest.approx([0.8 - 0.002, 1 + 0.002])
    page.sidebar.slider(key="value_sensitivity").set_value(0.99).run()
    assert figures(page)["roc"]["layout"]["xaxis"] == axes["xaxis"]
    page.button(key="whole_roc").click().run()
    assert figures(page)["roc"]["layout"]["xaxis"]["range"] == pytest.approx([-0.01, 1.01])
