"""What besides the disease could tell the classes apart, and whether it moves the models."""

import pandas as pd
import streamlit as st

from cxr_models import zoo
from cxr_models.evaluation import properties
from cxr_models.evaluation.intervals import Interval
from cxr_models.paths import stamp
from ui import words

COMMAND = "python -m train.properties --data FOLDER"
ALONE = "AUC of the property alone"
FLAG = " (flagged)"


def swapped() -> tuple[pd.DataFrame, str]:
    """A row a property: the AUC of a small model that sees it alone, and the change of each network's AUC when it is
    swapped, flagged where that is more than `properties.MOVES`; a sentence on what moves which. Raises TableRefused."""
    table = _table(stamp(properties.TABLE))
    shown: dict[str, dict[str, str]] = {}
    moved: dict[str, list[str]] = {}
    for row, flag in zip(table.itertuples(), properties.flagged(table), strict=True):
        title, network = properties.TITLES.get(row.property, row.property), zoo.SPECS[row.network].title
        cells = shown.setdefault(
            title, {ALONE: words.auc_interval(Interval(row.property_auc, row.property_low, row.property_high))}
        )
        change = words.number_interval(Interval(row.change, row.low, row.high), decimals=3)
        cells[f"{network}: change of AUC"] = change + FLAG * flag
        if flag:
            moved.setdefault(network, []).append(words.lowered(title))
    said = "; ".join(f"{network}: {', '.join(titles)}" for network, titles in moved.items()) or "none"
    images = table.groupby("images")["network"].unique()
    sizes = "; ".join(
        f"{', '.join(zoo.SPECS[name].title for name in networks)}: {count:.0f} images"
        for count, networks in sorted(images.items(), reverse=True)
    )
    return (
        pd.DataFrame(shown).T,
        f"Properties that move an AUC by more than {words.number(properties.MOVES, decimals=3)} when they are swapped: "
        f"{said}. Read: {sizes}. 95 % CI (patient-level bootstrap).",
    )


@st.cache_resource(max_entries=2, show_spinner=False)
def _table(stamp: int) -> pd.DataFrame:
    return properties.load(properties.TABLE)
