"""The numbers behind ROC and precision-recall: both curves at the operating point and at a few shares found."""

from collections.abc import Callable, Mapping

import pandas as pd

from cxr_models.evaluation.confusion import Confusion
from cxr_models.evaluation.curves import SHARES, CurvePoint, PrecisionRecall, Roc
from ui import words

ALARMS, PRECISION = "False alarms among normals", "Precision"
AT = "Operating point"
NOTE = (
    "In brackets the threshold: the highest that finds at least that share of the pneumonias. Between two rows the "
    "curves are in the figures."
)


def table(
    rocs: Mapping[str, Roc],
    precisions: Mapping[str, PrecisionRecall],
    counts: Mapping[str, Confusion],
    thresholds: Mapping[str, float],
    titles: Mapping[str, str],
    threshold_text: Callable[[str, float], str] = lambda name, threshold: f"{threshold:.3f}",
) -> pd.DataFrame:
    """By curve and share of pneumonias found, a column a model; counts: at ``thresholds``. Without ``precisions`` the
    ROC alone. threshold_text: a model's threshold as it is shown."""

    def text(name: str, point: CurvePoint | None) -> str:
        if point is None:
            return words.UNDEFINED
        return f"{words.percent(point.other)} ({threshold_text(name, point.threshold)})"

    groups = {ALARMS: (rocs, lambda it: 1 - it.specificity)}
    if precisions:
        groups[PRECISION] = (precisions, lambda it: it.precision)
    rows = {}
    for group, (curves, other) in groups.items():
        rows[group, AT] = {
            titles[name]: f"{text(name, CurvePoint(thresholds[name], it.sensitivity, other(it)))}, finds "
            f"{words.percent(it.sensitivity)}"
            for name, it in counts.items()
        }
        for share in SHARES:
            rows[group, f"{words.plain_percent(share)} found"] = {
                titles[name]: text(name, curve.reaching(share)) for name, curve in curves.items()
            }
    return pd.DataFrame.from_dict(rows, orient="index")


def takeaway(rocs: Mapping[str, Roc], titles: Mapping[str, str], share: float = 0.95) -> str:
    """What finding that share costs each model, for those who do not see the table."""
    at = {titles[name]: curve.reaching(share) for name, curve in rocs.items()}
    said = (f"{title} {words.percent(it.other) if it else words.UNDEFINED}" for title, it in at.items())
    return (
        f"False alarms among normals where {words.plain_percent(share)} of the pneumonias are found: {', '.join(said)}."
    )
