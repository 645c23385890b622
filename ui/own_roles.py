"""The proposal of what each column of the reader's table is, and the widgets that confirm or change it."""

import numpy as np
import pandas as pd
import streamlit as st

from cxr_models import patients, zoo
from cxr_models.evaluation import own_columns, own_names, own_truth
from cxr_models.evaluation.own_analysis import Roles
from cxr_models.evaluation.own_columns import IGNORE, PATIENT, SCORE, TRUTH, UNSURE, Proposal
from cxr_models.evaluation.own_table import OwnTable
from cxr_models.patients import Rule
from ui import own_hospital, words
from ui.own_hospital import Given, shown

MOST_SCORES = 6
SHORT = 8  # columns that are all shown at once
ROLES = {PATIENT: "Patient", TRUTH: "Truth", SCORE: "Score", IGNORE: "Ignore", UNSURE: "Please choose"}
NO_PATIENT = "No column: each row is another patient"
NOT_NAMED = "The table names no patients. If some have several X-rays in it, the intervals are too short."
NOT_USED = "Each row counts as another patient. If some have several X-rays, the intervals are too short."


def choose(given: Given) -> tuple[Roles | None, str]:
    """Draw the proposal and its widgets; the roles, None until each is chosen, and a note on the patients, ''."""
    proposal, labels = own_hospital.proposal(given.key, given.table), own_hospital.labels(list(given.table.cells))
    for note in given.table.notes:
        (st.caption if given.table.header else st.warning)(words.literal(note))
    _table(proposal)
    with st.container(border=True):
        left, right = st.columns(2)
        with left:
            truth = st.selectbox(
                "The truth", list(labels), index=list(labels).index(proposal.truth) if proposal.truth else None,
                format_func=labels.get, placeholder="Choose a column", key=f"truth_{given.key}",
                persist_state="session",
            )  # fmt: skip
        with right:
            patient, rule = _patient(given, proposal, labels)
        ill, well = _answers(given, truth) if truth else ((), ())
        only = _rows(given, proposal)
        scores = _scores(given, proposal, labels, {truth, patient})
        read_as = {name: _reading(given.table, given.key, name) for name in scores}
        reverse = _reverse(given.key, labels, [name for name in scores if name not in proposal.logits])
    chosen = {
        "the truth": truth, "the patient": patient is not None, "values that mean pneumonia": ill or not truth,
        "values that mean no pneumonia": well or not truth, "a split": only != (), "the scores": scores,
        "how a number is read": None not in read_as.values(),
    }  # fmt: skip
    if missing := [what for what, is_chosen in chosen.items() if not is_chosen]:
        st.caption(f"Still to choose: {', '.join(missing)}.")
        return None, ""
    networks = tuple((name, proposal.of(name).model) for name in scores if name in proposal.logits)
    roles = Roles(truth, ill, well, tuple(read_as.items()), patient, rule, networks, reverse, only)
    return roles, "" if patient else NOT_USED if proposal.patient_like else NOT_NAMED


def _table(proposal: Proposal) -> None:
    """Columns that are ignored come last, for a wide table is cut off."""
    columns = sorted(proposal.columns, key=lambda column: column.role == IGNORE)
    frame = pd.DataFrame(
        {
            "Column": [column.name for column in columns],
            "Role": [_role(column) for column in columns],
            "Reason": [column.reason for column in columns],
            "Values": [_values(column) for column in columns],
        }
    ).map(lambda text: words.literal(text.translate(own_hospital.MARKUP)))
    st.markdown("**Proposed roles**")
    st.table(
        frame, hide_index=True, border="horizontal", height="content" if len(frame) <= SHORT else 420,
        alt="Each column of your table with its proposed role and the reason.",
    )  # fmt: skip


def _values(column: own_columns.Column) -> str:
    """Type, three examples, and the share of missing cells where there are any."""
    examples = f": {', '.join(map(shown, column.examples))}" if column.examples else ""
    return f"{column.kind}{examples}{f'; {words.percent(column.missing)} missing' if column.missing else ''}"


def _role(column: own_columns.Column) -> str:
    if column.role != SCORE:
        return ROLES[column.role]
    return f"Score of {zoo.spec(column.model).title}" if column.model else ROLES[SCORE]


def _patient(given: Given, proposal: Proposal, labels: dict[str, str]) -> tuple[str | None, Rule | None]:
    """The column that names the patient, '' for none and None until it is chosen; the rule where it names files."""
    options: dict[str, tuple[str, Rule | None]] = {NO_PATIENT: ("", None)}
    options |= {label: (name, None) for name, label in labels.items()}
    for name in filter(own_names.is_file, labels):
        for found in own_columns.file_rules(given.table, name):
            (file, patient), *_ = found.examples
            options[f"{labels[name]}: {found.rule.title} ({file} → {patient})"] = (name, found.rule)
    sure = (proposal.patient, proposal.rule) if proposal.patient is not None else None
    chosen = st.selectbox(
        "The patient", list(options), index=list(options.values()).index(sure) if sure else None,
        placeholder="Choose a column", key=f"patient_{given.key}", persist_state="session",
        help="X-rays of one patient stay in the same half, and the intervals count patients.",
    )  # fmt: skip
    return options[chosen] if chosen else (None, None)


def _answers(given: Given, truth: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The answers that mean pneumonia and those that mean none, as the reader chose them."""
    found = own_truth.answers(given.table.cells[truth])
    presets = own_truth.presets(found)
    chosen = []
    for cell, label, role, preset in zip(
        st.columns(2), ("Values that mean pneumonia", "Values that mean no pneumonia"), ("ill", "well"), presets,
        strict=True,
    ):  # fmt: skip
        chosen.append(
            tuple(
                cell.multiselect(
                    label,
                    list(found),
                    default=preset,
                    format_func=lambda value: f"{shown(value)} ({found[value]})",
                    placeholder="Choose values",
                    key=f"{role}_{given.key}_{truth}",
                    persist_state="session",
                )  # fmt: skip
            )
        )
    left = sum(count for value, count in found.items() if value not in {*chosen[0], *chosen[1]})
    left += len(given.table.cells) - sum(found.values())
    if left:
        st.caption(f"{left} of {len(given.table.cells)} rows have neither and are left out.")
    return chosen[0], chosen[1]


def _rows(given: Given, proposal: Proposal) -> tuple[str, str] | tuple[()] | None:
    """Of a table that shows one image in several splits, the split to use; () until it is chosen, None where there is
    nothing to choose."""
    if not proposal.own or "split" not in given.table.cells or given.table.cells["split"].nunique() < 2:
        return None
    splits = list(given.table.cells["split"].unique())
    chosen = st.selectbox(
        "Rows of which split?", splits, index=None, placeholder="Choose a split", key=f"split_{given.key}",
        persist_state="session", help="The same X-rays may stand in several splits.",
    )  # fmt: skip
    return ("split", chosen) if chosen else ()


def _scores(given: Given, proposal: Proposal, labels: dict[str, str], taken: set[str | None]) -> list[str]:
    options = [name for name in proposal.usable if name not in taken]
    default = [name for name in proposal.scores if name in options][:MOST_SCORES]
    if not options:
        st.error("No column can be a score: a score needs at least three different numbers.")
        return []
    return st.multiselect(
        "The scores", options, default=default, max_selections=MOST_SCORES, format_func=labels.get,
        placeholder="Choose columns", key=f"scores_{given.key}", persist_state="session",
        help="Columns of numbers on any scale. Higher means pneumonia, unless you say otherwise below.",
    )  # fmt: skip


def _reverse(key: str, labels: dict[str, str], scores: list[str]) -> tuple[str, ...]:
    if not scores:
        return ()
    chosen = st.multiselect(
        "Scores in which a lower value means pneumonia", scores, format_func=labels.get, placeholder="None",
        key=f"lower_{key}", persist_state="session",
    )  # fmt: skip
    return tuple(chosen)


def _reading(table: OwnTable, key: str, name: str) -> str | None:
    """The decimal sign to read a column by, '' where there is no doubt; None until the reader has said."""
    found = own_columns.two_readings(table, name)
    if not found:
        return ""
    cell, whole, fraction = found
    sign = "," if "," in cell else "."
    signs = {"." if sign == "," else ",": f"{whole:.0f}", sign: np.format_float_positional(fraction)}
    return st.radio(
        f"Which number is “{words.literal(cell)}” in {words.literal(shown(name))}?", list(signs), index=None,
        format_func=signs.get, horizontal=True, key=f"reading_{key}_{name}", persist_state="session",
    )  # fmt: skip


def of_images(rule: Rule | None) -> str:
    """A note on patients that a rule finds in file names, '' where there is nothing to say."""
    return NOT_USED if rule == patients.NONE else ""
