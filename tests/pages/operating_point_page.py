"""What the page Operating point shows, and the same counted from the table of scores."""

import json

from cxr_models import zoo
from cxr_models.evaluation import confusion, scores
from cxr_models.paths import RESULTS

TITLES = {name: zoo.spec(name).title for name in zoo.COMPARED}
FREE = {f"t_{name}": "0.4" for name in zoo.COMPARED}


def rows_of(model: str, split: str) -> tuple[scores.Rows, list[float]]:
    file = "external.csv" if split == "external" else "scores.csv"
    rows = scores.rows(scores.load(RESULTS / file), split, model)
    return rows, scores.score(rows.logit, float(zoo.metadata(model)["temperature"]))


def counted(model: str, split: str, threshold: float) -> confusion.Confusion:
    rows, score = rows_of(model, split)
    return confusion.confusion(rows.label, score, threshold)


def figures(page) -> dict[str, dict]:
    """By key, without what Streamlit puts before it."""
    keys = ["roc", "precision_recall", *(f"matrix_{name}" for name in zoo.COMPARED)]
    keys += [*(f"icons_{name}" for name in zoo.COMPARED), "net_benefit"]
    charts = {key: chart for chart in page.get("plotly_chart") for key in keys if chart.proto.id.endswith(f"-{key}")}
    return {key: json.loads(chart.proto.spec) for key, chart in charts.items()}


def cells(figure: dict) -> str:
    return " ".join(word for trace in figure["data"] if trace["type"] == "scatter" for word in trace["text"])


def said(page) -> str:
    return "\n".join(element.value for element in (*page.markdown, *page.caption, *page.info))


def measures(page):
    return next(table.value for table in page.table if "Threshold" in table.value.index)
