"""Fits what tells a child's chest X-ray from other pictures, and measures it: assets/plausibility.safetensors and
assets/results/plausibility.csv.

python -m train.plausibility --data chest_xray --adults nih_adult

Fitted on training pictures alone, as they are and spoiled on purpose (`train.spoiled`); the two limits are chosen on
validation pictures. Test pictures, adults and strangers are only counted: nothing is fitted, and no model or limit is
chosen, by them. The file is bound to the custom CNN's weights: after training that network again, run this again.
"""

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.covariance import LedoitWolf
from sklearn.linear_model import LogisticRegression
from tqdm import tqdm

from cxr_models import imaging, inference, plausibility
from cxr_models.errors import DatasetRefused, PictureRefused, Refusal
from cxr_models.evaluation.intervals import wilson
from cxr_models.imaging import Picture
from cxr_models.paths import RESULTS
from cxr_models.plausibility import fitted
from cxr_models.plausibility.appearance import appearance
from train import kermany, spoiled, strangers
from train.splits import SPLITS

TABLE = RESULTS / "plausibility.csv"
# Shares of the validation pictures that may lie beyond each limit; together at most 2 %.
SHARE_SPOILED, SHARE_OUTSIDE = 0.005, 0.014
# Adults and odd films lie within a few times the warning limit, photographs and pages far beyond it.
REFUSED_TIMES = 3.0
REGULARISATION = 0.1
EVERY = 2  # of the training pictures, one in so many is spoiled
SPOILED_TESTS = 150
DECIMALS = 4
OUTCOMES = ("refused", "warned", "passed")


def greys(data: Path, splits: Path, split: str, *, limit: int | None = None, seed: int = 0) -> list[np.ndarray]:
    """Grey pictures of a split; with `limit` as many, drawn at random. Raises DatasetRefused."""
    rows = pd.read_csv(splits, keep_default_na=False).query("split == @split")
    if limit and limit < len(rows):
        rows = rows.sample(limit, random_state=seed)
    paths = kermany.paths(data)
    if missing := [file for file in rows["file"] if file not in paths]:
        raise DatasetRefused(f"{missing[0]} is in {splits.name} but not in {data}.")
    return [imaging.decode(paths[file].read_bytes()).grey for file in rows["file"]]


def fit(training: list[np.ndarray], validation: list[np.ndarray], *, seed: int = 0) -> fitted.Fitted:
    """Classifier and cloud from training pictures, limits from validation pictures."""
    rng = np.random.default_rng(seed)
    harmless = [spoiled.harmless(grey, rng, grey) for grey in training]
    cloud = features([*training, *harmless])
    centre, scale = cloud.mean(0), cloud.std(0) + 1e-3
    precision = LedoitWolf().fit((cloud - centre) / scale).precision_
    looks, labels = spoiled_looks(training[::EVERY], rng)
    mean, deviation = looks.mean(0), looks.std(0) + 1e-6
    classifier = LogisticRegression(C=REGULARISATION, max_iter=500).fit((looks - mean) / deviation, labels)
    found = fitted.Fitted(
        tuple(spoiled.CHANGES), mean, deviation, classifier.coef_, classifier.intercept_, centre, scale, precision
    )
    plain = found.probabilities(np.stack([appearance(spoiled.seen(grey)) for grey in validation]))[:, 0]
    distances = found.distance(features(validation))
    warned = float(np.quantile(distances, 1 - SHARE_OUTSIDE, method="higher"))
    return replace(
        found,
        plain_at_least=float(np.quantile(plain, SHARE_SPOILED, method="lower")),
        warned_beyond=warned,
        refused_beyond=REFUSED_TIMES * warned,
    )


def features(pictures: Iterable[np.ndarray]) -> np.ndarray:
    """(n, f) features of grey pictures."""
    shown = tqdm(list(pictures), desc="features", mininterval=10)
    return np.stack([inference.features(spoiled.seen(grey), fitted.NETWORK, fitted.LAYERS) for grey in shown])


def spoiled_looks(pictures: list[np.ndarray], rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Appearance (m, d) and class number (m,) of every change of every picture."""
    looks, labels = [], []
    for number, (reason, changes) in enumerate(tqdm(spoiled.CHANGES.items(), desc="spoiled")):
        for change in changes:
            changed = spoil(pictures, change, rng)
            looks += [appearance(spoiled.seen(grey)) for grey in changed]
            labels += [number] * len(pictures)
        assert number == 0 or reason in plausibility.REASONS
    return np.stack(looks), np.array(labels)


def spoil(pictures: list[np.ndarray], change: spoiled.Change, rng: np.random.Generator) -> Iterator[np.ndarray]:
    """Each picture changed; the other one that a change may need is its neighbour."""
    for before, grey in zip([pictures[-1], *pictures], pictures, strict=False):
        yield change(grey, rng, before)


def outcome(picture: Picture) -> str:
    try:
        return "warned" if plausibility.check(picture) else "passed"
    except PictureRefused:
        return "refused"


def picture_of(grey: np.ndarray) -> Picture:
    grey = np.ascontiguousarray(np.clip(grey, 0, 1), dtype=np.float32)
    return Picture(grey, imaging.trim(grey), "", False)


def measure(data: Path, splits: Path, adults: Path | None, *, limit: int | None = None) -> pd.DataFrame:
    """How many pictures of each family are refused, warned of and passed."""
    test = greys(data, splits, "test", limit=limit)
    counted = {
        "validation X-rays": map(picture_of, greys(data, splits, "val", limit=limit)),
        "test X-rays": map(picture_of, test),
    }
    if adults:
        paths = sorted(path for path in adults.rglob("*") if path.suffix.lower() in kermany.SUFFIXES)
        counted["adults of another hospital"] = (imaging.decode(path.read_bytes()) for path in paths[:limit])
    groups: dict[str, list[np.ndarray]] = {}
    for family, grey in strangers.families():
        groups.setdefault(family, []).append(grey.astype(np.float32) / 255)
    counted |= {family: map(picture_of, group[:limit]) for family, group in groups.items()}
    rng = np.random.default_rng(0)
    few = test[:: max(1, len(test) // SPOILED_TESTS)]
    for reason, (*_, change) in (spoiled.CHANGES | {"burnt": (spoiled.burnt,)}).items():
        name = "slightly changed" if reason == "plain" else reason.replace("_", " ")
        counted[f"test X-rays, {name}"] = map(picture_of, spoil(few, change, rng))
    found = {family: Counter(map(outcome, tqdm(pictures, desc=family))) for family, pictures in counted.items()}
    found["all that is no chest X-ray"] = sum((found[family] for family in groups), Counter())
    return pd.concat([shares(family, counts) for family, counts in found.items()], ignore_index=True)


def shares(family: str, counts: Counter) -> pd.DataFrame:
    """A row an outcome: family, outcome, count, n, share with Wilson's 95 % interval."""
    n = counts.total()
    rows = []
    for name in OUTCOMES:
        share = wilson(counts[name], n)
        rows.append(
            [family, name, counts[name], n, *(round(v, DECIMALS) for v in (share.value, share.low, share.high))]
        )
    return pd.DataFrame(rows, columns=["family", "outcome", "count", "n", "share", "low", "high"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="Kaggle's chest_xray folder")
    parser.add_argument("--adults", type=Path, help="folder of adults' X-rays from another hospital, to be counted")
    parser.add_argument("--splits", type=Path, default=SPLITS, help="table written by train.splits")
    parser.add_argument("--pictures", type=int, default=1000, help="training pictures to fit on, drawn at random")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    try:
        training = greys(args.data, args.splits, "train", limit=args.pictures, seed=args.seed)
        found = fit(training, greys(args.data, args.splits, "val"), seed=args.seed)
        command = f"python -m train.plausibility --data DATA --pictures {args.pictures} --seed {args.seed}"
        found.save(fitted.FILE, {"command": command, "seed": str(args.seed)})
        fitted.current.cache_clear()
        table = measure(args.data, args.splits, args.adults)
    except Refusal as refusal:
        parser.exit(2, f"{refusal}\n")
    table.to_csv(TABLE, index=False)
    print(table.to_string(index=False))


if __name__ == "__main__":
    main()
