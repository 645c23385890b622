"""What the operating point does on a split, as pages show it: counts, tables of measures, sentences."""

from collections.abc import Mapping

import pandas as pd

from cxr_models import zoo
from cxr_models.errors import TableRefused
from cxr_models.evaluation import change, comparison
from cxr_models.evaluation.confusion import Confusion
from cxr_models.evaluation.curves import PrecisionRecall, Roc
from cxr_models.evaluation.intervals import Interval
from cxr_models.evaluation.probability import is_useful
from cxr_models.verdict import listed
from ui import cached, counted, refusal, state, words
from ui.state import OperatingPoint

OTHER_HOSPITAL = cached.OTHER_HOSPITAL
SPLITS = {
    "val": "Validation",
    "stressed": "Stressed validation",
    "test": "Test",
    OTHER_HOSPITAL: "Other hospital, adults, text-mined labels",
}
SPLIT_NOTES = {
    "val": "Validation: X-rays kept from training, as published. Models and temperatures were chosen here, so these "
    "numbers are optimistic.",
    "stressed": "Stressed validation: the same X-rays, stretched, zoomed and re-exposed. Models and thresholds were "
    "chosen here, so these numbers are optimistic.",
    "test": "Official test set. Not used to choose models, thresholds or temperatures.",
    OTHER_HOSPITAL: "Other hospital: mostly adults, labels that a program read out of reports. Hospital, age and "
    "labels all differ, so this shows that the numbers do not carry over, and not why. No PPV and no NPV.",
}
SPLIT_COMMANDS = dict.fromkeys(SPLITS, refusal.SCORES_COMMAND) | {OTHER_HOSPITAL: "python -m train.nih --data FOLDER"}
COUNTED_ON = {
    "val": "on the validation pictures",
    "stressed": "on the stressed validation pictures",
    "test": "on the test pictures",
    OTHER_HOSPITAL: "on the other hospital's pictures",
}
CHOSEN_ON = "the stress-tested validation images"
AGAINST = {"shipped": "The shipped point", "former": "Where the dial stood before"}
STILL = {"displayModeBar": False}
# rule -> what is wished of all models, what they then differ in, and how that is told
OF_SENSITIVITY = ("sensitivity", "specificity", "false alarms per 100 normals")
OF_SPECIFICITY = ("specificity", "sensitivity", "missed pneumonias per 100")
ONE_WISH = {
    "sensitive": OF_SENSITIVITY,
    "sensitivity": OF_SENSITIVITY,
    "specific": OF_SPECIFICITY,
    "specificity": OF_SPECIFICITY,
}


def counts(point: OperatingPoint, split: str) -> dict[str, Confusion]:
    """By model, at its threshold. Raises TableRefused."""
    return {name: cached.counts(name, split, it.value) for name, it in point.thresholds.items()}


def rates(point: OperatingPoint, split: str) -> dict[str, dict[str, Interval]]:
    """By model, the measures at its threshold with their intervals. Raises TableRefused."""
    return {name: counted.rates(name, split, it.value) for name, it in point.thresholds.items()}


def stretches(point: OperatingPoint, curves: Mapping[str, Roc]) -> dict[str, Roc]:
    """By model, the part of its curve that the interval of its threshold covers."""
    return {
        name: curve.between(point.thresholds[name].low, point.thresholds[name].high) for name, curve in curves.items()
    }


def changes(against: str, now: OperatingPoint, split: str) -> list[str]:
    """What the step from another operating point (a key of `AGAINST`) to this one does: first its name, then a list.

    Raises TableRefused.
    """
    before = state.former() if against == "former" else state.shipped()
    if before is None:
        return ["The dial has not been moved yet."]
    earlier, later = counts(before, split), counts(now, split)
    said = [change.sentence(f"**{zoo.spec(name).title}**", earlier[name], it) for name, it in later.items()]
    return [f"Against {before.spoken}, {COUNTED_ON[split]}:", "\n".join(f"- {line}" for line in said)]


def everywhere(point: OperatingPoint) -> dict[str, pd.DataFrame | str]:
    """By split: a row a model with sensitivity, specificity and false alarms per 100 normals, with intervals; for a
    split whose table is missing, the sentence that says so."""
    tables = {}
    for split in SPLITS:
        try:
            found = rates(point, split)
        except TableRefused as refused:
            tables[split] = f"{refused} This command makes it: `{SPLIT_COMMANDS[split]}`"
        else:
            tables[split] = pd.DataFrame([_row(name, it) for name, it in found.items()])
    return tables


def everywhere_takeaway(point: OperatingPoint, split: str) -> str:
    """Pneumonias found and false alarms of every model on a split, for those who do not see the table."""
    said = (
        f"{zoo.spec(name).title} finds {it.tp} of {it.tp + it.fn} pneumonias and raises {it.fp} false alarms on "
        f"{it.fp + it.tn} normals"
        for name, it in counts(point, split).items()
    )
    return f"{SPLITS[split]}: {'; '.join(said)}."


def carried_over(point: OperatingPoint) -> list[str]:
    """A sentence a model: what becomes of its threshold on pictures it was not chosen on. Without those whose table is
    missing."""
    chosen = counts(point, cached.CHOSEN_ON)
    said = {name: [] for name in chosen}
    for split in ("test", OTHER_HOSPITAL):
        try:
            found = counts(point, split)
        except TableRefused:
            continue
        for name, it in found.items():
            said[name].append(f"{COUNTED_ON[split]} it {change.carried_over(chosen[name], it)}")
    return [f"**{zoo.spec(name).title}**: {'; '.join(parts)}." for name, parts in said.items() if parts]


def at_one_wish(point: OperatingPoint, split: str) -> str:
    """For rules with one target sensitivity the models' false alarms, for those with one target specificity what they
    miss, fewest first; and what the target became on the split. Else empty. Raises TableRefused."""
    if point.rule not in ONE_WISH:
        return ""
    wished, other, price = ONE_WISH[point.rule]
    found = rates(point, split)
    paid = {name: of[other].complement for name, of in found.items()}
    reached = [f"{words.percent(of[wished].value)} ({zoo.spec(name).title})" for name, of in found.items()]
    said = (
        f"{zoo.spec(name).title} {words.per_hundred_interval(paid[name])}"
        for name in sorted(paid, key=lambda name: paid[name].value)
    )
    return (
        f"All models are set to one {wished} on {CHOSEN_ON}. Their {price} {COUNTED_ON[split]}: {', '.join(said)}. "
        f"Their {wished} there is {listed(reached)}. So a part of the difference is how each threshold transfers."
    )


def differences(point: OperatingPoint, split: str) -> list[str]:
    """A sentence a pair of models for sensitivity and specificity, with both tests. Raises TableRefused."""
    titles = {name: zoo.spec(name).title for name in point.thresholds}
    return [
        f"{comparison.words(it, titles)} Bootstrap of patients: {words.p_value(it.p_holm)}. McNemar's exact test, as "
        f"if pictures were independent: {words.p_value(it.p_independent_holm)}."
        for it in cached.differences(point.points, split)
        if it.measure != "auc"
    ]


def measures(point: OperatingPoint, split: str, prevalence: float) -> pd.DataFrame:
    """A row a measure, a column a model, with intervals and counts in words; what depends on the prevalence is left out
    for the other hospital. Raises TableRefused."""
    columns = {}
    for name, found in rates(point, split).items():
        it, value = cached.counts(name, split, point.thresholds[name].value), point.thresholds[name].value
        column = {
            "Threshold": f"{value:.3f}",
            words.MEANINGS["sensitivity"]: f"{words.percent_interval(found['sensitivity'])}, "
            f"{it.tp} of {it.tp + it.fn}",
            words.MEANINGS["specificity"]: f"{words.percent_interval(found['specificity'])}, "
            f"{it.tn} of {it.tn + it.fp}",
            words.MEANINGS["auc"]: words.auc_interval(found["auc"]),
        }
        if split != OTHER_HOSPITAL:
            predictive = counted.predictive_values(name, split, value, prevalence)
            column |= {
                words.MEANINGS["ppv"]: words.percent_interval(predictive.ppv),
                words.MEANINGS["npv"]: words.percent_interval(predictive.npv),
                "Probability of pneumonia for a score just at the threshold": _shown(
                    counted.probability_at(name, value, prevalence)
                ),
            }
        columns[zoo.spec(name).title] = column
    return pd.DataFrame(columns)


def independent(point: OperatingPoint, split: str) -> pd.DataFrame:
    """The same measures with the intervals that would be right if pictures were independent. Raises TableRefused."""
    columns = {}
    for name, it in point.thresholds.items():
        found = counted.rates_of_independent(name, split, it.value)
        columns[zoo.spec(name).title] = {
            "Sensitivity (Wilson)": words.percent_interval(found["sensitivity"]),
            "Specificity (Wilson)": words.percent_interval(found["specificity"]),
            "AUC (DeLong)": words.share_interval(found["auc"]),
        }
    return pd.DataFrame(columns)


def roc_takeaway(curves: Mapping[str, Roc], it: Mapping[str, Confusion]) -> str:
    said = (
        f"{zoo.spec(name).title}: AUC {curve.auc:.3f}, sensitivity {words.percent(it[name].sensitivity)} and "
        f"specificity {words.percent(it[name].specificity)} at the operating point"
        for name, curve in curves.items()
    )
    return f"ROC curves. {'; '.join(said)}."


def precision_recall_takeaway(
    curves: Mapping[str, PrecisionRecall], it: Mapping[str, Confusion], titles: Mapping[str, str] | None = None
) -> str:
    """titles: the words for what is no model of ours."""
    titles = titles or {name: zoo.spec(name).title for name in curves}
    said = (
        f"{titles[name]}: average precision {curve.average_precision:.3f}, precision "
        f"{words.percent(it[name].precision)} at a recall of {words.percent(it[name].recall)}"
        for name, curve in curves.items()
    )
    return f"Precision-recall curves. {'; '.join(said)}."


def matrix_takeaway(title: str, it: Confusion) -> str:
    return (
        f"{title}: of {it.tp + it.fn} pneumonias {it.tp} found and {it.fn} missed; "
        f"of {it.fp + it.tn} normals {it.tn} cleared and {it.fp} false alarms."
    )


def measures_takeaway(it: Mapping[str, Confusion], split: str) -> str:
    best = max(it, key=lambda name: it[name].sensitivity)
    return (
        f"Measures of {len(it)} models on the pictures of the split {SPLITS[split].lower()}; "
        f"{zoo.spec(best).title} finds most pneumonias, {words.percent(it[best].sensitivity)}."
    )


def _shown(likely: Interval | None) -> str:
    """A dash where there is no probability, or none whose interval helps (`probability.is_useful`)."""
    return words.percent_interval(likely) if likely and is_useful(likely) else words.UNDEFINED


def _row(name: str, found: Mapping[str, Interval]) -> dict[str, str]:
    return {
        "Model": zoo.spec(name).title,
        "Sensitivity": words.percent_interval(found["sensitivity"]),
        "Specificity": words.percent_interval(found["specificity"]),
        "False alarms per 100 normals": words.per_hundred_interval(found["specificity"].complement),
    }
