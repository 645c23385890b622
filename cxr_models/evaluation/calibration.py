"""Does a score of .8 mean 80 %?

One temperature makes it so on the plain validation rows; the rest measures whether it still does elsewhere.

"""

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import minimize_scalar

from cxr_models.errors import TableRefused
from cxr_models.evaluation.scores import checked

TEMPERATURES = (0.01, 100.0)  # perfectly separated rows would ask for 0, reversed ones for infinity


def fit_temperature(label: ArrayLike, logit: ArrayLike) -> float:
    """The temperature T in [0.01, 100] that minimises the log loss of sigmoid(logit / T) (Guo et al. 2017).

    One parameter, so the order of the pictures and the AUC stay. Raises TableRefused as `scores.checked`
    does, and for rows of one class only.

    >>> round(fit_temperature([0, 1, 1, 0, 1], [-4.0, 4.0, 4.0, 4.0, 4.0]), 2)
    2.89
    """
    label, logit = checked(label, logit)
    _refuse_one_class(label)
    signed = np.where(label == 1, logit, -logit)

    def log_loss(log_temperature: float) -> float:
        return float(np.logaddexp(0, -signed / np.exp(log_temperature)).mean())

    # In log(T) the search is equally fine for 0.1 and for 10.
    found = minimize_scalar(
        log_loss, bounds=tuple(np.log(TEMPERATURES)), method="bounded", options={"xatol": 1e-9}
    )
    return float(np.exp(found.x))


def _refuse_one_class(label: np.ndarray) -> None:
    if label.min() == label.max():
        only = "pneumonias" if label[0] else "normals"
        raise TableRefused(
            f"Calibration needs pneumonias and normals; these {label.size} pictures are all {only}."
        )
