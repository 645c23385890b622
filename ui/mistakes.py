"""Which pictures the mistakes page shows: what the reader or a link chose, and what the models said of each."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

import pandas as pd
import streamlit as st

from cxr_models import zoo
from cxr_models.evaluation import mistakes
from cxr_models.evaluation.mistakes import Judged
from ui import cached, gallery
from ui.picture import SUBTYPE_WORDS
from ui.state import OperatingPoint

VIEWS = {
    "disagreement": "Where the models disagree",
    "model": "One model's mistakes",
    "ledger": "What distillation changed",
}
KINDS = {
    "missed": "Missed pneumonias",
    "false_alarm": "False alarms",
    "found": "Found pneumonias",
    "correct_normal": "Cleared normals",
}
ORDERS = {
    "missed": "The lowest score, the most wrong, comes first.",
    "false_alarm": "The highest score, the most wrong, comes first.",
    "found": "The lowest score, the nearest to a miss, comes first.",
    "correct_normal": "The highest score, the nearest to a false alarm, comes first.",
}
SUBTYPES = {"all": "All", "bacteria": "Bacterial", "virus": "Viral"}
SPLITS = {"test": "Test", "stressed": "Stressed validation", "val": "Validation"}
PICTURED = "test"
OF_PNEUMONIAS = [kind for kind, (label, _) in mistakes.KINDS.items() if label]


@dataclass(frozen=True)
class Choice:
    """What to look at; every field is a key of its table of words, `model` one of the compared models."""

    view: str = "disagreement"
    model: str = zoo.COMPARED[0]
    kind: str = "missed"
    subtype: str = "all"
    split: str = PICTURED


KEYS = tuple(field.name for field in fields(Choice))
ALLOWED = {"view": VIEWS, "model": zoo.COMPARED, "kind": KINDS, "subtype": SUBTYPES, "split": SPLITS}


def parse(parameters: Mapping[str, str]) -> tuple[Choice, list[str]]:
    """The choice an address makes, and a sentence for each part of it that could not be followed.

    A link that names a model or a kind wants that model's pictures.

    >>> parse({"model": "student", "kind": "false_alarm"})
    (Choice(view='model', model='student', kind='false_alarm', subtype='all', split='test'), [])
    >>> parse({"kind": "<b>"})[1]
    ['The address names a kind that does not exist; the default is used.']
    """
    known = {key: value for key, value in parameters.items() if value in ALLOWED.get(key, ())}
    if {"model", "kind"} & set(known):
        known.setdefault("view", "model")
    notes = [
        f"The address names a {key} that does not exist; the default is used."
        for key in KEYS
        if key in parameters and key not in known
    ]
    return Choice(**known), notes


def restore() -> list[str]:
    """Take the choice from the address when it has changed; sentences for what in it could not be followed."""
    state = st.session_state
    given = {key: st.query_params[key] for key in KEYS if key in st.query_params}
    if "mistakes_address" not in state or (given and given != state.mistakes_address):
        choice, state.mistakes_notes = parse(given)
        state.mistakes_address = given
        for key in KEYS:
            state[f"mistakes_{key}"] = getattr(choice, key)
    return state.mistakes_notes


def chosen() -> Choice:
    return Choice(**{key: st.session_state[f"mistakes_{key}"] for key in KEYS})


def control(key: str, label: str, options: Mapping[str, str]) -> str:
    """One part of the choice as a row of buttons; the address follows. A choice that is no option, as of a model whose
    checkpoint is not there, gives way to the first."""
    if st.session_state[f"mistakes_{key}"] not in options:
        st.session_state[f"mistakes_{key}"] = next(iter(options))
    return st.segmented_control(
        label,
        list(options),
        format_func=options.get,
        required=True,
        key=f"mistakes_{key}",
        on_change=_remember,
        persist_state="session",
    )


def judged(point: OperatingPoint, split: str) -> Judged:
    """Scores and verdicts of every model with a threshold. Raises TableRefused and CheckpointRefused."""
    return mistakes.judge(cached.scores_table(), point.points, split=split)


def of_kind(seen: Judged, choice: Choice) -> list[int]:
    """Row numbers of the pictures chosen, in the order of `ORDERS`."""
    rows = mistakes.of_kind(seen, choice.model, choice.kind)
    every = choice.subtype == "all" or choice.kind not in OF_PNEUMONIAS
    return [int(row) for row in rows if every or seen.rows["subtype"][row] == choice.subtype]


def pictures(seen: Judged, rows: list[int], point: OperatingPoint, split: str) -> None:
    """The pictures of these rows; of a split whose pictures are not shipped, their names and scores."""
    if split == PICTURED:
        gallery.show(seen, rows, point, key=f"page_{hash((split, tuple(rows)))}")
        return
    if not rows:
        st.info("There is no such picture.", icon=":material/check:")
        return
    st.info(
        f"The {SPLITS[split].lower()} pictures are not in this copy of the project; this is the list of their names.",
        icon=":material/hide_image:",
    )
    st.dataframe(_listing(seen, rows), hide_index=True, alt=f"{len(rows)} pictures with the score of each model.")


def _listing(seen: Judged, rows: list[int]) -> pd.DataFrame:
    scores = seen.score.iloc[rows].round(3).rename(columns={name: zoo.spec(name).title for name in seen.score})
    scores.insert(0, "File", seen.rows["file"].iloc[rows])
    scores.insert(1, "Published as", seen.rows["subtype"].iloc[rows].map(SUBTYPE_WORDS))
    return scores


def _remember() -> None:
    state = st.session_state
    state.mistakes_address = {key: state[f"mistakes_{key}"] for key in KEYS}
    state.mistakes_notes = []
    st.query_params.update(state.mistakes_address)
