"""Every number on the page is that of the table of scores at the thresholds in force."""

import json

import pytest

from cxr_models import zoo
from cxr_models.evaluation import confusion, scores
from cxr_models.paths import RESULTS


def counted(model: str, split: str, threshold: float) -> confusion.Confusion:
    rows = scores.rows(scores.load(RESULTS / "scores.csv"), split, model)
    return confusion.confusion(
        rows.label, scores.score(rows.logit, float(zoo.metadata(model)["temperature"])), threshold
    )


def figures(page) -> list[dict]:
    return [json.loads(chart.proto.spec) for chart in page.get("plotly_chart")]


def cells(figure: dict) -> str:
    return " ".join(word for trace in figure["data"] if trace["type"] == "scatter" for word in trace["text"])


@pytest.mark.parametrize("split", ["val", "stressed", "test"])
def test_matrices_and_measures_are_counted_at_the_threshold(open_page, split):
    page = open_page("operating_point", rule="free", **{f"t_{name}": "0.4" for name in zoo.COMPARED})
    page.get_by_key("split").set_value(split).run()
    assert not page.exception
    for model, matrix, (_, row) in zip(
        zoo.COMPARED, figures(page)[1:], page.dataframe[0].value.iterrows(), strict=True
    ):
        it = counted(model, split, 0.4)
        for count, word in ((it.tp, "found"), (it.fn, "missed"), (it.fp, "false alarms"), (it.tn, "cleared")):
            assert f"<b>{count}</b> {word}" in cells(matrix)
        assert row["Sensitivity"].endswith(f", {it.tp} of {it.tp + it.fn}")
        assert row["Specificity"].endswith(f", {it.tn} of {it.tn + it.fp}")


def test_the_mark_on_the_roc_lies_where_it_was_counted(open_page):
    page = open_page("operating_point", rule="free", t_base_cnn="0.777")
    roc = figures(page)[0]
    (mark,) = (trace for trace in roc["data"] if trace.get("name") == "Custom CNN, operating point")
    it = counted("base_cnn", "test", 0.777)
    assert mark["y"] == [it.sensitivity]
    assert mark["x"] == [pytest.approx(1 - it.specificity)]


def test_the_dial_moves_the_matrix(open_page):
    page = open_page("operating_point", rule="free", t_base_cnn="0.2")
    before = cells(figures(page)[1])
    page.sidebar.slider(key="t_base_cnn").set_value(0.95).run()
    after = cells(figures(page)[1])
    assert before != after
    it = counted("base_cnn", "test", 0.95)
    assert f"<b>{it.fn}</b> missed" in after


def test_a_wished_sensitivity_is_reached_on_the_stressed_pictures(open_page):
    page = open_page("operating_point", rule="sensitivity", value="0.9")
    assert any("Wished sensitivity of at least 90 %" in caption.value for caption in page.caption)
    assert page.sidebar.slider(key="value").value == 0.9


def test_prevalence_moves_ppv_and_the_thousand_children_and_not_sensitivity(open_page):
    page = open_page("operating_point")
    before = page.dataframe[0].value
    assert "100 have pneumonia" in "".join(element.value for element in page.markdown)
    page.slider(key="prevalence").set_value(0.3).run()
    after = page.dataframe[0].value
    assert (before["Sensitivity"] == after["Sensitivity"]).all()
    assert (before["PPV"] != after["PPV"]).all()
    assert "300 have pneumonia" in "".join(element.value for element in page.markdown)


def test_without_scores_the_command_is_named_and_no_number_shown(open_page, no_scores):
    page = open_page("operating_point")
    assert any("python -m train.score --data FOLDER" in element.value for element in page.markdown)
    assert not page.dataframe and not page.get("plotly_chart")


def test_every_figure_and_table_has_its_takeaway(open_page):
    page = open_page("operating_point")
    assert all(chart.proto.alt for chart in page.get("plotly_chart"))
    assert all(table.proto.alt for table in page.dataframe)
