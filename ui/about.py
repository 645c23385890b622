"""What the about page says that a file can give: splits counted, model cards."""

import re

import pandas as pd

from cxr_models import zoo
from cxr_models.errors import Refusal
from cxr_models.paths import MODEL_CARDS
from ui import cached, words

SPLITS = {"train": "Training", "val": "Validation", "test": "Test"}


def split_counts() -> pd.DataFrame:
    """A column a split, which a phone has room for: pictures, normal, pneumonia by kind where there is some, patients;
    empty without the table of splits."""
    table = cached.splits_table()
    rows = {}
    for split, title in SPLITS.items():
        part = table[table["split"] == split]
        rows[title] = {
            "Pictures": len(part),
            "Normal": int((part["subtype"] == "normal").sum()),
            "Bacterial pneumonia": int((part["subtype"] == "bacteria").sum()),
            "Viral pneumonia": int((part["subtype"] == "virus").sum()),
            "Pneumonia of unknown kind": int((part["subtype"] == "unknown").sum()),
            "Patient numbers": part["patient"].nunique(),
        }
    counts = pd.DataFrame(rows)
    kinds = counts.index.str.contains("pneumonia")
    return counts[~kinds | counts.any(axis=1)] if len(table) else pd.DataFrame()


def shared_patients() -> int:
    """Patient numbers that occur in both the training or validation pictures and the test pictures."""
    table = cached.splits_table()
    test = table["split"] == "test"
    return len(set(table.loc[test, "patient"]) & set(table.loc[~test, "patient"]))


def duplicates() -> int:
    """Pictures that are byte for byte the same as an earlier one."""
    return int(cached.splits_table().duplicated("sha256").sum())


def other_hospital() -> str:
    """What the models are worth on another hospital's adults, in a sentence; or which command finds out."""
    try:
        aucs = cached.external_aucs()
    except Refusal:
        return "The check on another hospital is missing. This command makes it: `python -m train.nih --data FOLDER`"
    said = ", ".join(f"{zoo.spec(name).title} {words.share_interval(auc)}" for name, auc in aucs.items())
    return (
        f"At another hospital, on mostly adults with text-mined labels, the AUC is: {said}; .5 is a coin toss, and "
        "below it normals get the higher scores. Hospital, age and labels all differ, so no cause can be named."
    )


def card(name: str) -> str:
    """A network's model card, or the data card ('data'), as Markdown to stand under a heading of the page."""
    path = MODEL_CARDS / f"{name}.md"
    if not path.is_file():
        return "This card is missing. This command writes it: `python -m train.report`"
    # Title and first paragraph stand on the page already: its heading, its disclaimer.
    _, _, text = path.read_text().split("\n\n", 2)
    return re.sub(r"^#+ ", "##### ", text, flags=re.MULTILINE)


def licence(name: str) -> str:
    """The licence a model's checkpoint states, or why it cannot be told."""
    try:
        return cached.metadata(name).get("licence", "not stated in the checkpoint")
    except Refusal as refusal:
        return str(refusal)
