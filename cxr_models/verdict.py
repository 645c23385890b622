"""A score and a threshold in words: the same sentence for every screen.

>>> said = judge(0.87, Threshold(0.62, 0.55, 0.7))
>>> said.words
'Pneumonia suspected · score 0.87 · threshold 0.62'
>>> said.flip
'0.25 above the threshold; stays suspected up to a threshold of 0.87.'
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from cxr_models.evaluation.operating_point import Threshold

SUSPECTED = "Pneumonia suspected"
NOT_SUSPECTED = "No pneumonia suspected"
NOTHING_ELSE = "nothing else was looked for"
DECIMALS = 2
MOST_DECIMALS = 6
ABOVE, BELOW = "above ", "below "


@dataclass(frozen=True)
class Verdict:
    """One model's answer: positive if and only if score >= threshold.

    low, high: the threshold's interval; equal to the threshold where it was set by hand.
    """

    score: float
    threshold: float
    low: float
    high: float

    @property
    def positive(self) -> bool:
        return self.score >= self.threshold

    @property
    def too_close(self) -> bool:
        """Whether the score lies inside the threshold's interval; never for a threshold set by hand."""
        return self.low < self.high and self.low <= self.score <= self.high

    @property
    def headline(self) -> str:
        return SUSPECTED if self.positive else f"{NOT_SUSPECTED}; {NOTHING_ELSE}"

    @property
    def numbers(self) -> str:
        score, threshold = apart(self.score, self.threshold)
        return f"score {score} · threshold {threshold}"

    @property
    def score_words(self) -> str:
        return apart(self.score, self.threshold)[0]

    @property
    def words(self) -> str:
        return f"{self.headline} · {self.numbers}"

    @property
    def closeness(self) -> str:
        """Empty, or why this verdict should not be leaned on."""
        if not self.too_close:
            return ""
        low, high = apart(self.low, self.high)
        return f"Too close to call: the threshold itself is uncertain, 90 % interval {low} to {high}."

    @property
    def flip(self) -> str:
        """How far the verdict is from turning."""
        score, threshold = apart(self.score, self.threshold)
        distance = _distance(score, threshold, abs(self.score - self.threshold))
        exact = not _is_bound(score)
        if self.positive:
            return f"{distance} above the threshold; stays suspected up to a threshold {'of ' * exact}{score}."
        turns = f"at a threshold of {score} or lower" if exact else f"at a threshold {score}"
        return f"{distance} below the threshold; becomes suspected {turns}."


@dataclass(frozen=True)
class Stability:
    """What small changes of a picture do to one model's verdict.

    score: as it was given. low, high: the range of the scores, the given one included. turned: names of the changes
    that turn the verdict. views: how many changes there were.
    """

    score: float
    low: float
    high: float
    turned: tuple[str, ...]
    views: int

    @property
    def words(self) -> str:
        low, high = apart(self.low, self.high) if self.turned else (told(self.low), told(self.high))
        scores = f"score {low} to {high}" if low != high else f"score {low} every time"
        if not self.turned:
            return f"Stays in all {self.views} small changes of the picture: {scores}."
        return f"Turns in {len(self.turned)} of {self.views} small changes ({listed(list(self.turned))}): {scores}."


def stability(verdict: Verdict, scores: Mapping[str, float]) -> Stability:
    """How the verdict fares on changed views; scores: name of the change -> the model's score, at least one.

    >>> given = judge(0.6, Threshold(0.5, 0.5, 0.5))
    >>> stability(given, {"mirrored": 0.7, "darker": 0.45}).words
    'Turns in 1 of 2 small changes (darker): score 0.45 to 0.70.'
    """
    every = [verdict.score, *scores.values()]
    turned = tuple(name for name, score in scores.items() if (score >= verdict.threshold) != verdict.positive)
    return Stability(verdict.score, min(every), max(every), turned, len(scores))


def judge(score: float, threshold: Threshold) -> Verdict:
    """The verdict on a score in [0, 1] at a threshold."""
    return Verdict(score, threshold.value, threshold.low, threshold.high)


def agreement(verdicts: Mapping[str, Verdict]) -> str:
    """One line on whether the models agree; verdicts: title of the model -> its verdict, at least one.

    >>> yes, no = judge(0.9, Threshold(0.5, 0.5, 0.5)), judge(0.1, Threshold(0.5, 0.5, 0.5))
    >>> agreement({"A": yes, "B": no, "C": yes})
    'The models disagree: A and C suspect pneumonia, B does not.'
    >>> agreement({"A": no, "B": no})
    'No model suspects pneumonia; nothing else was looked for.'
    """
    for_it = [title for title, verdict in verdicts.items() if verdict.positive]
    against = [title for title, verdict in verdicts.items() if not verdict.positive]
    close = [title for title, verdict in verdicts.items() if verdict.too_close]
    if not against:
        every = {1: f"{for_it[0]} suspects", 2: "Both models suspect"}
        line = f"{every.get(len(for_it), f'All {len(for_it)} models suspect')} pneumonia."
    elif not for_it:
        line = f"No model suspects pneumonia; {NOTHING_ELSE}."
    else:
        suspects, does = ("suspects", "suspect")[len(for_it) > 1], ("does", "do")[len(against) > 1]
        line = f"The models disagree: {listed(for_it)} {suspects} pneumonia, {listed(against)} {does} not."
    return f"{line} Too close to call for {listed(close)}." if close else line


def listed(names: list[str]) -> str:
    """'A', 'A and B', 'A, B and C'."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def apart(first: float, second: float) -> tuple[str, str]:
    """Two numbers in [0, 1], each as `told` with two decimals, or with as many as it takes to tell them apart.

    >>> apart(0.62, 0.5), apart(0.6241, 0.6244), apart(0.5, 0.5)
    (('0.62', '0.50'), ('0.6241', '0.6244'), ('0.50', '0.50'))
    >>> apart(0.998, 0.5), apart(0.9996, 0.998)
    (('above 0.99', '0.50'), ('above 0.999', '0.998'))
    """
    for decimals in range(DECIMALS, MOST_DECIMALS + 1):
        texts = told(first, decimals), told(second, decimals)
        if texts[0] != texts[1]:
            return texts
    return told(first), told(second)


def told(number: float, decimals: int = DECIMALS) -> str:
    """A number in [0, 1] that never looks certain when it is not.

    >>> told(0.5), told(0.9999999), told(0.001), told(1.0)
    ('0.50', 'above 0.99', 'below 0.01', '1.00')
    """
    text, step = f"{number:.{decimals}f}", 10**-decimals
    if float(text) == 1 and number < 1:
        return f"{ABOVE}{1 - step:.{decimals}f}"
    if float(text) == 0 and number > 0:
        return f"{BELOW}{step:.{decimals}f}"
    return text


def _distance(score: str, threshold: str, distance: float) -> str:
    """Between two told numbers, so that it is their difference; where one of them is a bound, what it is at least."""
    shown = max(len(text.partition(".")[2]) for text in (score, threshold))
    if not (_is_bound(score) or _is_bound(threshold)):
        return f"{abs(float(score) - float(threshold)):.{shown}f}"
    least = math.floor(distance * 10**shown) / 10**shown
    return f"more than {least:.{shown}f}" if least else f"less than {10**-shown:.{shown}f}"


def _is_bound(text: str) -> bool:
    return text.startswith((ABOVE, BELOW))
