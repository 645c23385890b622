"""How the networks were trained: learning curves, what each part of the recipe does, what a teacher adds."""

import pandas as pd
import streamlit as st

from cxr_models import zoo
from cxr_models.errors import TableRefused
from cxr_models.evaluation import scores, tables
from cxr_models.evaluation.distillation import KIND, TEACHING, SeedBySeed, on_figures, on_images
from cxr_models.evaluation.intervals import Interval
from cxr_models.paths import RESULTS, stamp
from cxr_models.verdict import listed
from ui import cached
from ui.evidence import TITLES
from ui.words import lowered, number

ABLATIONS, DISTILLATION = RESULTS / "ablations.csv", RESULTS / "distillation.csv"
COMMANDS = {
    "history": "python -m train.seeds --data FOLDER --ship && python -m train.distillation --data FOLDER --ship",
    "ablations": "python -m train.ablations --data FOLDER",
    "distillation": "make fit DATA=FOLDER",
}
CURVES = {"val_auc": "Validation", "stressed_auc": "Stressed validation"}
AUCS = tuple(CURVES)
TEACHERS = {"none": "No teacher", "mean": "Mean of three teachers", **TITLES}

Lines = dict[str, dict[str, dict[float, Interval]]]


def learning() -> tuple[Lines, pd.DataFrame, str]:
    """By network: validation and stressed AUC by epoch; the last epochs; a sentence. Raises TableRefused."""
    panels, rows, gaps = {}, {}, {}
    for name in zoo.SPECS:
        path = RESULTS / f"history_{name}.csv"
        table = tables.load(path, numbers=("epoch", "train_loss", *AUCS, "core_hours"))
        panels[TITLES[name]] = {
            column: {epoch: _exact(value) for epoch, value in zip(table["epoch"], table[column], strict=True)}
            for column in CURVES
        }
        last = table.iloc[-1]
        rows[TITLES[name]] = {
            "Epochs": f"{len(table)}",
            "Validation AUC, last epoch": f"{last['val_auc']:.3f}",
            "Stressed AUC, last epoch": f"{last['stressed_auc']:.3f}",
            "Core hours": f"{table['core_hours'].sum():.2g}",
        }
        gaps[TITLES[name]] = last["val_auc"] - last["stressed_auc"]
    widest = max(gaps, key=gaps.get)
    said = (
        "A gap between the lines shows reliance on proportions and exposure. At the last epoch it is widest for "
        f"{widest}: {gaps[widest]:.3f}."
    )
    return panels, pd.DataFrame(rows).T, said


def ablations() -> tuple[dict[str, dict[str, Interval]], pd.DataFrame, str]:
    """Each change of the recipe, first the one without: both AUCs; the table; a sentence. Raises TableRefused."""
    table = tables.load(ABLATIONS, text=("change",), numbers=("epochs", "size", "seed", *AUCS, "core_hours"))
    table["change"] = table["change"].str.capitalize()
    series = {
        column: {change: _exact(value) for change, value in zip(table["change"], table[column], strict=True)}
        for column in CURVES
    }
    unchanged, changed = table.iloc[0], table.iloc[1:]
    if changed.empty:
        raise TableRefused(f"{ABLATIONS.name} holds no change yet.")
    worst, best = (changed.loc[place] for place in (changed["stressed_auc"].idxmin(), changed["stressed_auc"].idxmax()))
    said = (
        "This is the recipe that the search began with, not the shipped network: the custom CNN, "
        f"{unchanged['epochs']:.0f} epochs at {unchanged['size']:.0f} pixels, one seed. Without a change its stressed "
        f"AUC is {unchanged['stressed_auc']:.3f}; with one it lies between "
        f"{worst['stressed_auc']:.3f} ({lowered(worst['change'])}) and {best['stressed_auc']:.3f} "
        f"({lowered(best['change'])}). Differences of a few thousandths are noise."
    )
    return series, _table(table, "change", "Change"), said


def distillation() -> tuple[dict[str, dict[str, Interval]], pd.DataFrame, str]:
    """By teacher, softening and epochs: both AUCs, mean, lowest and highest of the seeds; the table, a row a seed; a
    sentence. Raises TableRefused."""
    numbers = ("seed", "epochs", "temperature", "alpha", *AUCS, "core_hours")
    table = tables.load(DISTILLATION, text=("taught_by",), numbers=numbers)
    table["teacher"] = table["taught_by"].map(lambda name: TEACHERS.get(name, name)) + _softened(table)
    table["place"] = table["taught_by"].map({name: place for place, name in enumerate(TEACHERS)})
    table = table.sort_values(["epochs", "place", "teacher", "seed"], ascending=[False, True, True, True])
    several = table["epochs"].nunique() > 1
    table["kind"] = table["teacher"] + (table["epochs"].map(", {:.0f}\xa0epochs".format) if several else "")
    table["student"] = table["kind"] + table["seed"].map(", seed {:.0f}".format)
    kinds = table.groupby("kind", sort=False)
    series = {
        column: {kind: Interval(seeds.mean(), seeds.min(), seeds.max()) for kind, seeds in kinds[column]}
        for column in CURVES
    }
    return series, _table(table, "student", "Taught by"), _seeds_apart(table)


def seed_by_seed() -> str:
    """The released student beside an untaught one, seed by seed, in a sentence; empty where no seed has both.

    On the test set where the tables of the seeds hold the untaught students, else on stress-tested validation; without
    those figures the sentence that says so. Raises CheckpointRefused.
    """
    found = _on_test(tuple((str(path), stamp(path)) for path in sorted(RESULTS.glob(scores.OF_A_SEED))))
    where, interval = "on the test set", "patient-level bootstrap"
    if not found:
        recipe = dict(part.split("=") for part in cached.metadata("student")["recipe"].split())
        if not {*KIND, *TEACHING} <= set(recipe):
            return ""
        try:
            students = tables.load(DISTILLATION, text=("taught_by",), numbers=(*KIND, *TEACHING[1:], "seed", *AUCS))
        except TableRefused as refusal:
            return f"{refusal} This command makes it: `{COMMANDS['distillation']}`"
        found = on_figures(students, recipe, measure="stressed_auc")
        where, interval = "on stress-tested validation", "t interval over the seeds"
    if not found:
        return ""
    each = listed([f"{number(value, decimals=3)} (seed {seed})" for seed, value in found.differences.items()])
    said = f"AUC of the taught student minus that of the untaught student with the same seed, {where}: {each}."
    if len(found.differences) == 1:
        return f"{said} With one seed it is not known how far chance in training moves it."
    it = found.mean
    ends = f"{number(it.low, decimals=3)} to {number(it.high, decimals=3)}"
    no_effect = "" if it.low > 0 or it.high < 0 else " No significant difference."
    return f"{said} Mean {number(it.value, decimals=3)} (95 % CI {ends}, {interval}).{no_effect}"


def _seeds_apart(table: pd.DataFrame) -> str:
    """How far the longest trained kinds of students lie apart on stressed validation, beside seeds of one kind."""
    epochs = table["epochs"].max()
    seeds = table[table["epochs"] == epochs].groupby("teacher", sort=False)["stressed_auc"]
    means, within = seeds.mean(), (seeds.max() - seeds.min()).max()
    if len(means) == 1:
        return f"Only one kind of student was trained for {epochs:.0f} epochs, so there is nothing to set beside it."
    apart = means.max() - means.min()
    said = (
        "A mark is the mean of the seeds, its bar goes from the lowest to the highest. "
        f"After {epochs:.0f} epochs the means on stressed validation lie {apart:.4f} apart, lowest that of "
        f"{means.idxmin()} ({means.min():.3f}), highest that of {means.idxmax()} ({means.max():.3f})"
    )
    if seeds.size().max() == 1:
        return f"{said}. With one seed each, it is not known how far chance moves them."
    said += f"; seeds of one row lie up to {within:.4f} apart."
    return f"{said} So chance alone could have put them in this order." if within >= apart else said


def _softened(table: pd.DataFrame) -> pd.Series:
    """Temperature and alpha of each taught student's loss where the table holds more than one pair; else empty."""
    taught = table["taught_by"] != "none"
    several = len(table.loc[taught, ["temperature", "alpha"]].drop_duplicates()) > 1
    # No line breaks between a letter and its number.
    told = " (T\xa0" + table["temperature"].map("{:g}".format) + ", α\xa0" + table["alpha"].map("{:g}".format) + ")"
    return told.where(taught & several, "")


def _table(table: pd.DataFrame, key: str, title: str) -> pd.DataFrame:
    shown = table.set_index(table[key].rename(title))
    return pd.DataFrame(
        {
            "Validation AUC": shown["val_auc"].map("{:.3f}".format),
            "Stressed AUC": shown["stressed_auc"].map("{:.3f}".format),
            "Core hours": shown["core_hours"].map("{:.2g}".format),
        }
    )


@st.cache_data(max_entries=2, show_spinner=False)
def _on_test(stamps: tuple[tuple[str, int], ...]) -> SeedBySeed | None:
    """stamps: path and `paths.stamp` of each seed's table."""
    return on_images(scores.of_seeds(RESULTS), split="test")


def _exact(value: float) -> Interval:
    """A value of one training: what another would give is not known, so it has no interval."""
    return Interval(value, value, value)
