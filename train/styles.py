"""The acquisition styles of the X-rays, found without labels: assets/results/styles.csv.

    python -m train.styles --data chest_xray

The files do not record the machine, but exposure, sharpness, borders and burned-in marks show it. A Gaussian mixture on
these is fitted on the training images alone; then each image of splits.csv, test images included, gets the style that
it most likely has. No network reads an image here, and no label is used: the table repeats the labels so that others
can count styles by class.
"""

import argparse
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.mixture import GaussianMixture
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from cxr_models.errors import Refusal
from train import marks, pictures, score, shortcut
from train.marks import Mark
from train.pictures import Pictures

SEED = 0
RINGS = 16  # of spatial frequency, up to half a cycle a pixel
BORDER = 4  # rows and columns
PLACES = ("upper left", "upper right", "lower left", "lower right")
COMPONENTS = 10
STYLES = range(4, 11)
SMALLEST = 0.01  # share of the training images that each style must hold
STARTS = 5
SOFTNESS = 0.03  # added to each variance: marks are there or not, and a mixture would make a spike of them
DECIMALS = 4
STATISTICS = (
    "gx_gy",
    "sharpness",
    "brightness",
    "contrast",
    "dark",
    "bright",
    "entropy",
    "edge",
    "blockiness",
)
COLUMNS = [*score.COLUMNS, "style", "marker", "place", *STATISTICS]
FOLDS = 5
LARGEST_WEIGHT = 10.0


@dataclass(frozen=True)
class Described:
    """What a style is made of, without labels. rows: `score.COLUMNS`, marker, place and the nine global statistics.
    blocks: global statistics, histogram, spectrum, borders, marks, each (n, size)."""

    rows: pd.DataFrame
    blocks: tuple[np.ndarray, ...]

    @property
    def features(self) -> np.ndarray:
        """(n, sum of the sizes)."""
        return np.hstack(self.blocks)


def described(part: Pictures) -> Described:
    """Measure every picture once."""
    grey = part.pixels[:, 0].numpy()
    statistics = pd.DataFrame([shortcut.numbers(picture) for picture in part.pixels], index=part.rows.index)
    found = [marks.find(picture) for picture in part.pixels]
    rows = part.rows[score.COLUMNS].assign(
        marker=[marks.kind(one) for one in found],
        place=[_places(one) for one in found],
    )
    blocks = (
        statistics.to_numpy(),
        np.stack([np.sqrt(shortcut.histogram(image)) for image in grey]),
        np.stack([spectrum(image) for image in grey]),
        np.stack([borders(image) for image in grey]),
        np.stack([marked(one) for one in found]),
    )
    return Described(pd.concat([rows, statistics.round(DECIMALS)], axis=1), blocks)


def rings(side: int) -> np.ndarray:
    """(side, side // 2 + 1): for each coefficient of `np.fft.rfft2` the ring of spatial frequency that it lies in."""
    frequency = np.hypot(np.fft.fftfreq(side)[:, None], np.fft.rfftfreq(side)[None])
    return np.minimum((frequency * 2 * RINGS).astype(int), RINGS - 1)


def spectrum(grey: np.ndarray) -> np.ndarray:
    """Log of the mean amplitude in each ring of spatial frequency, (RINGS,); a Hann window keeps the edges out."""
    window = np.hanning(len(grey))
    amplitude = np.abs(np.fft.rfft2((grey - grey.mean()) * np.outer(window, window))).ravel()
    ring = rings(len(grey)).ravel()
    return np.log(np.bincount(ring, amplitude, RINGS) / np.bincount(ring, minlength=RINGS) + 1e-6)


def borders(grey: np.ndarray) -> np.ndarray:
    """Mean and standard deviation of the outer rows and columns: top, bottom, left, right; (8,)."""
    edges = grey[:BORDER], grey[-BORDER:], grey[:, :BORDER], grey[:, -BORDER:]
    return np.array([measure(edge) for edge in edges for measure in (np.mean, np.std)])


def marked(found: list[Mark]) -> np.ndarray:
    """What is burned into an image, (9,): for each of `PLACES` whether a text is there, then a letter, then the height
    of the tallest letter."""
    letters = [mark for mark in found if mark.kind == "letter"]
    there = [
        any((mark.kind, mark.place) == (kind, place) for mark in found) for kind in marks.KINDS for place in PLACES
    ]
    return np.array([*there, max((mark.height for mark in letters), default=0) / marks.HEIGHT[1]], dtype=float)


@dataclass(frozen=True)
class Styles:
    """What `fit` found. reduce: features -> principal components. mixture: those -> a cluster. order: cluster -> style,
    1, 2, … from the most frequent among the training images to the rarest."""

    reduce: Pipeline
    mixture: GaussianMixture
    order: dict[int, int]

    def of(self, part: Described) -> pd.Series:
        """The most likely style of each image, indexed as its rows."""
        cluster = self.mixture.predict(self.reduce.transform(part.features))
        return pd.Series(cluster, index=part.rows.index).map(self.order)


def fit(training: Described) -> Styles:
    """Find the styles of the training images.

    Each number is standardised, and each block weighs the same, however many numbers it has; their `COMPONENTS` first
    principal components go into a Gaussian mixture. How many styles: of `STYLES`, the number with the lowest BIC among
    those of which each style holds at least `SMALLEST` of the images; where none does, the lowest BIC.
    """
    sizes = [block.shape[1] for block in training.blocks]
    weight = np.repeat(1 / np.sqrt(sizes), sizes)
    reduce = make_pipeline(
        StandardScaler(),
        FunctionTransformer(_times, kw_args={"weight": weight}),
        PCA(min(COMPONENTS, len(training.rows) - 1), svd_solver="full"),
    )
    components = reduce.fit_transform(training.features)
    tried = [
        GaussianMixture(styles, reg_covar=SOFTNESS, n_init=STARTS, random_state=SEED).fit(components)
        for styles in STYLES
    ]

    def rank(mixture: GaussianMixture) -> tuple[bool, float]:
        sizes = np.bincount(mixture.predict(components), minlength=mixture.n_components)
        return sizes.min() < SMALLEST * len(components), mixture.bic(components)

    best = min(tried, key=rank)
    frequent = pd.Series(best.predict(components)).value_counts().index
    return Styles(reduce, best, {cluster: style for style, cluster in enumerate(frequent, start=1)})


def weights(rows: pd.DataFrame) -> np.ndarray:
    """How much each training image should count so that the class is independent of style: float (n,), mean 1.

    rows: of styles.csv. P(label) / P(label | nine global statistics, style), the latter from a logistic regression
    cross-fitted by patient; at most `LARGEST_WEIGHT` times and at least a `LARGEST_WEIGHT`th before they are scaled
    (inverse propensity weighting: Rosenbaum & Rubin 1983, stabilised as in Robins 2000).
    """
    features = pd.get_dummies(rows["style"], prefix="style").join(rows[list(STATISTICS)]).astype(float)
    label = rows["label"].to_numpy()
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    folds = GroupKFold(min(FOLDS, rows["patient"].nunique()))
    probability = cross_val_predict(model, features, label, groups=rows["patient"], cv=folds, method="predict_proba")
    of_label = probability[np.arange(len(label)), label]
    weight = np.bincount(label)[label] / len(label) / np.maximum(of_label, 1e-12)
    weight = weight.clip(1 / LARGEST_WEIGHT, LARGEST_WEIGHT)
    return weight / weight.mean()


def _times(features: np.ndarray, weight: np.ndarray) -> np.ndarray:
    return features * weight


def _places(found: list[Mark]) -> str:
    """Where the marks are that give an image its kind; several places in the order of `PLACES`."""
    places = {mark.place for mark in found if mark.kind == marks.kind(found)}
    return "; ".join(place for place in PLACES if place in places)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    score.add_arguments(parser)
    args = parser.parse_args()
    try:
        parts = [
            described(pictures.load(args.data, args.splits, split, limit=args.limit))
            for split in ("train", "val", "test")
        ]
    except Refusal as refusal:
        parser.exit(2, f"{refusal}\n")
    styles = fit(parts[0])
    table = pd.concat([part.rows.assign(style=styles.of(part)) for part in parts], ignore_index=True)
    table[COLUMNS].to_csv(args.results / "styles.csv", index=False)
    print(f"wrote {len(table)} rows and {len(styles.order)} styles to styles.csv")


if __name__ == "__main__":
    main()
