"""Thresholds that the other hospital chose anew on half of its patients, on the Evidence page only."""

import pandas as pd
import streamlit as st

from cxr_models import zoo
from cxr_models.errors import TableRefused
from cxr_models.evaluation import recalibration
from cxr_models.evaluation.recalibration import Recalibrated
from cxr_models.evaluation.summary import Point
from cxr_models.paths import stamp
from cxr_models.verdict import listed
from ui import cached, words
from ui.state import OperatingPoint

COLUMNS = {"before": "threshold of this app", "after": "recalibrated"}


def show(point: OperatingPoint) -> None:
    """One sentence, and the table in a closed expander; nothing without the other hospital's table."""
    try:
        found = _recalibrated(tuple(point.points.items()), stamp(cached.EXTERNAL))
        aucs = cached.external_aucs()
    except TableRefused:
        return
    st.markdown(_sentence(found, {name: aucs[name].value for name in found}))
    with st.expander("Thresholds recalibrated at the other hospital", key="recalibrated"):
        st.table(_table(found, point), border="horizontal")


def _sentence(found: dict[str, Recalibrated], aucs: dict[str, float]) -> str:
    one = next(iter(found.values()))
    said = "; ".join(
        f"{zoo.spec(name).title} {words.percent(it.after['sensitivity'].value)} and "
        f"{words.percent(it.after['specificity'].value)}"
        for name, it in found.items()
    )
    below = [f"{zoo.spec(name).title} ({words.number(auc, decimals=3)})" for name, auc in aucs.items() if auc < 0.5]
    useless = f" At an AUC below .5 no threshold helps: {listed(below)}." if below else ""
    return (
        f"With thresholds chosen on half of that hospital's patients, sensitivity and specificity on the other "
        f"{one.patients} patients ({one.images} X-rays) are: {said}.{useless} These thresholds are used nowhere else."
    )


def _table(found: dict[str, Recalibrated], point: OperatingPoint) -> pd.DataFrame:
    rows = {}
    for name, it in found.items():
        cells = {"Threshold": f"{point.points[name].threshold:.2f} → {it.threshold:.2f}"}
        for when, title in COLUMNS.items():
            for measure, interval in getattr(it, when).items():
                cells[f"{measure.capitalize()}, {title}"] = words.percent_interval(interval)
        rows[zoo.spec(name).title] = cells
    return pd.DataFrame(rows).T


@st.cache_data(max_entries=10, show_spinner=False)
def _recalibrated(points: tuple[tuple[str, Point], ...], stamp: int) -> dict[str, Recalibrated]:
    return recalibration.recalibrated(cached.external_table(), dict(points), split=cached.OTHER_HOSPITAL)
