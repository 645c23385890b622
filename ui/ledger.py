"""What distillation changed, picture by picture: the student against its teacher, and against itself untaught."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st

from cxr_models import checkpoints, zoo
from cxr_models.errors import CheckpointRefused, TableRefused
from cxr_models.evaluation import comparison, mistakes, scores, tables
from cxr_models.evaluation.mistakes import FATES, Judged
from cxr_models.evaluation.summary import Point
from cxr_models.paths import RESULTS, STUDENT_ALONE, stamp
from ui import cached, candidates, state, words

STUDENT = "student"
SPLIT = "test"
ALONE = RESULTS / "student_alone.csv"
ALONE_COLUMN = STUDENT_ALONE.stem
ALONE_TITLE = "The same student trained alone"
ALONE_COMMANDS = " && ".join(
    f"python -m train.{step}"
    for step in ("distillation --data FOLDER --ship", "score --data FOLDER", "calibrate --data FOLDER")
)
FATE_WORDS = {
    "lost": "Lost: only the student is wrong",
    "gained": "Gained: only the student is right",
    "kept": "Kept: both are right",
    "wrong in both": "Wrong in both",
}


@dataclass(frozen=True)
class Against:
    """The student against another model on the test pictures. fate: text (n,), one of `FATES` a picture; p: of
    McNemar's exact test, NaN without pictures."""

    title: str
    fate: np.ndarray
    p: float


def seen() -> Judged:
    """The student and its teacher on the test pictures, each at its balanced threshold.

    Raises TableRefused and CheckpointRefused.
    """
    names = [STUDENT, *([teacher()] if teacher() else [])]
    points = {name: Point(cached.calibration(name)["temperature"], state.balanced(name).value) for name in names}
    return mistakes.judge(cached.scores_table(), points, split=SPLIT)


def teacher() -> str:
    """Which shipped network the student was distilled from; empty where its checkpoint names none of them."""
    name = cached.metadata(STUDENT).get("distilled_from", "")
    return name if name in zoo.SPECS else ""


def comparisons(it: Judged) -> tuple[list[Against], str]:
    """What the student can be compared with, and why one of the two comparisons is missing; empty when none is."""
    name = teacher()
    found = [_against(f"Its teacher, the {zoo.spec(name).title}", it, it.positive[name].to_numpy())] if name else []
    missing = "" if name else "The student's checkpoint does not name a shipped network as its teacher."
    try:
        return [*found, against_alone(it)], missing
    except CheckpointRefused as refusal:
        return found, f"{missing} {refusal}".strip()
    except TableRefused as refusal:
        return found, f"{missing} {refusal} These commands make it: `{ALONE_COMMANDS}`".strip()


def against_alone(it: Judged) -> Against:
    """At its own balanced threshold. Raises TableRefused and CheckpointRefused."""
    table = _alone(stamp(ALONE))
    logit = table[table["split"] == SPLIT].set_index("file")[ALONE_COLUMN].reindex(it.rows["file"])
    if logit.isna().any():
        raise TableRefused(f"{ALONE.name} lacks some of the test pictures.")
    temperature, threshold = checkpoints.calibration(STUDENT_ALONE, "temperature", "threshold")
    return _against(ALONE_TITLE, it, scores.score(logit.to_numpy(), temperature) >= threshold)


def table(found: list[Against], it: Judged) -> pd.DataFrame:
    """A row a comparison, a column a fate, with pneumonias and normals apart."""
    label = it.rows["label"].to_numpy()
    return pd.DataFrame(
        {
            f"Against: {one.title}": {
                **{FATE_WORDS[fate]: _counted(one.fate == fate, label) for fate in FATES},
                "More than chance? (McNemar's exact p)": words.p_value(one.p),
            }
            for one in found
        }
    )


def costs() -> pd.DataFrame:
    """Size, and milliseconds where they were measured, of the student and of its teacher."""
    speeds = candidates.machine_speeds()[0]
    rows = {}
    for name in (STUDENT, teacher()):
        if name:
            path = zoo.spec(name).checkpoint
            rows[zoo.spec(name).title] = {
                "Parameters": words.many(checkpoints.parameters(path)),
                "File": words.megabytes(path.stat().st_size),
                "Milliseconds for a verdict": f"{speeds[name].score.median:.3g}" if name in speeds else words.UNDEFINED,
            }
    return pd.DataFrame.from_dict(rows, orient="index")


def sentence(one: Against) -> str:
    """What was lost and gained against one model, in a sentence."""
    lost, gained = int((one.fate == "lost").sum()), int((one.fate == "gained").sum())
    return (
        f"Against {words.lowered(one.title)}, the distilled student lost {lost} of {one.fate.size} pictures "
        f"and gained {gained}; that is {'more' if one.p < comparison.SIGNIFICANT else 'not more'} than chance explains."
    )


def takeaway(found: list[Against]) -> str:
    return " ".join(sentence(one) for one in found)


def pick(found: list[Against]) -> tuple[Against, str]:
    """Draw the choice of which pictures to look at: a comparison and a fate."""
    titles = [one.title for one in found]
    title = st.segmented_control("Against", titles, default=titles[0], required=True, key="ledger_against")
    fate = st.segmented_control(
        "Pictures", FATES, format_func=str.capitalize, default=FATES[0], required=True, key="ledger_fate"
    )
    return found[titles.index(title)], fate


def pictures(one: Against, fate: str) -> list[int]:
    """Row numbers of the pictures of a fate."""
    return np.flatnonzero(one.fate == fate).tolist()


def _against(title: str, it: Judged, before: np.ndarray) -> Against:
    label, after = it.rows["label"].to_numpy(), it.positive[STUDENT].to_numpy()
    p = comparison.mcnemar_exact(after == (label == 1), before == (label == 1))
    return Against(title, mistakes.fates(label, before, after), float(p))


def _counted(chosen: np.ndarray, label: np.ndarray) -> str:
    ill = int((chosen & (label == 1)).sum())
    return f"{int(chosen.sum())} ({ill} pneumonia{'s'[: ill != 1]}, {int(chosen.sum()) - ill} normal)"


@st.cache_data(max_entries=2, show_spinner=False)
def _alone(stamp: int) -> pd.DataFrame:
    """The logits of the student trained alone."""
    return tables.load_alone(ALONE)
