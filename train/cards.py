"""Model cards and the data card, in Markdown, from checkpoint metadata and the committed tables.

Written by `python -m train.report`. The questions are those of CLAIM 2024 (Tejani et al., Radiology: Artificial
Intelligence) and STARD-AI 2025 (Nature Medicine) that apply to a comparison like this one; what is unmet is named so.
"""

import pandas as pd

from cxr_models import checkpoints, zoo
from cxr_models.evaluation import calibration, heat_maps, intervals, scores, summary
from cxr_models.paths import RESULTS
from train import card_styles
from train.card_styles import interval_text

SPLITS = {
    "val": "validation",
    "stressed": "validation, stressed",
    "test": "official test",
}
EXTERNAL = RESULTS / "external.csv"
OTHER = "other hospital, adults, text-mined labels"
WHERE = {"sensitivity": "Sensitivity", "specificity": "Specificity", "auc": "AUC"}

CHECKLIST = {
    "Intended use stated": "met: above",
    "Source of the data, dates, eligibility": "partly met: source and ages are published, dates and screening are not",
    "Reference standard": "partly met: two physicians labelled, a third checked the evaluation set; no follow-up, no "
    "microbiology in the files",
    "Demographics of each split": "not met: age, sex and severity of a child are not published",
    "Splits disjoint at the level of the patient": "met for validation; not provable for the test split (data card)",
    "Preprocessing and its software": "met: `cxr_models/imaging/`, the same function in training and use",
    "Training, hyperparameters, software versions": "met: recipe and command above, `requirements.txt`",
    "How the final model was chosen": "{chosen}",
    "Several seeds and their spread": "{seeds}",
    "Measures with uncertainty": "met: patient bootstrap, 2,000 resamples; shares of none or all by Wilson, slope and "
    "intercept by Wald's interval, clustered by patient",
    "Calibration": "met: above",
    "Robustness": "met: `assets/results/robustness.csv`",
    "Test against other hospitals": "{elsewhere}",
    "Failure analysis": "{failures}",
    "Subgroups": "partly met: bacterial and viral apart, and acquisition styles; nothing else is known of the children",
    "Sample size justified": "not met: the official split was taken as it is; the intervals say what it can tell",
    "Comparison with clinicians": "not met: no reader study",
    "Prospective or clinical evaluation": "not met",
    "Code, weights and data open": "{open}",
}

# Of the published pictures; of a folder of one's own nothing of this is known here.
DATA_CHECKLIST = {
    "Source and setting": "met: above",
    "Dates": "not met: the files give none",
    "Eligibility": "partly met: age and view are published, what was screened out is not",
    "Identifying data removed": "partly met: files are numbered JPEGs without a header, but clock times are burned "
    "into some images, and into a few a date and a number",
    "Reference standard and who set it": "partly met: physicians, two and for the evaluation set three; their training "
    "and how they decided are not published",
    "Agreement of the readers": "not met: not published",
    "Demographics and severity": "not met: not published",
    "Missing data": "not met: pictures left out are not listed",
    "Splits, and at which level": "met for validation, by patient number; the test split is the published one (above)",
    "Preprocessing": "met: above, and `cxr_models/imaging/`",
}
DATA_QUESTIONS = (
    "\n## What CLAIM 2024 and STARD-AI ask of the data\n",
    "| question | answer |\n|---|---|",
    *(f"| {question} | {answer} |" for question, answer in DATA_CHECKLIST.items()),
    "",
)

KERMANY = (
    "- Source: Kermany, Zhang and Goldbaum, *Labeled Optical Coherence Tomography (OCT) and Chest X-Ray Images",
    "  for Classification*, Mendeley Data; Guangzhou Women and Children's Medical Center. Licence CC BY 4.0.",
    "- Children of one to five years, frontal views, taken in routine care; poor pictures were screened out.",
    "- Labels: two physicians, the evaluation set checked by a third. Normal, bacterial or viral pneumonia.",
)
STRANGERS = (
    "- Source: a folder that was given to `python -m train.splits`. Its file names are not those of the published set,",
    "  so source, licence, ages and how the labels came about are not known here.",
)


def model_card(name: str, metrics: pd.DataFrame, table: pd.DataFrame) -> str:
    """One network's card. metrics: as in metrics.csv; table: the fact table."""
    known, spec = zoo.metadata(name), zoo.spec(name)
    told = {
        "seeds": _seeds(name),
        "elsewhere": _elsewhere(),
        "chosen": _chosen(known),
        "failures": _failures(name),
        "open": _open(known),
    }
    parts = [
        f"# Model card: {spec.title}\n",
        "Research use. Not a medical device. Written by `python -m train.report`.\n",
        "## Use\n",
        "- For: comparing and teaching such models, on frontal chest X-rays of children of one to five years.",
        "- Not for: decisions on patients; adults, newborns, lateral views; any finding but pneumonia.",
        f"- Answers: one score, larger for pneumonia; a heat map: {_heat_map(name)}\n",
        "## Network and training\n",
        _facts(name, known, spec),
        "\n## How well\n",
        f"At the balanced threshold {float(known['threshold']):.3f} (90 % interval {float(known['threshold_low']):.3f} "
        f"to {float(known['threshold_high']):.3f}), chosen on stress-tested "
        "validation; 95 % intervals by patient.\n",
        _performance(name, metrics, known),
        "\nOf the pneumonias of the official test split, by what they were published as:\n",
        _subgroups(name, table, known),
        "\nErrors on the official test set by acquisition style (what a style is: data card):\n",
        card_styles.errors(name, table, known),
        f"\n## Calibration on the official test split\n\n{_calibration(name, table, known)}\n",
        "## Limits\n",
        "- One medical centre. Measure it at your own hospital first.",
        "- Children ill with something else were never in the data: real specificity will be lower.",
        "- Part of what separates the classes here is no medicine (`assets/results/shortcut.csv`, `blackout.csv`).\n",
        "## What CLAIM 2024 and STARD-AI ask\n",
        "Those of their items that apply to a comparison of models like this one.\n",
        "| question | answer |\n|---|---|",
        *(f"| {question} | {answer.format_map(told)} |" for question, answer in CHECKLIST.items()),
        "",
    ]
    return "\n".join(parts)


def data_card() -> str:
    """The card of the pictures."""
    table = pd.read_csv(RESULTS / "splits.csv", dtype=str, keep_default_na=False)
    lines = ["| split | pictures | normal | bacterial | viral | patient numbers |", "|---" * 6 + "|"]
    for split in ("train", "val", "test"):
        part = table[table["split"] == split]
        kinds = part["subtype"].value_counts()
        cells = [
            len(part),
            *(kinds.get(kind, 0) for kind in ("normal", "bacteria", "virus")),
            part["patient"].nunique(),
        ]
        lines.append(f"| {split} | {' | '.join(f'{cell:,}' for cell in cells)} |")
    test = table["split"] == "test"
    of_kermany = not (table["subtype"] == "unknown").any()
    shared = len(set(table.loc[test, "patient"]) & set(table.loc[~test, "patient"]))
    return "\n".join(
        [
            "# Data card\n",
            "Written by `python -m train.report` from `assets/results/splits.csv`.\n",
            *(KERMANY if of_kermany else STRANGERS),
            "- Here: squashed to 224 × 224 pixels, dark borders trimmed. Each picture's hash is in the table.\n",
            *lines,
            "",
            f"- {shared} patient numbers occur both in the test pictures and in the others, never with the same kind",
            "  of pneumonia. Whether they are the same children cannot be told from the names.",
            f"- {int(table.duplicated('sha256').sum())} pictures are exact copies of another one; none lies in another"
            " split or has another label.",
            "- Normals and pneumonias differ in proportions, sharpness, borders and compression, so that nine numbers",
            "  without medicine separate them (`assets/results/shortcut.csv`). Training makes these random; validation",
            "  is also read in a stressed copy in which the proportions tell nothing.",
            "- Not known: age, sex, severity, treatment and date of each picture; pictures left out.",
            "- Missing by design: children who are ill without pneumonia, adults, lateral views.",
            "- The machine is not recorded, but it shows: acquisition styles, below.",
            "",
            *card_styles.by_class(),
            *(DATA_QUESTIONS if of_kermany else ("",)),
        ]
    )


def _taught_by(teacher: str) -> str:
    """teacher: as in a checkpoint's metadata; '' where there was none."""
    if not teacher:
        return "nobody: trained on the labels"
    return zoo.spec(teacher).title if teacher in zoo.SPECS else "the mean of three teachers' logits"


def _facts(name: str, known: dict[str, str], spec: zoo.Spec) -> str:
    size = spec.checkpoint.stat().st_size
    facts = {
        "parameters": f"{checkpoints.parameters(spec.checkpoint):,}",
        "file": f"`{spec.checkpoint.name}`, {size / 1e6:.3g} MB, {known.get('precision', 'half')} precision"
        + (
            f", which moved no logit of {_rounded_on(known)} by more than {known['rounding']}"
            if "rounding" in known
            else ""
        ),
        "hash of the weights": f"`{checkpoints.weights_sha256(spec.checkpoint)}`",
        "command": f"`{known['command']}`",
        "recipe": known["recipe"],
        "seed, best epoch": f"{known['seed']}, {known['best_epoch']}",
        "training cost": f"{known['core_hours']} core hours"
        + (", without a GPU" if known.get("device", "cpu") == "cpu" else " beside a GPU"),
        "hash of the table of splits": f"`{known['data_sha256']}`",
        "taught by": _taught_by(known.get("distilled_from", "")),
        "licence": known["licence"],
    }
    return "\n".join(["| | |", "|---|---|", *(f"| {key} | {value} |" for key, value in facts.items())])


def _performance(name: str, metrics: pd.DataFrame, known: dict[str, str]) -> str:
    mine = metrics[(metrics["model"] == name) & (metrics["point"] == "balanced")]
    by_split = {title: mine[mine["split"] == split] for split, title in SPLITS.items()}
    if EXTERNAL.exists():
        point = summary.Point(float(known["temperature"]), float(known["threshold"]))
        by_split[OTHER] = summary.measures(scores.load(EXTERNAL), {name: point}, split="external")
    lines = ["| pictures | " + " | ".join(WHERE.values()) + " |", "|---" * (1 + len(WHERE)) + "|"]
    for title, rows in by_split.items():
        found = rows.set_index("measure")
        lines.append(f"| {title} | {' | '.join(interval_text(found.loc[measure]) for measure in WHERE)} |")
    return "\n".join(lines)


def _subgroups(name: str, table: pd.DataFrame, known: dict[str, str]) -> str:
    lines = ["| | found | sensitivity |", "|---|---|---|"]
    tested = table[table["split"] == "test"]
    for subtype, title in (("bacteria", "bacterial"), ("virus", "viral"), ("unknown", "not told apart")):
        if not (tested["subtype"] == subtype).any():
            continue
        rows = scores.rows(tested[tested["subtype"] == subtype], "test", name)
        score = scores.score(rows.logit, float(known["temperature"]))
        threshold = float(known["threshold"])
        found = intervals.at_threshold(rows.label, score, rows.patient, threshold=threshold)["sensitivity"]
        count = int((score >= threshold).sum())
        lines.append(f"| {title} | {count} of {len(score)} | {interval_text(found)} |")
    return "\n".join(lines)


def _calibration(name: str, table: pd.DataFrame, known: dict[str, str]) -> str:
    rows = scores.rows(table, "test", name)
    found = calibration.assess(rows.label, rows.logit, rows.patient, temperature=float(known["temperature"]))
    said = {"Brier score": found.brier, "slope": found.slope, "intercept": found.intercept}
    values = ", ".join(f"{key} {it.value:.3f} ({it.low:.3f} to {it.high:.3f})" for key, it in said.items())
    return f"Temperature {float(known['temperature']):.3f}, fitted on plain validation. {values}. Best: 0, 1 and 0.\n"


def _seeds(name: str) -> str:
    seeds = sum(scores.was_run(table, "val", name) for table in scores.of_seeds(RESULTS).values())
    return f"met: {seeds} seeds, `assets/results/scores_seed_N.csv`" if seeds > 1 else "not met: one seed"


def _chosen(known: dict[str, str]) -> str:
    """For the student taught by another network: its alpha was changed in sight of a former student's test figures."""
    on = "on plain and stressed validation"
    if "train.steady" in known["command"]:
        return f"partly met: {on}, seed by seed; a last epoch against markers was added whatever validation said of it"
    if "distilled_from" in known:
        return (
            f"partly met: teacher, temperature, α, epoch and seed {on}; but the test figures of the student before, "
            "with another α, were known when α was changed"
        )
    return f"met: {on}, epoch by epoch and seed by seed"


def _failures(name: str) -> str:
    if name in zoo.COMPARED:
        return "met: the page Mistakes shows every error"
    return "not met: no page shows this network's errors; its logits are in `assets/results/scores.csv`"


def _rounded_on(known: dict[str, str]) -> str:
    """The pictures by which half precision was judged; a checkpoint that does not tell was judged by normals alone."""
    return known.get("rounding_pictures", "128 validation pictures, all normal,")


def _heat_map(name: str) -> str:
    """Method and layer of its heat map, and what `train.heat_maps` measured of it on the test set."""
    spec = zoo.spec(name)
    method = f"{zoo.HEAT_MAP_METHODS[spec.heat_map_method]} at `{spec.heat_map_layer}`"
    if not heat_maps.TABLE.exists():
        return f"{method}. Not checked yet by `python -m train.heat_maps`."
    rows = heat_maps.released(heat_maps.load(), split="test", model=name)
    if rows.empty:
        return f"{method}. Not measured on the test set yet (`python -m train.heat_maps`)."
    found = heat_maps.means(rows)
    gains = ", ".join(
        f"{found[gain].value:.2f} ({found[gain].low:.2f} to {found[gain].high:.2f}) {words}"
        for gain, words in zip(heat_maps.DELETIONS, ("blurred", "mean grey", "mean normal X-ray"), strict=True)
    )
    inside = found["inside"]
    verdict = ("lowers" if heat_maps.holds(found) else "was not shown to lower") + " the logit more than"
    return (
        f"{method}. Removing what it highlights {verdict} removing another part of the chest, with every fill. "
        f"Difference: {gains}. Share of its positive evidence inside the chest: "
        f"{inside.value:.2f} ({inside.low:.2f} to {inside.high:.2f}) (`assets/results/heatmaps.csv`)."
    )


def _open(known: dict[str, str]) -> str:
    return f"partly met: code and weights are here, without a licence for the code; of the weights: {known['licence']}"


def _elsewhere() -> str:
    if EXTERNAL.exists():
        return "met: the last row of the table above"
    return "not met: `python -m train.nih` has not read another hospital's pictures with these networks"
