"""Acquisition styles on screen: which classes have each of them, and which errors the models make on it."""

import pandas as pd
import streamlit as st

from cxr_models import zoo
from cxr_models.errors import TableRefused
from cxr_models.evaluation import styles
from cxr_models.evaluation.intervals import Interval
from cxr_models.evaluation.mistakes import Judged
from cxr_models.paths import stamp
from ui import words
from ui.evidence import Series

COMMAND = "python -m train.styles --data FOLDER"
SPLITS = {"train": "Training set", "test": "Official test set"}
MARKERS = {"text": "Burned-in text", "letter": "Side letter only", "none": "Neither found"}
KINDS = {"false_alarm": "False alarms among normal X-rays", "missed": "Missed pneumonias"}


def by_class() -> tuple[Series, pd.DataFrame, str]:
    """By split: the share with pneumonia of each style; the counts by style and by marker; what they mean.

    Raises TableRefused.
    """
    found = _by_class(stamp(styles.TABLE))
    shown = {split: it.rename(index=lambda name: f"Style {name}") for split, it in found["style"].items()}
    series = {
        split: {row.Index: Interval(row.value, row.low, row.high) for row in it.itertuples()}
        for split, it in shown.items()
    }
    markers = {
        split: it.reindex(list(MARKERS)).rename(index=MARKERS).fillna({"normal": 0, "pneumonia": 0})
        for split, it in found["marker"].items()
    }
    table = pd.concat({SPLITS[split]: _counts(pd.concat([shown[split], markers[split]])) for split in SPLITS}, axis=1)
    table.columns = [": ".join(column) for column in table]
    share, text = shown["train"]["value"], markers["train"].loc[MARKERS["text"]]
    normal, pneumonia = (shown["train"][column].sum() for column in ("normal", "pneumonia"))
    return (
        series,
        table,
        f"The machine is not recorded, but it shows. Of the training images of one style, {words.percent(share.min())} "
        f"to {words.percent(share.max())} have pneumonia. Burned-in text is on {text['pneumonia']:.0f} of "
        f"{words.many(pneumonia)} pneumonia X-rays and {text['normal']:.0f} of {words.many(normal)} normal X-rays. "
        "A model can learn the style instead of the disease.",
    )


def errors(seen: Judged) -> None:
    """What each model gets wrong in each style, in a closed expander."""
    with st.expander("Errors by acquisition style", key="errors_by_style"):
        try:
            table = styles.errors(_table(stamp(styles.TABLE)), seen)
        except TableRefused as refusal:
            st.info(f"{refusal} This command makes it: `{COMMAND}`", icon=":material/table_view:")
            return
        st.caption(
            "A style is a group of images alike in exposure, sharpness, borders and burned-in text. Evidence shows "
            "which classes have it. 95 % CI (patient-level bootstrap)."
        )
        for kind, title in KINDS.items():
            sentence = _most(table[table["kind"] == kind])
            st.markdown(f"**{title}.** {sentence}")
            st.table(_errors(table[table["kind"] == kind]), border="horizontal", alt=sentence)


def _errors(table: pd.DataFrame) -> pd.DataFrame:
    cells = [
        f"{row.errors} of {row.images}: {words.percent_interval(Interval(row.value, row.low, row.high))}"
        for row in table.itertuples()
    ]
    named = table.assign(cell=cells, group="Style " + table["group"], model=table["model"].map(_title))
    order = {axis: list(dict.fromkeys(named[axis])) for axis in ("group", "model")}
    shown = named.pivot(index="group", columns="model", values="cell")
    return shown.reindex(index=order["group"], columns=order["model"]).rename_axis(index=None, columns=None)


def _most(table: pd.DataFrame) -> str:
    total = table.groupby("group")["errors"].sum().sort_values(ascending=False, kind="stable")
    if not total.sum():
        return "None."
    return f"Most are in style {total.index[0]}: {total.iloc[0]} of {total.sum()}, all models together."


def _counts(it: pd.DataFrame) -> pd.DataFrame:
    shares = [words.percent_interval(Interval(row.value, row.low, row.high)) for row in it.itertuples()]
    return pd.DataFrame(
        {"normal": it["normal"].map("{:,.0f}".format), "pneumonia": it["pneumonia"].map("{:,.0f}".format),
         "with pneumonia": shares},
        index=it.index,
    )  # fmt: skip


def _title(model: str) -> str:
    return zoo.spec(model).title


@st.cache_resource(max_entries=2, show_spinner=False)
def _table(stamp: int) -> pd.DataFrame:
    return styles.load(styles.TABLE)


@st.cache_data(max_entries=2, show_spinner=False)
def _by_class(stamp: int) -> dict[str, dict[str, pd.DataFrame]]:
    table = _table(stamp)
    return {by: {split: styles.by_class(table, split=split, by=by) for split in SPLITS} for by in styles.GROUPINGS}
