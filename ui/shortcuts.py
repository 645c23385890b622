"""What a model reads besides the chest, where it breaks, and what its heat maps and warnings are worth."""

import pandas as pd
import streamlit as st

from cxr_models import zoo
from cxr_models.errors import TableRefused
from cxr_models.evaluation import confusion, evidence, heat_maps, scores, summary, tables
from cxr_models.evaluation.intervals import Interval
from cxr_models.evaluation.summary import Point
from cxr_models.paths import RESULTS, stamp
from ui import cached
from ui.evidence import TITLES, Dots
from ui.performance import SPLITS
from ui.state import OperatingPoint
from ui.words import percent

SHORTCUT, BLACKOUT = RESULTS / "shortcut.csv", RESULTS / "blackout.csv"
SHORTCUT_TRAINING = RESULTS / "shortcut_training.csv"
ROBUSTNESS, PLAUSIBILITY = RESULTS / "robustness.csv", RESULTS / "plausibility.csv"
COMMANDS = {
    "shortcut": "python -m train.shortcut --data FOLDER",
    "blackout": "python -m train.blackout --data FOLDER",
    "robustness": "python -m train.robustness --data FOLDER",
    "heat_maps": "python -m train.heat_maps --data FOLDER --choose && python -m train.heat_maps --data FOLDER",
    "plausibility": "python -m train.plausibility --data FOLDER",
}
NUMBERS = {
    "gx_gy": "Proportions of the original",
    "sharpness": "Sharpness",
    "brightness": "Brightness",
    "contrast": "Contrast",
    "dark": "Darkest grey",
    "bright": "Brightest grey",
    "entropy": "Variety of greys",
    "edge": "Brightness of the edge",
    "blockiness": "Traces of compression",
}
PICTURES = ("file", "split", "subtype", "patient")
# AUC with the lungs blacked out, of three networks.
PUBLISHED_LUNGS_BLACK, PUBLISHED_BY = (0.95, 0.98), "zeinhp on GitHub, 279 pictures"
BLACKED = {"lungs_black": "Chest black", "all_but_lungs_black": "All but the chest black"}
UNCHANGED = "none"
WHOSE = {"sensitivity": "pneumonias", "specificity": "normals"}
SMALLEST_FALL = 0.005  # what two decimals show
FILLED = {"blur": "blurred", "mean": "mean grey", "normal": "mean normal X-ray"}
OUTCOMES = {"refused": "Refused", "warned": "Warned", "passed": "Passed"}
ACRONYMS = {"jpeg": "JPEG", "auc": "AUC"}  # among the names of changes and measures


def baseline() -> Dots:
    """AUC of the baseline without medicine and of the models on every split. Raises TableRefused."""
    series = _baseline(stamp(SHORTCUT), stamp(SHORTCUT_TRAINING))
    stressed = series[evidence.BASELINE].get(SPLITS["stressed"])
    plain = series[evidence.BASELINE].get(SPLITS["val"])
    if not (plain and stressed):
        raise TableRefused(f"{SHORTCUT.name} lacks the validation pictures.")
    said = (
        f"Nine numbers that know no anatomy reach an AUC of {plain.value:.2f} on the validation pictures and "
        f"{stressed.value:.2f} on the stressed ones. A model is worth what it has above them."
    )
    return Dots(series, TITLES | {evidence.BASELINE: "No medicine: nine global numbers"}, said)


def correlations(split: str) -> Dots:
    """How each model's logit goes with each global number, within the classes. Raises TableRefused."""
    series = _correlations(split, stamp(SHORTCUT))
    strongest = {name: max(points, key=lambda it: abs(points[it].value)) for name, points in series.items()}
    said = "; ".join(
        f"{TITLES[name]} most with {number.lower()} ({_signed(series[name][number].value)})"
        for name, number in strongest.items()
    )
    return Dots(
        series,
        TITLES,
        f"Among pictures of one class scores should go with none of these. On the {SPLITS[split].lower()} "
        f"pictures they go: {said}.",
    )


def blackout() -> Dots:
    """AUC with the chest, and with all but the chest, black. Raises TableRefused."""
    series = _blackout(stamp(BLACKOUT), stamp(cached.SCORES))
    black = [points[BLACKED["lungs_black"]].value for points in series.values() if BLACKED["lungs_black"] in points]
    if not black:
        raise TableRefused(f"{BLACKOUT.name} lacks the pictures with the chest black.")
    low, high = PUBLISHED_LUNGS_BLACK
    return Dots(
        series,
        TITLES,
        f"Without the chest the models still reach {min(black):.2f} to {max(black):.2f}, where a coin toss is .5: "
        "what lies outside the chest still tells the classes apart in this data. Published networks reach "
        f"{low:.2f} to {high:.2f} on other pictures of the same data ({PUBLISHED_BY}). Blacking out also changes "
        "a picture's mean and deviation, by which these models scale it: a low figure here need not come from the "
        "chest alone.",
    )


def robustness(
    point: OperatingPoint, measure: str
) -> tuple[dict[str, dict[str, dict[float, Interval]]], pd.DataFrame, str]:
    """By kind of change: by model: a measure of `evidence.MEASURES` by grade, grade 0 unchanged; the table; what that
    means, also at the operating point. Raises TableRefused."""
    at = () if measure == "auc" else tuple(point.points.items())
    panels = _robustness(measure, at, stamp(ROBUSTNESS))
    if not panels:
        raise TableRefused(f"{ROBUSTNESS.name} holds no change yet.")
    falls = {
        (change, name): points[0.0].value - points[max(points)].value
        for change, lines in panels.items()
        for name, points in lines.items()
    }
    (change, name), fall = max(falls.items(), key=lambda it: it[1])
    table = pd.DataFrame(
        {
            TITLES[model]: {
                f"{kind}, grade {grade:g}": f"{it.value:.3f} ({it.low:.3f} to {it.high:.3f})"
                for kind, lines in panels.items()
                for grade, it in lines[model].items()
            }
            for model in next(iter(panels.values()))
        }
    )
    under = change if change in ACRONYMS.values() else change.lower()
    what = ACRONYMS.get(measure, measure)
    said = f"{TITLES[name]} falls most, under {under}: its {what} loses {fall:.2f}."
    if fall < SMALLEST_FALL:
        said = f"No model's {what} falls at the strongest grades."
    lowest = [_lowest(rate, point) for rate in ("specificity", "sensitivity")]
    return panels, table, f"{said} At the operating point and the strongest grades, {'; '.join(lowest)}."


def maps() -> dict[str, Dots]:
    """Of the released heat maps, on the test set or, before it was measured, on validation: `inside`, the share of the
    evidence inside the chest; `deletion` and `insertion`, the gains over elsewhere in the chest.

    Raises TableRefused.
    """
    where, found = "test set", cached.heat_map_checks()
    if not found:
        where, found = (
            "validation set, used to choose the maps; test set not measured yet",
            cached.heat_map_checks("val"),
        )
    if not found:
        raise TableRefused(f"{heat_maps.TABLE.name} holds no released heat map.")
    together = {name: classes["All"] for name, classes in found.items()}
    shares = ", ".join(f"{TITLES[name]} {percent(means['inside'].value)}" for name, means in together.items())
    inside = {name: {title: means["inside"] for title, means in classes.items()} for name, classes in found.items()}
    shown = {"inside": Dots(inside, TITLES, f"Positive evidence inside the chest ({where}): {shares}.")}
    for kind, words, gains in (
        ("deletion", "Removing it lowers", heat_maps.DELETIONS),
        ("insertion", "It alone raises", heat_maps.INSERTIONS),
    ):
        series = {
            name: {
                f"{title}, {FILLED[gain.partition('_')[2]]}": means[gain]
                for title, means in classes.items()
                for gain in gains
            }
            for name, classes in found.items()
        }
        better = [TITLES[name] for name, means in together.items() if all(means[gain].low > 0 for gain in gains)]
        sentence = f"{words} the logit more than the same shape elsewhere in the chest does, with every fill: "
        shown[kind] = Dots(series, TITLES, f"{sentence}{', '.join(better) or 'no model'} ({where}).")
    return shown


def plausibility() -> Dots:
    """What becomes of X-rays and of everything else before a model looks. Raises TableRefused."""
    table = tables.load(PLAUSIBILITY, text=("family", "outcome"), numbers=("count", "n", "share", "low", "high"))
    series = {
        outcome: {
            f"{row.family[0].upper()}{row.family[1:]} ({row.n:.0f})": Interval(row.share, row.low, row.high)
            for row in table[table["outcome"] == outcome].itertuples()
        }
        for outcome in OUTCOMES
    }
    xrays = table[(table["family"] == "test X-rays") & (table["outcome"] == "passed")]
    said = "".join(f"{row.share:.1%} of the test X-rays pass without a word. " for row in xrays.itertuples())
    strangers = table[table["family"] == "all that is no chest X-ray"].set_index("outcome")["count"]
    if len(strangers):
        said += f"Of {strangers.sum():.0f} pictures of other things, {strangers.get('passed', 0):.0f} pass unnoticed."
    return Dots(series, OUTCOMES, said.replace("%", " %").strip())


def _lowest(measure: str, point: OperatingPoint) -> str:
    """Under which change, at its strongest grade, a measure is lowest for which model, beside its value unchanged."""
    table = _robustness_table(stamp(ROBUSTNESS))
    strongest = table[table["grade"] == table.groupby("change")["grade"].transform("max")]
    rates = {
        (change, name): getattr(confusion.confusion(rows["label"], scores.score(rows[name], at.temperature),
                                                    at.threshold), measure)
        for change, rows in strongest.groupby("change")
        for name, at in point.points.items()
    }  # fmt: skip
    changed = {key: value for key, value in rates.items() if key[0] != UNCHANGED}
    change, name = min(changed, key=changed.get)
    rows = strongest[strongest["change"] == change]
    pictures = int((rows["label"] == (measure == "sensitivity")).sum())
    return (
        f"the lowest {measure} is that of {TITLES[name]} under {change}: {percent(changed[change, name])} "
        f"of {pictures} {WHOSE[measure]} (unchanged {percent(rates[UNCHANGED, name])})"
    )


@st.cache_data(max_entries=2, show_spinner=False)
def _baseline(stamp: int, stamp_of_training: int) -> dict[str, dict[str, Interval]]:
    table = _shortcut_table()
    series: dict[str, dict[str, Interval]] = {evidence.BASELINE: {}}
    if stamp_of_training:
        training = tables.load(SHORTCUT_TRAINING, text=PICTURES, numbers=("label", evidence.BASELINE))
        (series[evidence.BASELINE]["Training"],) = evidence.aucs(training, [evidence.BASELINE], split="train").values()
    for split in [split for split in SPLITS if (table["split"] == split).any()]:
        for name, it in evidence.aucs(table, (evidence.BASELINE, *zoo.COMPARED), split=split).items():
            series.setdefault(name, {})[SPLITS[split]] = it
    return series


@st.cache_data(max_entries=6, show_spinner=False)
def _correlations(split: str, stamp: int) -> dict[str, dict[str, Interval]]:
    table = _shortcut_table()
    rows = table[table["split"] == split]
    numbers = evidence.global_numbers(table)
    columns = [rows[column].to_numpy() for column in ("label", "patient")]
    return {
        name: {
            NUMBERS.get(number, number): evidence.within_class(
                rows[number].to_numpy(dtype=float), rows[name].to_numpy(), *columns
            )
            for number in numbers
        }
        for name in zoo.COMPARED
        if rows[name].notna().all()
    }


@st.cache_data(max_entries=2, show_spinner=False)
def _blackout(stamp: int, stamp_of_scores: int) -> dict[str, dict[str, Interval]]:
    table = tables.load(BLACKOUT, text=(*PICTURES, "change"), numbers=("label", *zoo.COMPARED))
    series = {name: {"Unchanged": it} for name, it in _unchanged().items()}
    for change, title in BLACKED.items():
        for name, it in evidence.aucs(table[table["change"] == change], zoo.COMPARED, split="test").items():
            series.setdefault(name, {})[title] = it
    return series


@st.cache_data(max_entries=20, show_spinner=False)
def _robustness(
    measure: str, points: tuple[tuple[str, Point], ...], stamp: int
) -> dict[str, dict[str, dict[float, Interval]]]:
    """points: where each model is read, for a measure that a threshold moves."""
    table = _robustness_table(stamp)
    plain = _measured(table[table["change"] == UNCHANGED], measure, points)
    panels = {}
    for change in [change for change in dict.fromkeys(table["change"]) if change != UNCHANGED]:
        panels[ACRONYMS.get(change, change.capitalize())] = lines = {name: {0.0: it} for name, it in plain.items()}
        changed = table[table["change"] == change]
        for grade in sorted(set(changed["grade"])):
            for name, it in _measured(changed[changed["grade"] == grade], measure, points).items():
                lines[name][grade] = it
    return panels


def _measured(table: pd.DataFrame, measure: str, points: tuple[tuple[str, Point], ...]) -> dict[str, Interval]:
    if measure == "auc":
        return evidence.aucs(table, zoo.COMPARED, split="test")
    tidy = summary.measures(table, dict(points), split="test")
    rows = tidy[tidy["measure"] == measure].itertuples()
    return {row.model: Interval(row.value, row.low, row.high) for row in rows}


def _signed(value: float) -> str:
    return f"{value:+.2f}".replace("-", "−")


def _unchanged() -> dict[str, Interval]:
    return evidence.aucs(cached.scores_table(), zoo.COMPARED, split="test")


@st.cache_resource(max_entries=2, show_spinner=False)
def _robustness_table(stamp: int) -> pd.DataFrame:
    return tables.load(ROBUSTNESS, text=(*PICTURES, "change"), numbers=("grade", "label", *zoo.COMPARED))


def _shortcut_table() -> pd.DataFrame:
    header = tables.load(SHORTCUT, text=PICTURES)
    return tables.load(
        SHORTCUT, text=PICTURES, numbers=("label", evidence.BASELINE, *evidence.global_numbers(header), *zoo.COMPARED)
    )
