"""What nine global numbers of a picture tell of its label, without any medicine: assets/results/shortcut.csv.

    python -m train.shortcut --data chest_xray

A logistic regression on these numbers, fitted on the training pictures, is the baseline that a model must beat, most of
all where the numbers tell nothing: on the stressed pictures. The models' logits stand beside them, from scores.csv. Of
the training pictures there are none, so that these have a table without models, shortcut_training.csv.
"""

import argparse

import numpy as np
import pandas as pd
import torch
from scipy.stats import entropy
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from cxr_models import zoo
from cxr_models.errors import Refusal
from cxr_models.evaluation import scores
from train import pictures, score, validation
from train.pictures import Pictures
from train.stress import aspect_trace

EDGE = 22  # a tenth of the side
JPEG_BLOCK = 8
BINS = 32
FOLDS = 8
TONE = ["tone_baseline", "tone_baseline_here"]


def numbers(picture: torch.Tensor) -> dict[str, float]:
    """Nine numbers of one picture (1, 224, 224) that know nothing of anatomy.

    gx_gy: horizontal over vertical gradients, the trace of the squash. sharpness: share of the gradients' energy that a
    3 × 3 mean takes away. brightness, contrast: mean and standard deviation of the grey values. dark, bright: their 5th
    and 95th percentile. entropy: of the grey levels, in bits. edge: mean of the outer tenth over the mean of the rest.
    blockiness: steps across the 8-pixel borders of JPEG's blocks over steps elsewhere.
    """
    grey = picture[0].numpy().astype(np.float64)
    smooth = torch.nn.functional.avg_pool2d(picture[None], 3, stride=1)[0, 0].numpy()
    steps = np.abs(np.diff(grey, axis=1)).mean(axis=0)
    at_border = np.arange(1, grey.shape[1]) % JPEG_BLOCK == 0
    inner = grey[EDGE:-EDGE, EDGE:-EDGE]
    outer = (grey.sum() - inner.sum()) / (grey.size - inner.size)
    dark, bright = np.percentile(grey, [5, 95])
    return {
        "gx_gy": aspect_trace(picture),
        "sharpness": 1 - float(np.square(np.diff(smooth)).mean() / max(np.square(np.diff(grey)).mean(), 1e-12)),
        "brightness": float(grey.mean()),
        "contrast": float(grey.std()),
        "dark": float(dark),
        "bright": float(bright),
        "entropy": float(entropy(np.histogram(grey, bins=256, range=(0, 1))[0], base=2)),
        "edge": float(outer / max(inner.mean(), 1e-6)),
        "blockiness": float(steps[at_border].mean() / max(steps[~at_border].mean(), 1e-6)),
    }


def measured(part: Pictures) -> pd.DataFrame:
    """The rows with the nine numbers."""
    found = pd.DataFrame([numbers(picture) for picture in part.pixels], index=part.rows.index)
    return pd.concat([part.rows[score.COLUMNS], found], axis=1)


def with_baseline(training: pd.DataFrame, judged: pd.DataFrame) -> pd.DataFrame:
    """`judged` and a column `baseline`: logits of a logistic regression on the nine numbers, fitted on `training`."""
    columns = [column for column in training if column not in score.COLUMNS]
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    model.fit(training[columns], training["label"])
    return judged.assign(baseline=model.decision_function(judged[columns]))


def with_tone(training: pd.DataFrame, judged: pd.DataFrame, bins: dict[str, np.ndarray]) -> pd.DataFrame:
    """`judged` and two columns of logits of a regression on the nine numbers and the histogram: `tone_baseline`, fitted
    on the training images, and `tone_baseline_here`, cross-validated by patient within each set of validation images.

    bins: split -> `histograms`. On the restyled images neither may tell the classes (AUC .40 to .60).
    """
    columns = [column for column in training if column not in score.COLUMNS]
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=3000))
    features = {split: np.hstack([part[columns], bins[split]]) for split, part in judged.groupby("split", sort=False)}
    fitted = clone(model).fit(np.hstack([training[columns], bins["train"]]), training["label"])
    parts = []
    for split, part in judged.groupby("split", sort=False):
        folds = StratifiedGroupKFold(
            min(FOLDS, part.groupby("label")["patient"].nunique().min()), shuffle=True, random_state=0
        )
        here = cross_val_predict(
            model, features[split], part["label"], groups=part["patient"], cv=folds, method="decision_function"
        )
        parts.append(part.assign(tone_baseline=fitted.decision_function(features[split]), tone_baseline_here=here))
    return pd.concat(parts)


def histograms(part: Pictures) -> np.ndarray:
    """`histogram` of each image, (n, 32)."""
    return np.stack([histogram(grey) for grey in part.pixels.numpy()])


def histogram(grey: np.ndarray) -> np.ndarray:
    """Share of the pixels in each of `BINS` grey levels; any shape, in [0, 1] -> (32,)."""
    return np.histogram(grey, bins=BINS, range=(0, 1))[0] / grey.size


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    score.add_arguments(parser)
    args = parser.parse_args()
    try:
        judged_on = validation.load(args.data, args.splits, limit=args.limit)
        test = pictures.load(args.data, args.splits, "test", limit=args.limit)
        judged = [measured(part) for part in (*judged_on.values(), test)]
        training_images = pictures.load(args.data, args.splits, "train", limit=args.limit)
        training = measured(training_images)
        bins = {split: histograms(part) for split, part in {**judged_on, "train": training_images}.items()}
        every = with_baseline(training, pd.concat([training, *judged], ignore_index=True)).round(score.DECIMALS)
        of_training = every["split"] == "train"
        fitted, table = every[of_training], every[~of_training]
        toned = with_tone(training, pd.concat(judged[:-1]), bins)[["file", "split", *TONE]].round(score.DECIMALS)
        table = table.merge(toned, on=["file", "split"], how="left")
        known = scores.load(args.results / "scores.csv")[["file", "split", *zoo.SPECS]]
    except Refusal as refusal:
        parser.exit(2, f"{refusal}\n")
    table.merge(known, on=["file", "split"], how="left").to_csv(args.results / "shortcut.csv", index=False)
    fitted.to_csv(args.results / "shortcut_training.csv", index=False)
    print(f"wrote {len(table)} rows to shortcut.csv, {len(fitted)} to shortcut_training.csv")


if __name__ == "__main__":
    main()
