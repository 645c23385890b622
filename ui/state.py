"""The operating point: the one owner of the thresholds that every page reads.

`restore` takes it from the address on a visitor's first run, `control` draws it in the sidebar of every page, `current`
is what pages ask for, `shipped` and `former` what they compare it with. Thresholds are derived from the choice and
stored nowhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import streamlit as st

from cxr_models import zoo
from cxr_models.errors import Refusal, TableRefused
from cxr_models.evaluation.operating_point import NAMED, NAMED_TARGET, Threshold
from cxr_models.evaluation.summary import Point
from ui import address, cached
from ui.address import DEFAULT_RULE, Choice
from ui.words import lowered, plain_percent

TITLES = {
    "balanced": "Balanced",
    "sensitive": "Sensitive",
    "specific": "Specific",
    "sensitivity": "Wished sensitivity",
    "specificity": "Wished specificity",
    "costs": "By costs",
    "free": "Free thresholds",
}
CAPTIONS = {
    "balanced": "The default: best sum of sensitivity and specificity.",
    "sensitive": f"Sensitivity of at least {plain_percent(NAMED_TARGET)}: misses few, more false alarms. Never above "
    "the balanced threshold.",
    "specific": f"Specificity of at least {plain_percent(NAMED_TARGET)}: few false alarms, misses more. Never below "
    "the balanced threshold.",
    "sensitivity": "One sensitivity for all models: compare their false alarms.",
    "specificity": "One specificity for all models: compare what they miss.",
    "costs": "How many false alarms is one missed pneumonia worth?",
    "free": "One threshold for each model, set by hand.",
}


@dataclass(frozen=True)
class OperatingPoint:
    """The thresholds in force.

    title: the rule's name on screen. thresholds: by model, for models whose checkpoint can be read. missing: by model,
    why it has none. notes: sentences for the screen where the wish was not met in full.
    """

    rule: str
    title: str
    thresholds: Mapping[str, Threshold]
    missing: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        values = ", ".join(f"{zoo.spec(name).title} {it.value:.2f}" for name, it in self.thresholds.items())
        return f"{self.title} · {values}" if values else self.title

    @property
    def spoken(self) -> str:
        """The point inside a sentence: 'the balanced point', 'a wished sensitivity of at least 95 %'."""
        spoken = lowered(self.title)
        wished = dict.fromkeys(address.WISHED, f"a {spoken}")
        return (wished | {"free": spoken, "costs": f"“{spoken}”"}).get(self.rule, f"the {spoken} point")

    @property
    def points(self) -> dict[str, Point]:
        """What `evaluation` needs of it: temperature and threshold by model."""
        return {name: Point(cached.calibration(name)["temperature"], it.value) for name, it in self.thresholds.items()}


def restore() -> None:
    """Take the choice from the address, once a visit; keep the address true to the choice ever after."""
    if "choice" not in st.session_state:
        parameters = {key: st.query_params[key] for key in address.KEYS if key in st.query_params}
        st.session_state.choice, st.session_state.address_notes = address.parse(parameters)
    wanted = {key: value for key, value in st.query_params.items() if key not in address.KEYS}
    wanted |= address.write(st.session_state.choice)
    if wanted != st.query_params.to_dict():
        st.query_params.from_dict(wanted)


def current() -> OperatingPoint:
    """The operating point in force; a rule that needs a missing table of scores gives way to the balanced one."""
    return _derived(st.session_state.get("choice", Choice()))


def shipped() -> OperatingPoint:
    """The operating point that a visitor finds first."""
    return _derived(Choice())


def former() -> OperatingPoint | None:
    """Where the dial stood before it was last moved; None before it was."""
    choice = st.session_state.get("former")
    return choice and _derived(choice)


def prevalence() -> float:
    """The share of children with pneumonia that the reader asks about, between 0 and 1."""
    return st.session_state.choice.prevalence


def asked() -> tuple[str, float, float] | tuple[str]:
    """The rule in force, its target and its prevalence, as `cached.rule_of` takes them; the balanced rule for free
    thresholds, which are chosen by no rule."""
    return _asked(st.session_state.get("choice", Choice()))


def _derived(choice: Choice) -> OperatingPoint:
    thresholds, missing, notes = {}, {}, []
    for name in zoo.COMPARED:
        try:
            thresholds[name] = _threshold(name, choice)
        except TableRefused as refusal:
            return _without_table(str(refusal))
        except Refusal as refusal:
            missing[name] = str(refusal)
        else:
            note = thresholds[name].note
            notes += [f"{zoo.spec(name).title}: {note}"] if note else []
    return OperatingPoint(choice.rule, _title(choice), thresholds, missing, tuple(notes))


def control() -> None:
    """The dial; the entrypoint draws it once a run, before the page."""
    choice: Choice = st.session_state.choice
    st.session_state.setdefault("rule", choice.rule)
    with st.sidebar:
        st.radio(
            "Operating point",
            address.RULES,
            key="rule",
            format_func=TITLES.get,
            captions=[CAPTIONS[rule] for rule in address.RULES],
            on_change=_chosen,
        )
        if choice.rule in address.WISHED:
            _wish_dial(choice)
        if choice.rule == "costs":
            _cost_dial(choice)
        if choice.rule == "free":
            _free_dials(choice)
        for note in (*st.session_state.get("address_notes", ()), *current().notes):
            st.warning(note)
        st.button(
            "Reset to balanced",
            key="reset",
            icon=":material/restart_alt:",
            on_click=_reset,
            disabled=choice.rule == DEFAULT_RULE,
        )


def prevalence_dial() -> None:
    """The slider for `prevalence`, for a page that shows what depends on it."""
    st.session_state.setdefault("prevalence", prevalence())
    low, high = address.PREVALENCE_RANGE
    st.slider(
        "Prevalence: of 100 children like yours, how many have pneumonia?", low, high, step=0.01, format="percent",
        key="prevalence", on_change=_chosen,
        help="PPV, NPV and net benefit depend on it. It is never taken from our pictures, most of which show "
        "pneumonia.",
    )  # fmt: skip


def balanced(name: str) -> Threshold:
    """The threshold a checkpoint was shipped with. Raises CheckpointRefused."""
    known = cached.calibration(name)
    return Threshold(known["threshold"], known["threshold_low"], known["threshold_high"])


def named(name: str, rule: str) -> Threshold:
    """A model's threshold by one of `operating_point.NAMED`. Raises TableRefused and CheckpointRefused."""
    known = balanced(name)
    if rule == DEFAULT_RULE:
        return known
    chosen, nearer = cached.threshold(name, rule), {"sensitive": min, "specific": max}[rule]
    # The checkpoint's numbers are rounded, and those of an older table until it is calibrated again.
    ends = {end: nearer(getattr(chosen, end), getattr(known, end)) for end in ("value", "low", "high")}
    return replace(chosen, **ends)


def _threshold(name: str, choice: Choice) -> Threshold:
    if choice.rule == "free":
        value = choice.free.get(name, balanced(name).value)
        return Threshold(value, value, value)
    return named(name, choice.rule) if choice.rule in NAMED else cached.threshold(name, *_asked(choice))


def _asked(choice: Choice) -> tuple[str, float, float] | tuple[str]:
    return {
        **{rule: (rule, choice.value, 0.0) for rule in address.WISHED},
        "costs": ("costs", choice.cost, choice.prevalence),
        "free": (DEFAULT_RULE,),
    }.get(choice.rule, (choice.rule,))


def _without_table(sentence: str) -> OperatingPoint:
    thresholds, missing = {}, {}
    for name in zoo.COMPARED:
        try:
            thresholds[name] = balanced(name)
        except Refusal as refusal:
            missing[name] = str(refusal)
    note = f"This operating point is chosen on validation scores. {sentence} The balanced thresholds are used instead."
    return OperatingPoint("balanced", TITLES["balanced"], thresholds, missing, (note,))


def _title(choice: Choice) -> str:
    if choice.rule in address.WISHED:
        return f"{TITLES[choice.rule]} of at least {plain_percent(choice.value)}"
    if choice.rule == "costs":
        alarms = f"{choice.cost} false alarm{'s'[: choice.cost != 1]}"
        return f"A miss counts as {alarms} at a prevalence of {plain_percent(choice.prevalence)}"
    return TITLES[choice.rule]


def _wish_dial(choice: Choice) -> None:
    # A key a rule: under one key the other rule's slider would start at its lowest value.
    key, end = f"value_{choice.rule}", {"sensitivity": "highest", "specificity": "lowest"}[choice.rule]
    st.session_state.setdefault(key, choice.value)
    low, high = address.WISH_RANGE
    st.slider(
        f"{choice.rule.capitalize()} of at least", low, high, step=0.005, key=key, format="percent",
        on_change=_chosen, help=f"The {end} threshold that reaches it on the stress-tested validation images.",
    )  # fmt: skip


def _cost_dial(choice: Choice) -> None:
    st.session_state.setdefault("cost", choice.cost)
    low, high = address.COST_RANGE
    st.slider(
        "One missed pneumonia counts as much as this many false alarms", low, high, step=1, key="cost",
        on_change=_chosen, help="The threshold with the smallest expected cost on the stress-tested validation images.",
    )  # fmt: skip
    st.caption(f"At a prevalence of {plain_percent(choice.prevalence)}, which is set on the page *Operating point*.")


def _free_dials(choice: Choice) -> None:
    for name in current().thresholds:
        key = f"t_{name}"
        st.session_state.setdefault(key, round(choice.free.get(name, balanced(name).value), 3))
        st.slider(
            zoo.spec(name).title, 0.0, 1.0, step=0.005, key=key, format="%.3f", on_change=_chosen,
            help="A picture whose score is at least this threshold is called suspected.",
        )  # fmt: skip


def _chosen() -> None:
    """Take the choice from the widgets that were on screen."""
    state = st.session_state
    dials = {key: state[key] for key in ("cost", "prevalence") if key in state}
    if (wish := f"value_{state.rule}") in state:
        dials["value"] = state[wish]
    choice = replace(state.choice, rule=state.rule, **dials)
    moved = {name: state[key] for key, name in address.THRESHOLD_KEYS.items() if key in state}
    if choice.rule == "free" and not moved:
        moved = {name: round(it.value, 3) for name, it in current().thresholds.items()}
    _take(replace(choice, free={**choice.free, **moved}))


def _reset() -> None:
    for key in (*address.KEYS, *(f"value_{rule}" for rule in address.WISHED)):
        st.session_state.pop(key, None)
    _take(Choice(prevalence=prevalence()))


def _take(choice: Choice) -> None:
    before = st.session_state.choice
    if _derived(before).thresholds != _derived(choice).thresholds:
        st.session_state.former = before
    st.session_state.choice, st.session_state.address_notes = choice, []
