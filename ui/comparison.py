"""The models side by side in words: tables of text and sentences, for the compare page and the handout alike."""

from collections.abc import Mapping, Sequence

import pandas as pd

from cxr_models import zoo
from cxr_models.evaluation import comparison, published, together, tradeoff
from cxr_models.evaluation.comparison import Difference
from cxr_models.evaluation.intervals import Interval
from cxr_models.evaluation.speed import Machine, Spread
from cxr_models.evaluation.tradeoff import Candidate
from cxr_models.paths import PUBLISHED
from ui import candidates as counted
from ui import words

MEASURES = {"accuracy": "Accuracy", "precision": "Precision", "recall": "Recall", "f1": "F1", "auc": "AUC-ROC"}
COMMANDS = {
    "AUC at the other hospital": "python -m train.nih --data FOLDER",
    "AUC with the lungs blacked out": "python -m train.blackout --data FOLDER",
    "Milliseconds": "python -m benchmarks.reading",
}
HOLM = "Sensitivity among pneumonias, specificity among normals; p is corrected for the pairs compared (Holm)."
PARTS = {
    "What it finds": f"Test pictures, at the operating point. The AUC is over all thresholds. {words.AGREED}",
    "What becomes of it elsewhere": "The AUC of the test pictures, of mostly adults at another hospital with labels "
    "that a program read out of reports, and of the test pictures with the lungs blacked out, where little medical is "
    "left: .500 is a coin toss.",
    "Whether its scores mean what they say": "Slope 1 and intercept 0 are calibrated; a slope below 1 is too sure, an "
    "intercept below 0 too high on the whole. Brier score: mean squared error of the score, 0 is best.",
    "What it takes to keep and to train": "Parameters are the numbers that were learned. The three together need all "
    "three.",
    "What a reading takes": "Multiply-adds of one verdict; milliseconds are the median, in brackets the 5th and 95th "
    "percentile of repeated readings of one picture.",
}


def parts(found: Mapping[str, Candidate]) -> dict[str, pd.DataFrame]:
    """By title of `PARTS`: a row a model, the three together last, all of it text."""
    rows = {title: [] for title in PARTS}
    for it in found.values():
        rows["What it finds"].append(
            {
                "Threshold": f"{it.threshold:.3f}",
                "Sensitivity": words.percent_interval(it.sensitivity),
                "Specificity": words.percent_interval(it.specificity),
                "AUC": words.share_interval(it.auc),
            }
        )
        rows["What becomes of it elsewhere"].append(
            {
                "AUC on the test pictures": words.share_interval(it.auc),
                "AUC at the other hospital": _interval(it.elsewhere),
                "AUC with the lungs blacked out": _interval(it.lungs_black),
            }
        )
        rows["Whether its scores mean what they say"].append(
            {
                "Slope": words.number_interval(it.calibration.slope),
                "Intercept": words.number_interval(it.calibration.intercept),
                "Brier score": words.share_interval(it.calibration.brier),
            }
        )
        rows["What it takes to keep and to train"].append(
            {
                "Parameters": words.many(it.parameters),
                "File": words.megabytes(it.size),
                "Training, core hours": words.UNDEFINED if it.core_hours is None else f"{it.core_hours:.2f}",
            }
        )
        rows["What a reading takes"].append(
            {
                "Multiply-adds": f"{it.speed.multiply_adds / 1e6:,.0f} million" if it.speed else words.UNDEFINED,
                "Milliseconds, verdict alone": _milliseconds(it.speed and it.speed.score),
                "Milliseconds, with heat map": _milliseconds(it.speed and it.speed.heat_map),
            }
        )
    titles = [it.title for it in found.values()]
    return {title: pd.DataFrame(of_part).set_axis(titles) for title, of_part in rows.items()}


def missing(found: Mapping[str, Candidate]) -> list[str]:
    """A sentence for every column that waits for its table, with the command that fills it."""
    waiting = {
        "AUC at the other hospital": all(it.elsewhere is None for it in found.values()),
        "AUC with the lungs blacked out": all(it.lungs_black is None for it in found.values()),
        "Milliseconds": all(it.speed is None for it in found.values()),
    }
    return [f"{what}: this command fills it: `{COMMANDS[what]}`" for what, empty in waiting.items() if empty]


def part_takeaway(title: str, table: pd.DataFrame) -> str:
    said = (f"{model}: {', '.join(f'{column} {it}' for column, it in row.items())}" for model, row in table.iterrows())
    return f"{title}. {'; '.join(said)}."


def machine(it: Machine | None) -> str:
    """Where the milliseconds come from; empty where there are none."""
    if it is None:
        return ""
    return (
        f"Milliseconds measured on {it.date}, {it.processor}, {it.threads} thread{'s'[: it.threads > 1]}, torch "
        f"{it.torch}. On another machine they differ; their ratios differ less."
    )


def beside_published(at_half: Mapping[str, Mapping[str, Interval]]) -> dict[str, pd.DataFrame]:
    """By title: a row a measure, counted here at a score of .5 with its interval, and as the brief published it.

    Raises TableRefused.
    """
    figures = published.load(PUBLISHED)
    return {
        zoo.spec(name).title: pd.DataFrame(
            {
                "Here": {to: words.share_interval(measures[measure]) for measure, to in MEASURES.items()},
                "The brief's": {to: _as_published(figures[name].values[measure]) for measure, to in MEASURES.items()},
            }
        )
        for name, measures in at_half.items()
    }


def about_published() -> list[str]:
    """How the brief's figures came about, and from where. Raises TableRefused."""
    figures = published.load(PUBLISHED)
    hard = [zoo.spec(name).title for name, it in figures.items() if it.auc_from == published.HARD_LABELS]
    turned = [zoo.spec(name).title for name, it in figures.items() if it.recall_of == "normal"]
    large = [(zoo.spec(name).title, it.parameters) for name, it in figures.items() if it.parameters]
    return [
        f"The brief's AUC of {' and '.join(hard)} was computed from verdicts (hard labels), not from scores: it is the "
        "mean of sensitivity and specificity, and no AUC over all thresholds. The brief gives no intervals.",
        *(
            f"The brief's precision, recall and F1 of {title} are those of the normals; here of pneumonia."
            for title in turned
        ),
        *(
            f"The brief's {title.lower()} has {words.many(size)} parameters, as its layers count."
            for title, size in large
        ),
        f"Sources: {'; '.join(sorted({it.source for it in figures.values()}))}.",
    ]


def tests(differences: Sequence[Difference]) -> list[str]:
    """A sentence a pair and measure, with the p of both tests."""
    return [
        f"{comparison.words(it, counted.TITLES)} Bootstrap of patients: {words.p_value(it.p_holm)}. As if pictures "
        f"were independent, by {_test(it)}: {words.p_value(it.p_independent_holm)}."
        for it in differences
    ]


def tests_table(differences: Sequence[Difference]) -> pd.DataFrame:
    """The numbers behind `tests`, as text."""
    return pd.DataFrame(
        [
            {
                "Measure": "AUC" if it.measure == "auc" else it.measure.capitalize(),
                "First": counted.TITLES[it.first],
                "Second": counted.TITLES[it.second],
                "Difference": words.number_interval(Interval(it.value, it.low, it.high), decimals=3),
                "Pictures": words.many(it.n),
                "p, bootstrap": words.p_value(it.p),
                "after Holm": words.p_value(it.p_holm),
                "p, independent": f"{words.p_value(it.p_independent)} ({_test(it)})",
                "after Holm ": words.p_value(it.p_independent_holm),
            }
            for it in differences
        ]
    )


def asking_all(difference: Difference | None) -> str:
    """Whether asking all three is worth it; empty where it could not be tested."""
    if difference is None:
        return ""
    titles = counted.TITLES | {together.NAME: "the three together"}
    return f"Is asking all three worth it? {comparison.words(difference, titles)}"


def characters(found: Mapping[str, Candidate], differences: Sequence[Difference]) -> dict[str, str]:
    """By title: what speaks for a model, and what against it."""
    said = {}
    for name, it in tradeoff.characters(found, differences).items():
        parts = [f"For it: {'; '.join(it.strengths)}."] if it.strengths else ["It leads in nothing."]
        said[found[name].title] = " ".join(
            parts + ([f"Against it: {'; '.join(it.weaknesses)}."] if it.weaknesses else [])
        )
    return said


def cost_takeaway(found: Mapping[str, Candidate], cost: str) -> str:
    """AUC and cost of every model, and the front, for those who do not see the figure."""
    said = (cost_words(it, cost) for it in found.values() if it.cost(cost) is not None)
    return f"{'; '.join(said)}. {tradeoff.front_in_words(found, cost)}"


def cost_words(it: Candidate, cost: str) -> str:
    """'ResNet-50: AUC .987 (.979 to .993), 47.2 MB': for a candidate of which the cost is known."""
    costs = words.megabytes(it.size) if cost == "size" else f"{it.cost(cost):,.0f} ms"
    return f"{it.title}: AUC {words.share_interval(it.auc)}, {costs}"


def of_together(found: Mapping[str, Candidate], rule: str) -> str:
    """What the last row is; empty where there is none."""
    if together.NAME not in found:
        return ""
    own = (
        "balanced point, since free thresholds are a model's own"
        if rule == "free"
        else "point, chosen by the same rule"
    )
    return (
        "The three together: the mean of the three models' calibrated logits, read at its own "
        f"{own} on the stressed validation pictures."
    )


def _interval(it: Interval | None) -> str:
    return words.UNDEFINED if it is None else words.share_interval(it)


def _milliseconds(it: Spread | None) -> str:
    return words.UNDEFINED if it is None else f"{it.median:,.0f} ({it.low:,.0f} to {it.high:,.0f})"


def _as_published(value: float) -> str:
    """'.88', '.9119': as many decimals as were published, at least two."""
    return f"{value:.4f}".removesuffix("00").removeprefix("0")


def _test(it: Difference) -> str:
    return "DeLong's test" if it.measure == "auc" else "McNemar's exact test"
