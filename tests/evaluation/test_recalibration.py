"""Thresholds are chosen on half of the patients and measured on the other half."""

import numpy as np
import pandas as pd
import pytest

from cxr_models.errors import TableRefused
from cxr_models.evaluation import recalibration
from cxr_models.evaluation.summary import Point

POINTS = {"student": Point(1.0, 0.5)}


def hospital(shift: float, patients: int = 60) -> pd.DataFrame:
    """Two images of each patient, one class; logits that separate the classes, all shifted upwards."""
    rng = np.random.default_rng(0)
    label = np.repeat(np.arange(patients) % 2, 2)
    rows = {"split": "external", "label": label, "patient": np.repeat([f"p{n}" for n in range(patients)], 2)}
    return pd.DataFrame({**rows, "student": 4.0 * label - 2 + shift + rng.normal(0, 0.3, 2 * patients)})


def test_a_shift_is_undone_on_patients_that_chose_nothing():
    found = recalibration.recalibrated(hospital(shift=5), POINTS, split="external")["student"]
    assert found.before["specificity"].value == 0 and found.before["sensitivity"].value == 1
    assert found.after["specificity"].value > 0.9 and found.after["sensitivity"].value > 0.9
    assert (found.patients, found.images) == (30, 60), "no patient in both halves"


def test_scores_that_tell_nothing_stay_useless():
    table = hospital(shift=0).assign(student=np.random.default_rng(1).normal(size=120))
    after = recalibration.recalibrated(table, POINTS, split="external")["student"].after
    assert abs(after["sensitivity"].value + after["specificity"].value - 1) < 0.3


def test_halves_of_one_class_are_refused():
    with pytest.raises(TableRefused):
        recalibration.recalibrated(hospital(shift=0, patients=2), POINTS, split="external")
