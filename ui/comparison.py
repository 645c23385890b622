"""The models side by side in words: tables of text and sentences, for the compare page and the handout alike."""

from collections.abc import Mapping, Sequence

import pandas as pd

from cxr_models import zoo
from cxr_models.evaluation import comparison, published, together, tradeoff
from cxr_models.evaluation.comparison import Difference
from cxr_models.evaluation.equal_sensitivity import AtSensitivity
from cxr_models.evaluation.intervals import Interval
from cxr_models.evaluation.speed import Machine
from cxr_models.evaluation.tradeoff import Candidate
from cxr_models.paths import PUBLISHED
from cxr_models.verdict import listed
from ui import candidates as counted
from ui import words

MEASURES = {"accuracy": "Accuracy", "precision": "Precision", "recall": "Recall", "f1": "F1", "auc": "AUC-ROC"}
HOLM = "Sensitivity among pneumonias, specificity among normals; p is corrected for the pairs compared (Holm)."
ALARMS, APART = "False alarms among normal X-rays", "Paired difference in percentage points"
TRANSFER = (
    "A threshold chosen on validation gives each model another sensitivity on the test set. So a difference at one "
    "operating point is partly the transfer of its threshold. Here each model has the highest threshold that reaches "
    "the target sensitivity on the test set itself. 95 % CI (patient-level bootstrap), not corrected for the pairs."
)
COLUMNS = (
    "By patients: bootstrap of patients. By pictures: as if pictures were independent, DeLong's test of the AUC and "
    "McNemar's exact test of the others."
)


def machine(it: Machine | None) -> str:
    """Where the milliseconds come from; empty where there are none."""
    if it is None:
        return ""
    return (
        f"Milliseconds measured on {it.date}, {it.processor}, {it.threads} thread{'s'[: it.threads > 1]}, torch "
        f"{it.torch}. On another machine they differ; their ratios differ less."
    )


def beside_published(at_half: Mapping[str, Mapping[str, Interval]]) -> pd.DataFrame:
    """By model and measure: counted here at a score of .5 with its interval, and as the brief published it.

    Raises TableRefused.
    """
    figures = published.load(PUBLISHED)
    rows = {
        (zoo.spec(name).title, to): {
            "Here": words.auc_interval(it[measure]) if measure == "auc" else words.share_interval(it[measure]),
            "The brief's": _as_published(figures[name].values[measure]),
        }
        for name, it in at_half.items()
        for measure, to in MEASURES.items()
    }
    return pd.DataFrame.from_dict(rows, orient="index")


def beside_takeaway(beside: pd.DataFrame) -> str:
    said = (
        f"{model}, {measure}: {row.iloc[0]}, the brief's {row.iloc[1]}" for (model, measure), row in beside.iterrows()
    )
    return f"At a score of .5. {'; '.join(said)}."


def about_published() -> list[str]:
    """How the brief's figures came about, and from where. Raises TableRefused."""
    figures = published.load(PUBLISHED)
    hard = [zoo.spec(name).title for name, it in figures.items() if it.auc_from == published.HARD_LABELS]
    turned = [zoo.spec(name).title for name, it in figures.items() if it.recall_of == "normal"]
    large = [(zoo.spec(name).title, it.parameters) for name, it in figures.items() if it.parameters]
    return [
        f"The brief's AUC of {' and of '.join(hard)} was computed from verdicts (hard labels), not from scores: it is "
        "the mean of sensitivity and specificity, and no AUC over all thresholds. The brief gives no intervals.",
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
    """The numbers behind `tests` as text, by measure and pair of models."""
    pictures = {"auc": "pictures", "sensitivity": "pneumonias", "specificity": "normals"}
    rows = {
        (
            f"{'AUC' if it.measure == 'auc' else it.measure.capitalize()}, {it.n} {pictures[it.measure]}",
            f"{counted.TITLES[it.first]} less {counted.TITLES[it.second]}",
        ): {
            "Difference": words.number_interval(Interval(it.value, it.low, it.high), decimals=3),
            "By patients": _both(it.p, it.p_holm),
            "By pictures": _both(it.p_independent, it.p_independent_holm),
        }
        for it in differences
    }
    return pd.DataFrame.from_dict(rows, orient="index")


def equal_sensitivity_table(found: Sequence[AtSensitivity]) -> pd.DataFrame:
    """False alarms of each model and their paired differences as text: a column a target sensitivity."""
    columns = {}
    for it in found:
        alarms = {(ALARMS, counted.TITLES[name]): words.percent_interval(of) for name, of in it.false_alarms.items()}
        apart = {
            (APART, f"{counted.TITLES[one]} minus {counted.TITLES[other]}"): words.number_interval(
                Interval(100 * of.value, 100 * of.low, 100 * of.high), decimals=1
            )
            for (one, other), of in it.differences.items()
        }
        columns[f"Sensitivity {words.plain_percent(it.target)}"] = alarms | apart
    return pd.DataFrame(columns)


def equal_sensitivity_takeaway(found: Sequence[AtSensitivity]) -> str:
    """Which differences have an interval that leaves out 0."""
    apart = [
        f"{counted.TITLES[one]} and {counted.TITLES[other]} at {words.plain_percent(it.target)}"
        for it in found
        for (one, other), of in it.differences.items()
        if of.low > 0 or of.high < 0
    ]
    if not apart:
        return "At the same sensitivity there is no significant difference: every paired interval includes 0."
    return (
        f"At the same sensitivity the paired interval excludes 0 for {listed(apart)}, before correction for the pairs."
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
        sides = {"For it": it.strengths, "Against it": it.weaknesses}
        parts = [f"{side}: {'; '.join(points)}." for side, points in sides.items() if points]
        said[found[name].title] = " ".join(parts) or "No tested difference speaks for or against it."
    return said


def cost_takeaway(found: Mapping[str, Candidate], cost: str) -> str:
    """AUC and cost of every model, and the front, for those who do not see the figure."""
    said = (cost_words(it, cost) for it in found.values() if it.cost(cost) is not None)
    return f"{'; '.join(said)}. {tradeoff.front_in_words(found, cost)}"


def cost_words(it: Candidate, cost: str) -> str:
    """'ResNet-50: AUC .987 (.979 to .993), 47.2 MB': for a candidate of which the cost is known."""
    costs = words.megabytes(it.size) if cost == "size" else f"{it.cost(cost):,.0f} ms"
    return f"{it.title}: AUC {words.auc_interval(it.auc)}, {costs}"


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
        f"{own} on the stress-tested validation images."
    )


def _as_published(value: float) -> str:
    """'.88', '.9119': as many decimals as were published, at least two."""
    return f"{value:.4f}".removesuffix("00").removeprefix("0")


def _both(p: float, p_holm: float) -> str:
    return f"{words.p_value(p)}, after Holm {words.p_value(p_holm)}"


def _test(it: Difference) -> str:
    return "DeLong's test" if it.measure == "auc" else "McNemar's exact test"
