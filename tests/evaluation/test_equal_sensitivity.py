import numpy as np
import pytest

from cxr_models.evaluation import bootstrap, equal_sensitivity
from cxr_models.evaluation.intervals import wilson

MODELS = ("base_cnn", "teacher", "student", "resnet50")


def by_hand(label: np.ndarray, logit: np.ndarray, target: float) -> float:
    """False alarms at the highest score that is a threshold with the target sensitivity, by trying every score."""
    reaching = [it for it in np.unique(logit) if (logit[label == 1] >= it).mean() >= target]
    return (logit[label == 0] >= max(reaching)).mean()


@pytest.mark.parametrize("target", equal_sensitivity.TARGETS)
def test_false_alarms_and_paired_differences_are_those_of_brute_force(table, target):
    (found,) = equal_sensitivity.at_targets(table, MODELS, split="test", targets=[target], resamples=60, seed=3)
    label = table["label"].to_numpy()
    assert list(found.false_alarms) == ["base_cnn", "student", "resnet50"]
    drawn = {model: [] for model in found.false_alarms}
    for weight in bootstrap.row_weights(table["patient"], resamples=60, seed=3):
        rows = np.repeat(np.arange(weight.size), weight)
        for model, of_model in drawn.items():
            of_model.append(by_hand(label[rows], table[model].to_numpy()[rows], target))
    for model, it in found.false_alarms.items():
        assert it.value == by_hand(label, table[model].to_numpy(), target)
        assert [it.low, it.high] == pytest.approx(np.quantile(drawn[model], [0.025, 0.975]))
    for (one, other), it in found.differences.items():
        apart = np.array(drawn[one]) - np.array(drawn[other])
        assert it.value == found.false_alarms[one].value - found.false_alarms[other].value
        assert [it.low, it.high] == pytest.approx(np.quantile(apart, [0.025, 0.975]))


def test_a_model_does_not_differ_from_itself_although_its_scale_does(table):
    table["resnet50"] = 3 * table["base_cnn"] + 1
    (found,) = equal_sensitivity.at_targets(table, ("base_cnn", "resnet50"), split="test", targets=[0.97], resamples=50)
    it = found.differences["base_cnn", "resnet50"]
    assert (it.value, it.low, it.high) == (0, 0, 0)


def test_without_false_alarms_the_interval_is_wilson_s_of_the_patients(table):
    table["base_cnn"] = table["label"] - 0.5
    (found,) = equal_sensitivity.at_targets(table, ["base_cnn"], split="test", targets=[0.97], resamples=50)
    normals = table.loc[table["label"] == 0, "patient"].nunique()
    assert found.false_alarms["base_cnn"].high == wilson(0, normals).high


def test_one_class_has_no_false_alarms_at_a_sensitivity(table):
    (found,) = equal_sensitivity.at_targets(
        table[table["label"] == 1], ("base_cnn", "student"), split="test", targets=[0.97], resamples=20
    )
    assert all(np.isnan(it.value) for it in (*found.false_alarms.values(), *found.differences.values()))
