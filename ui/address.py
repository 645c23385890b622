"""The operating point as it stands in the address of a page.

What an address says is a stranger's input: whatever is not a known rule or a number in range becomes the default, with
a sentence that does not repeat it.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from cxr_models import zoo

RULES = ("balanced", "sensitive", "specific", "sensitivity", "specificity", "costs", "free")
WISHED = ("sensitivity", "specificity")
DEFAULT_RULE = RULES[0]
WISH_RANGE = (0.5, 1.0)
DEFAULT_WISH = 0.95
COST_RANGE = (1, 100)
DEFAULT_COST = 10
PREVALENCE_RANGE = (0.01, 0.8)
DEFAULT_PREVALENCE = 0.1
THRESHOLD_KEYS = {f"t_{name}": name for name in zoo.COMPARED}
KEYS = ("rule", "value", "cost", "prevalence", *THRESHOLD_KEYS)


@dataclass(frozen=True)
class Choice:
    """What the reader chose.

    rule: one of `RULES`. value: the wish (for the rules `WISHED`). free: thresholds by model (for `free`; a
    model without one keeps its balanced threshold). cost: how many false alarms a miss counts as (for `costs`).
    prevalence: of 1 child, how much has pneumonia; part of the rule `costs`, and what PPV and NPV are told at.
    """

    rule: str = DEFAULT_RULE
    value: float = DEFAULT_WISH
    free: Mapping[str, float] = field(default_factory=dict)
    cost: int = DEFAULT_COST
    prevalence: float = DEFAULT_PREVALENCE


def parse(parameters: Mapping[str, str]) -> tuple[Choice, list[str]]:
    """The choice an address makes, and a sentence for each part of it that could not be followed.

    >>> parse({"rule": "free", "t_student": "0.3"})[0].free
    {'student': 0.3}
    >>> parse({"rule": "best"})[1]
    ['The address names an operating point that does not exist; the default is used.']
    """
    notes = []
    rule = parameters.get("rule", DEFAULT_RULE)
    if rule not in RULES:
        notes.append("The address names an operating point that does not exist; the default is used.")
        rule = DEFAULT_RULE
    wish = _given(parameters, "value", "wish", WISH_RANGE, DEFAULT_WISH, notes)
    cost = _given(parameters, "cost", "cost of a miss", COST_RANGE, DEFAULT_COST, notes)
    prevalence = _given(parameters, "prevalence", "prevalence", PREVALENCE_RANGE, DEFAULT_PREVALENCE, notes)
    free = {}
    for key, name in THRESHOLD_KEYS.items():
        if key in parameters:
            free[name] = _number(parameters[key], 0, 1)
            if free[name] is None:
                del free[name]
                notes.append(
                    f"The threshold of {zoo.spec(name).title} in the address is not a number between 0 and 1; "
                    "its balanced threshold is used."
                )
    # A dial has steps; an address need not know them.
    return Choice(rule, wish, free, round(cost), round(prevalence, 2)), notes


def write(choice: Choice) -> dict[str, str]:
    """The part of the address that restores a choice; empty for the default.

    >>> write(Choice("sensitivity", 0.9))
    {'rule': 'sensitivity', 'value': '0.9'}
    >>> write(Choice("costs", cost=20, prevalence=0.3))
    {'rule': 'costs', 'cost': '20', 'prevalence': '0.3'}
    """
    parameters = {} if choice.rule == DEFAULT_RULE else {"rule": choice.rule}
    if choice.rule in WISHED:
        parameters["value"] = f"{choice.value:g}"
    if choice.rule == "costs":
        parameters["cost"] = f"{choice.cost}"
    if choice.rule == "free":
        parameters |= {key: f"{choice.free[name]:g}" for key, name in THRESHOLD_KEYS.items() if name in choice.free}
    if choice.rule == "costs" or choice.prevalence != DEFAULT_PREVALENCE:
        parameters["prevalence"] = f"{choice.prevalence:g}"
    return parameters


def _given(
    parameters: Mapping[str, str],
    key: str,
    meaning: str,
    allowed: tuple[float, float],
    default: float,
    notes: list[str],
) -> float:
    """The number under the key; the default where there is none or, with a note, where it is none in range."""
    if key not in parameters:
        return default
    number = _number(parameters[key], *allowed)
    if number is not None:
        return number
    low, high = allowed
    notes.append(f"The {meaning} in the address is not a number between {low:g} and {high:g}; {default:g} is used.")
    return default


def _number(text: str, low: float, high: float) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) and low <= number <= high else None
