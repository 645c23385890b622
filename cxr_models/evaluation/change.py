"""What moving a threshold changed, or taking it elsewhere, in a sentence.

>>> sentence("The student", Confusion(tp=80, fp=5, fn=20, tn=45), Confusion(tp=84, fp=16, fn=16, tn=34))
'The student finds 4 more pneumonias of 100 and raises 11 more false alarms on 50 normals.'
"""

import math

from cxr_models.evaluation.confusion import Confusion


def sentence(title: str, before: Confusion, now: Confusion) -> str:
    """The change of one model from ``before`` to ``now``, both counted on the same pictures.

    A threshold that moves one way only adds positives, so equal counts mean the same pictures.
    """
    pneumonias, normals = now.tp + now.fn, now.fp + now.tn
    if (before.tp, before.fp) == (now.tp, now.fp):
        return f"{title} gives the same verdicts on all {pneumonias + normals} pictures."
    return f"{title} {_found(now.tp - before.tp, pneumonias)} and {_alarms(now.fp - before.fp, normals)}."


def carried_over(chosen_on: Confusion, here: Confusion) -> str:
    """What a threshold does on other pictures than those it was chosen on, per 100 of either class.

    >>> carried_over(Confusion(tp=96, fp=2, fn=4, tn=48), Confusion(tp=180, fp=8, fn=20, tn=192))
    'misses 6 more pneumonias of 100 and raises as many false alarms'
    """
    found, alarms = here.sensitivity - chosen_on.sensitivity, chosen_on.specificity - here.specificity
    if math.isnan(found) or math.isnan(alarms):
        return "cannot be compared: that takes pneumonias and normals"
    found, alarms = (round(100 * float(more), 1) for more in (found, alarms))
    return (
        f"{_found(found, 100) if found else 'finds as many pneumonias'} and "
        f"{_alarms(alarms, 100) if alarms else 'raises as many false alarms'}"
    )


def _found(more: float, pneumonias: int) -> str:
    if more == 0:
        return "finds the same pneumonias"
    return f"{'finds' if more > 0 else 'misses'} {abs(more):g} more {_plural(abs(more), 'pneumonia')} of {pneumonias}"


def _alarms(more: float, normals: int) -> str:
    if more == 0:
        return "raises the same false alarms"
    amount = "more" if more > 0 else "fewer"
    return f"raises {abs(more):g} {amount} false {_plural(abs(more), 'alarm')} on {_many(normals, 'normal')}"


def _many(count: int, noun: str) -> str:
    return f"{count} {_plural(count, noun)}"


def _plural(count: float, noun: str) -> str:
    return noun if count == 1 else f"{noun}s"
