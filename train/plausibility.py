"""Fits what tells a child's chest X-ray from other pictures, and measures it: assets/plausibility.safetensors and
assets/results/plausibility.csv.

python -m train.plausibility --data chest_xray --adults nih_adult

Fitted on training pictures alone, as they are and spoiled on purpose (`train.spoiled`); all limits are chosen on
validation pictures. Network, layer, logarithm and kind of distance were chosen by how many changed validation pictures
lie beyond a limit that 1.4 % of the plain ones pass, of the changes that plain statistics do not see. Narrow framings
were added because a whole chest between dark bars was warned of. Test pictures, adults and strangers are only counted:
nothing is fitted, and no limit is chosen, by them. One other fit, on three stages of the custom CNN, was dropped with
their counts in view: it passed more adults and warned of more harmless changes. The file is bound to ResNet-50's
weights: after training that network again, run this again.
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

from cxr_models import imaging, inference, plausibility, zoo
from cxr_models.errors import DatasetRefused, PictureRefused, Refusal
from cxr_models.evaluation.intervals import wilson
from cxr_models.imaging import Picture
from cxr_models.paths import RESULTS
from cxr_models.plausibility import fitted
from cxr_models.plausibility.appearance import appearance, levels
from train import kermany, score, spoiled, strangers
from train.splits import SPLITS

TABLE = RESULTS / "plausibility.csv"
# Shares of the validation pictures that may be named as odd, and that may be warned of in all.
SHARE_ODD, SHARE_WARNED = 0.01, 0.02
# X-rays that only lie wrong or are negatives are warned of: what lies farther out than all of those is refused.
STILL_X_RAYS = ("side", "upside_down", "negative", "mirrored")
REGULARISATION = 0.1
EVERY = 2  # of the training pictures, one in so many is spoiled
SPOILED_TESTS = 150
STILL_VALIDATIONS = 80
ROUNDING = 1e-3
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
    narrow = [spoiled.narrow(grey, rng, grey) for grey in training]
    found = cloud(classifier(training[::EVERY], rng), features([*training, *narrow]))
    few = validation[:: max(1, len(validation) // STILL_VALIDATIONS)]
    still = [grey for reason in STILL_X_RAYS for grey in spoil(few, spoiled.CHANGES[reason][-1], rng)]
    return limited(found, validation, features(validation), features(still))


def classifier(training: list[np.ndarray], rng: np.random.Generator) -> fitted.Fitted:
    """The classifier alone, of training pictures spoiled on purpose."""
    looks, labels = spoiled_looks(training, rng)
    mean, deviation = looks.mean(0), looks.std(0) + 1e-6
    model = LogisticRegression(C=REGULARISATION, max_iter=500).fit((looks - mean) / deviation, labels)
    reasons, none = len(spoiled.CHANGES) - 1, np.zeros(0)
    return fitted.Fitted(
        tuple(spoiled.CHANGES), mean, deviation, model.coef_, model.intercept_,
        odd_beyond=np.full(reasons, np.inf), centre=none, scale=none, precision=none,
    )  # fmt: skip


def cloud(found: fitted.Fitted, seen: np.ndarray) -> fitted.Fitted:
    """With the cloud that the features of training pictures (n, f) make."""
    known = fitted.even(seen)
    centre, scale = known.mean(0), known.std(0) + 1e-3
    return replace(found, centre=centre, scale=scale, precision=LedoitWolf().fit((known - centre) / scale).precision_)


def limited(found: fitted.Fitted, validation: list[np.ndarray], seen: np.ndarray, still: np.ndarray) -> fitted.Fitted:
    """With its limits, from validation pictures and their features (n, f), and those of the same pictures turned,
    mirrored and negated (m, f).

    None of them is warned of for being dark or flat. Of each oddness the same number of them is beyond the limit, as
    many as keep all odd ones within `SHARE_ODD`, but none that is likelier plain than odd; the distance limit then
    brings all warned ones to `SHARE_WARNED`.
    """
    # The limits belong to the numbers as they are saved, and to one picture at a time, as they are read.
    found = replace(found, **{name: getattr(found, name).astype(np.float32) for name in fitted.TENSORS})
    given = [spoiled.seen(grey) for grey in validation]
    odds = np.stack([found.odds(appearance(pixels)) for pixels in given])
    beyond = [[_beyond(column, count) for column in odds.T] for count in range(int(SHARE_ODD * len(odds)) + 1)]
    limits = [limit for limit in np.maximum(beyond, 0) if (odds > limit).any(1).mean() <= SHARE_ODD]
    light, spread = np.array([levels(pixels) for pixels in given]).min(0)
    found = replace(found, odd_beyond=limits[-1], light_at_least=float(light), spread_at_least=float(spread))
    odd = (odds > found.odd_beyond).any(1)
    pictures = zip(validation, given, odd, strict=True)
    warned = np.array([o or bool(plausibility.statistics(picture_of(grey), p, found)) for grey, p, o in pictures])
    far, left = found.distance(seen), int(SHARE_WARNED * len(warned)) - int(warned.sum())
    # Where every picture is small or odd, nothing is left to choose by but all of them.
    limit = _beyond(far if warned.all() else far[~warned], max(0, left))
    return replace(found, warned_beyond=limit, refused_beyond=max(limit, float(found.distance(still).max())))


def _beyond(values: np.ndarray, count: int) -> float:
    """The limit that `count` of the values are beyond, fewer where some are equal; half-way to the next one that is
    more than rounding away."""
    ordered = np.append(np.sort(values), values.max() + 2 * ROUNDING)
    highest = ordered[len(values) - 1 - count]
    return float((highest + ordered[ordered > highest + ROUNDING][0]) / 2)


def features(pictures: Iterable[np.ndarray]) -> np.ndarray:
    """(n, f) features of grey pictures."""
    shown = tqdm(list(pictures), desc="features", mininterval=10)
    return np.stack([inference.features(spoiled.seen(grey), fitted.NETWORK, fitted.LAYER) for grey in shown])


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


def measure(data: Path, splits: Path, adults: Path | None) -> pd.DataFrame:
    """How many pictures of each family are refused, warned of and passed."""
    test = greys(data, splits, "test")
    counted = {
        "validation X-rays": map(picture_of, greys(data, splits, "val")),
        "test X-rays": map(picture_of, test),
    }
    if adults:
        paths = sorted(path for path in adults.rglob("*") if path.suffix.lower() in (".png", ".jpg", ".jpeg"))
        counted["adults of another hospital"] = (imaging.decode(path.read_bytes()) for path in paths)
    groups: dict[str, list[np.ndarray]] = {}
    for family, grey in strangers.families():
        groups.setdefault(family, []).append(grey.astype(np.float32) / 255)
    counted |= {family: map(picture_of, group) for family, group in groups.items()}
    rng = np.random.default_rng(0)
    few = test[:: max(1, len(test) // SPOILED_TESTS)]
    for reason, (*_, change) in (spoiled.CHANGES | spoiled.COUNTED_ONLY).items():
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
    parser.add_argument("--pictures", type=int, default=2000, help="training pictures to fit on, drawn at random")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    try:
        training = greys(args.data, args.splits, "train", limit=args.pictures, seed=args.seed)
        found = fit(training, greys(args.data, args.splits, "val"), seed=args.seed)
        command = f"python -m train.plausibility --data DATA --pictures {args.pictures} --seed {args.seed}"
        found.save(fitted.FILE, {"command": command, "seed": str(args.seed)})
        table = measure(args.data, args.splits, args.adults)
    except Refusal as refusal:
        parser.exit(2, f"{refusal}\n")
    score.log_scoring(TABLE.parent / score.LOG, {fitted.NETWORK: zoo.spec(fitted.NETWORK).checkpoint})
    table.to_csv(TABLE, index=False)
    print(table.to_string(index=False))


if __name__ == "__main__":
    main()
