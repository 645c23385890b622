from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest


@dataclass(frozen=True)
class Sample:
    """Made-up pictures of 120 patients, some with several, in which a higher logit means more pneumonia."""

    label: np.ndarray
    logit: np.ndarray
    patient: np.ndarray


@pytest.fixture
def sample() -> Sample:
    random = np.random.default_rng(7)
    patient = np.sort(random.integers(0, 120, size=200))
    label = (patient < 80).astype(int)
    # Rounded, so that scores tie within and between the classes.
    logit = (random.normal(2 * label - 1, 1.2) + random.normal(0, 0.8, size=120)[patient]).round(1)
    return Sample(label=label, logit=logit, patient=np.char.add("person", patient.astype(str)).astype(object))


@pytest.fixture
def table(sample: Sample) -> pd.DataFrame:
    noise = np.random.default_rng(8).normal(size=(2, sample.label.size))
    return pd.DataFrame(
        {
            "file": [f"{number}.jpeg" for number in range(sample.label.size)],
            "split": "test",
            "label": sample.label,
            "subtype": np.where(sample.label == 1, "virus", "normal"),
            "patient": sample.patient,
            "base_cnn": sample.logit,
            "teacher": np.nan,
            "student": sample.logit + 0.2 * noise[0],
            "resnet50": 0.2 * sample.logit + noise[1],
        }
    )
