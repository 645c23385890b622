"""Styles are found without labels; weights take what they tell of the class away."""

import numpy as np
import pandas as pd
import pytest
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import adjusted_rand_score, roc_auc_score

from cxr_models.evaluation import styles as evaluation
from cxr_models.paths import RESULTS
from tests.train import test_marks
from train import marks, splits, styles
from train.pictures import Pictures

MACHINES = 4


def pictures(count: int, seed: int) -> tuple[Pictures, np.ndarray]:
    """Pictures of four machines that differ in level, noise and a text; the label has nothing to do with them."""
    rng = np.random.default_rng(seed)
    machine = np.arange(count) % MACHINES
    grey = np.empty((count, 224, 224), np.float32)
    text = test_marks.picture(*test_marks.text(186, 209))[0].numpy()
    for image, number in zip(grey, machine, strict=True):
        image[:] = 0.2 + 0.12 * number + rng.normal(0, (0.01, 0.03)[number % 2], image.shape)
        if number == 3:
            image[text > 0.5] = 1.0
    rows = pd.DataFrame({"file": [f"{seed}_{i}.jpeg" for i in range(count)], "split": "train", "subtype": "normal"})
    rows = rows.assign(label=rng.integers(0, 2, count), patient=rows["file"])
    return Pictures(rows, torch.from_numpy(grey.clip(0, 1))[:, None]), machine


@pytest.fixture(scope="module")
def described() -> tuple[styles.Described, np.ndarray]:
    part, machine = pictures(48, seed=0)
    return styles.described(part), machine


def test_the_machines_are_found_again_on_other_pictures(described):
    training, machine = described
    found = styles.fit(training)
    assert adjusted_rand_score(machine, found.of(training)) > 0.9
    others, theirs = pictures(16, seed=1)
    assert adjusted_rand_score(theirs, found.of(styles.described(others))) > 0.9
    sizes = found.of(training).value_counts().sort_index()
    assert sizes.index.tolist() == list(range(1, len(sizes) + 1)) and sizes.is_monotonic_decreasing


def test_the_styles_are_the_same_again_whatever_the_labels(described):
    training, _ = described
    turned = styles.Described(training.rows.assign(label=1 - training.rows["label"]), training.blocks)
    assert styles.fit(training).of(training).equals(styles.fit(turned).of(turned))


def test_the_rows_say_what_is_burned_in_and_where(described):
    training, machine = described
    assert (training.rows["marker"] == np.where(machine == 3, "text", "none")).all()
    assert set(training.rows["place"]) == {"", "lower right"}


@pytest.fixture
def confounded() -> pd.DataFrame:
    """2,000 rows whose class goes with brightness and style; two images of each patient."""
    rng = np.random.default_rng(0)
    label = rng.random(2000) < 0.7
    style = np.where(rng.random(2000) < np.where(label, 0.7, 0.3), 1, 2)
    rows = pd.DataFrame(rng.normal(size=(2000, 9)), columns=list(styles.STATISTICS))
    rows["brightness"] += label
    return rows.assign(label=label.astype(int), style=style, patient=np.repeat(np.arange(1000), 2))


def test_weights_make_the_class_independent_of_style_and_statistics(confounded):
    weight = styles.weights(confounded)
    assert weight.shape == (2000,) and weight.mean() == pytest.approx(1) and weight.min() > 0
    share = confounded.assign(weight=weight).groupby(["style", "label"])["weight"].sum().unstack()
    share = share[1] / share.sum(axis=1)
    assert abs(share[1] - share[2]) < 0.1 < abs(confounded.groupby("style")["label"].mean().diff().iloc[-1])
    features = pd.get_dummies(confounded["style"]).join(confounded[["brightness"]]).astype(float).to_numpy()
    aucs = [
        roc_auc_score(
            confounded["label"],
            LogisticRegression().fit(features, confounded["label"], sample_weight=by).decision_function(features),
            sample_weight=by,
        )
        for by in (None, weight)
    ]
    assert aucs[0] > 0.75 and aucs[1] < 0.6


def test_a_weight_is_at_most_ten_times_the_usual(confounded):
    rows = confounded.assign(brightness=confounded["label"] * 50.0)
    rows.loc[0, "brightness"] = 50.0 * (1 - rows.loc[0, "label"])
    weight = styles.weights(rows)
    assert weight[0] == weight.max() and weight.max() / np.median(weight) < 2 * styles.LARGEST_WEIGHT


def test_the_command_describes_every_split(tiny_data, tmp_path, monkeypatch):
    table = tmp_path / "splits.csv"
    splits.cut(splits.kermany.read(tiny_data).rows, samples=set()).to_csv(table, index=False)
    monkeypatch.setattr(
        "sys.argv",
        ["styles", "--data", str(tiny_data), "--splits", str(table), "--results", str(tmp_path), "--limit", "16"],
    )
    styles.main()
    written = evaluation.load(tmp_path / "styles.csv")
    assert list(written) == styles.COLUMNS
    known = pd.read_csv(table).groupby("split").size().clip(upper=16)
    assert written["split"].value_counts().to_dict() == known.to_dict()


def test_the_committed_table_has_every_image_once_and_nothing_but_known_markers():
    table = pd.read_csv(RESULTS / "styles.csv", keep_default_na=False)
    known = pd.read_csv(RESULTS / "splits.csv", keep_default_na=False)
    assert sorted(table["file"]) == sorted(known["file"])
    assert set(table["marker"]) <= {*marks.KINDS, "none"}
    smallest = table.loc[table["split"] == "train", "style"].value_counts(normalize=True).min()
    assert table["style"].nunique() in styles.STYLES and smallest >= styles.SMALLEST
