"""The operating point as it stands in the address of a page.

What an address says is a stranger's input: whatever is not a known rule or a number in range becomes the default, with
a sentence that does not repeat it.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from cxr_models import zoo

RULES = ("balanced", "sensitive", "specific", "sensitivity", "free")
DEFAULT_RULE = RULES[0]
WISH_RANGE = (0.5, 1.0)
DEFAULT_WISH = 0.95
THRESHOLD_KEYS = {f"t_{name}": name for name in zoo.COMPARED}
KEYS = ("rule", "value", *THRESHOLD_KEYS)


@dataclass(frozen=True)
class Choice:
    """What the reader chose: a rule; the wished sensitivity (for `sensitivity`); thresholds by model (for `free`,
    a model without one keeps its balanced threshold)."""

    rule: str = DEFAULT_RULE
    value: float = DEFAULT_WISH
    free: Mapping[str, float] = field(default_factory=dict)


def parse(parameters: Mapping[str, str]) -> tuple[Choice, list[str]]:
    """The choice an address makes, and a sentence for each part of it that could not be followed.

    >>> parse({"rule": "free", "t_student": "0.3"})
    (Choice(rule='free', value=0.95, free={'student': 0.3}), [])
    >>> parse({"rule": "best"})[1]
    ['The address names an operating point that does not exist; the default is used.']
    """
    notes = []
    rule = parameters.get("rule", DEFAULT_RULE)
    if rule not in RULES:
        notes.append("The address names an operating point that does not exist; the default is used.")
        rule = DEFAULT_RULE
    wish = _number(parameters.get("value", str(DEFAULT_WISH)), *WISH_RANGE)
    if wish is None:
        wish = DEFAULT_WISH
        notes.append(
            f"The wished sensitivity in the address is not a number between {WISH_RANGE[0]:g} and {WISH_RANGE[1]:g}; "
            f"{DEFAULT_WISH:g} is used."
        )
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
    return Choice(rule, wish, free), notes


def write(choice: Choice) -> dict[str, str]:
    """The part of the address that restores a choice; empty for the default.

    >>> write(Choice("sensitivity", 0.9))
    {'rule': 'sensitivity', 'value': '0.9'}
    """
    if choice.rule == DEFAULT_RULE:
        return {}
    parameters = {"rule": choice.rule}
    if choice.rule == "sensitivity":
        parameters["value"] = f"{choice.value:g}"
    if choice.rule == "free":
        parameters |= {key: f"{choice.free[name]:g}" for key, name in THRESHOLD_KEYS.items() if name in choice.free}
    return parameters


def _number(text: str, low: float, high: float) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) and low <= number <= high else None
