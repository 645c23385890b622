"""What the cards say of acquisition styles: which classes have them, and which errors a network makes on them."""

import pandas as pd

from cxr_models.evaluation import mistakes, styles, summary
from cxr_models.evaluation.intervals import Interval

MISSING_STYLES = "`python -m train.styles` has not been run."
MARKERS = {"text": "burned-in text", "letter": "side letter only", "none": "neither found"}


def errors(name: str, table: pd.DataFrame, known: dict[str, str]) -> str:
    """One network's false alarms and missed pneumonias by style, a Markdown table. table: the fact table; known: the
    checkpoint's metadata."""
    if not styles.TABLE.exists():
        return f"Not counted yet: {MISSING_STYLES}"
    point = summary.Point(float(known["temperature"]), float(known["threshold"]))
    judged = mistakes.judge(table, {name: point}, split="test")
    found = styles.errors(styles.load(styles.TABLE), judged).set_index(["group", "kind"])
    lines = ["| style | false alarms | share of normal | missed pneumonias | share of pneumonia |", "|---" * 5 + "|"]
    for style in dict.fromkeys(sorted(found.index.get_level_values("group"), key=int)):
        cells = []
        for kind in styles.ERRORS:
            if (style, kind) in found.index:
                row = found.loc[(style, kind)]
                cells += [f"{row['errors']} of {row['images']}", interval_text(row)]
            else:
                cells += ["0 of 0", "–"]
        lines.append(f"| {style} | {' | '.join(cells)} |")
    return "\n".join(lines)


def by_class() -> list[str]:
    """The data card's section: how many images of each class have a style, and what is burned into them."""
    heading = "## Acquisition styles\n"
    if not styles.TABLE.exists():
        return [heading, f"Not found yet: {MISSING_STYLES}\n"]
    table = styles.load(styles.TABLE)
    lines = [
        heading,
        "Images that are alike in exposure, sharpness, borders and burned-in text, grouped without labels on the",
        "training images (`assets/results/styles.csv`, `python -m train.styles`). A style goes with a class, so that a",
        "model can learn the machine instead of the disease.\n",
        "| | training: normal | pneumonia | share | official test: normal | pneumonia | share |",
        "|---" * 7 + "|",
    ]
    for by in styles.GROUPINGS:
        train, test = (styles.by_class(table, split=split, by=by) for split in ("train", "test"))
        for group in train.index:
            cells = [
                cell
                for counts in (train.loc[group], test.loc[group])
                for cell in (f"{counts['normal']:.0f}", f"{counts['pneumonia']:.0f}", interval_text(counts))
            ]
            lines.append(f"| {f'style {group}' if by == 'style' else MARKERS[group]} | {' | '.join(cells)} |")
    return [*lines, ""]


def interval_text(row: pd.Series | Interval) -> str:
    """`.953 (.931–.971)`: no zero before the point, as medical journals print shares."""
    if pd.isna(row.value):
        return "–"
    return "{} ({}–{})".format(*(f"{value:.3f}".removeprefix("0") for value in (row.value, row.low, row.high)))
