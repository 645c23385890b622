"""The agreement matrix: which models suspect and which do not, how often, and the pictures behind each count."""

import pandas as pd
import streamlit as st

from cxr_models import zoo
from cxr_models.evaluation import mistakes
from cxr_models.evaluation.mistakes import Judged
from cxr_models.verdict import listed

TRUTHS = {"pneumonia": 1, "normal": 0}
PLURALS = {"pneumonia": "pneumonias", "normal": "normals"}
WIDTHS = [5, 4]
BUTTON = 164  # pixels: two of them stand beside each other on a phone

Pattern = tuple[bool, ...]


def choose(seen: Judged) -> tuple[str, list[int]]:
    """Draw the matrix, a button a count; the words for what was chosen and its row numbers.

    At first it is the disagreement that holds most pneumonias.
    """
    table = mistakes.patterns(seen)
    models = list(seen.positive)
    st.markdown(words(table))
    pattern, truth = st.session_state.get("agreement_cell", (_first(table), "pneumonia"))
    if pattern not in list(table.index):  # of more models, before one became missing
        pattern, truth = _first(table), "pneumonia"
    for row, counts in zip(table.index, table.to_dict("records"), strict=True):
        said, place = st.columns(WIDTHS, vertical_alignment="center", gap="xsmall")
        said.markdown(symbols(row, models))
        cells = place.container(horizontal=True, gap="small")
        for name, count in counts.items():
            cells.button(
                _counted(count, name),
                key=f"cell_{''.join(str(int(positive)) for positive in row)}_{name}",
                type="primary" if (row, name) == (pattern, truth) else "secondary",
                disabled=count == 0,
                on_click=_pick,
                args=((row, name),),
                width=BUTTON,
            )
    rows = [int(row) for row in mistakes.of_pattern(seen, pattern, TRUTHS[truth])]
    return f"{PLURALS[truth].capitalize()}: {pattern_words(pattern, models)}", rows


def words(table: pd.DataFrame) -> str:
    """How often the models disagree, and how often they are wrong together; table: from `mistakes.patterns`."""
    apart = table[[len(set(pattern)) > 1 for pattern in table.index]].to_numpy().sum()
    missed = table[[not any(pattern) for pattern in table.index]]["pneumonia"].sum()
    alarmed = table[[all(pattern) for pattern in table.index]]["normal"].sum()
    return (
        f"The models disagree on {apart} of {table.to_numpy().sum()} pictures. All models miss "
        f"{_counted(missed, 'pneumonia')}, and all raise a false alarm on {_counted(alarmed, 'normal')}."
    )


def pattern_words(pattern: Pattern, models: list[str]) -> str:
    """The pattern as a clause.

    >>> pattern_words((True, False, False), ["base_cnn", "student", "resnet50"])
    'Custom CNN suspects, Distilled student and ResNet-50 do not'
    >>> pattern_words((True, True), ["base_cnn", "student"])
    'all models suspect pneumonia'
    """
    yes = [zoo.spec(name).title for name, positive in zip(models, pattern, strict=True) if positive]
    no = [zoo.spec(name).title for name, positive in zip(models, pattern, strict=True) if not positive]
    if not no or not yes:
        return "all models suspect pneumonia" if yes else "no model suspects pneumonia"
    suspects, does = ("suspects", "suspect")[len(yes) > 1], ("does", "do")[len(no) > 1]
    return f"{listed(yes)} {suspects}, {listed(no)} {does} not"


def symbols(pattern: Pattern, models: list[str]) -> str:
    """The pattern as shape and name: '◆ Custom CNN · ○ ResNet-50'."""
    return " · ".join(
        f"{'◆' if positive else '○'} {zoo.spec(name).title}" for name, positive in zip(models, pattern, strict=True)
    )


def _counted(count: int, name: str) -> str:
    return f"{count} {PLURALS[name] if count != 1 else name}"


def _first(table: pd.DataFrame) -> Pattern:
    apart = table[[len(set(pattern)) > 1 for pattern in table.index]]
    return (apart if len(apart) else table)["pneumonia"].idxmax()


def _pick(cell: tuple[Pattern, str]) -> None:
    st.session_state.agreement_cell = cell
