"""What the about page says that a file can give: splits counted, model cards."""

import pandas as pd

from cxr_models import checkpoints, zoo
from cxr_models.errors import Refusal
from ui import cached, words

SPLITS = {"train": "Training", "val": "Validation", "test": "Test"}
CARD = {
    "recipe": "Recipe",
    "command": "Command",
    "seed": "Seed",
    "temperature": "Temperature",
    "threshold": "Balanced threshold",
    "heat_map_scale": "Heat map scale",
    "core_hours": "Training, core hours",
    "data_sha256": "Data hash",
    "distilled_from": "Distilled from",
    "licence": "Licence",
}
ABSENT = "–"


def split_counts() -> pd.DataFrame:
    """A row a split: pictures, normal, bacterial and viral pneumonia, patients; empty without the table of splits."""
    table = cached.splits_table()
    rows = {}
    for split, title in SPLITS.items():
        part = table[table["split"] == split]
        rows[title] = {
            "Pictures": len(part),
            "Normal": int((part["subtype"] == "normal").sum()),
            "Bacterial pneumonia": int((part["subtype"] == "bacteria").sum()),
            "Viral pneumonia": int((part["subtype"] == "virus").sum()),
            "Patient numbers": part["patient"].nunique(),
        }
    return pd.DataFrame.from_dict(rows, orient="index") if len(table) else pd.DataFrame()


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
        f"At another hospital, on adults with text-mined labels, the AUC is: {said}; .5 is a coin toss, and below it "
        "normals get the higher scores. Hospital, age and labels all differ, so no cause can be named."
    )


def model_card(name: str) -> pd.DataFrame:
    """A row a fact from the checkpoint, in two columns; for one that cannot be read, its sentence."""
    return pd.DataFrame(_card(name).items(), columns=["Fact", "Value"])


def licence(name: str) -> str:
    """The licence a model's checkpoint states, or why it cannot be told."""
    try:
        return cached.metadata(name).get("licence", "not stated in the checkpoint")
    except Refusal as refusal:
        return str(refusal)


def _card(name: str) -> dict[str, str]:
    path = zoo.spec(name).checkpoint
    try:
        known = cached.metadata(name)
        return {
            "Parameters": words.many(checkpoints.parameters(path)),
            "File": words.megabytes(path.stat().st_size),
            **{title: known.get(key, ABSENT) for key, title in CARD.items()},
            "Weights hash": cached.weights_sha256(name)[:16],
        }
    except Refusal as refusal:
        return {"File": str(refusal)}
