"""Kaggle's `chest_xray` folder, as people really have it -> a table with one row a picture.

python -m train.kermany --data chest_xray        # says what is in the folder and what is wrong with it
"""

import argparse
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from cxr_models import imaging
from cxr_models.errors import DatasetRefused, PictureRefused

FOLDERS = ("train", "val", "test")
CLASSES = {"normal": 0, "pneumonia": 1}
SUFFIXES = {".jpeg", ".jpg", ".png", ".tif", ".tiff", ".bmp", ".webp"}
EXPECTED = "Expected is Kaggle's chest_xray folder: train/ and test/ (and val/), each with NORMAL/ and PNEUMONIA/."

PNEUMONIA_NAME = re.compile(r"(person\d+)_(bacteria|virus)_\d+")
NORMAL_NAME = re.compile(r"((?:NORMAL2-)?IM-\d+)-\d+")


@dataclass(frozen=True)
class Folder:
    """What a data folder holds.

    rows: a row a picture: file (name), folder (train, val, test), label (1 = pneumonia), subtype (normal, bacteria,
        virus, unknown), patient, sha256 of the file, sha256_pixels of what the networks see, path; sorted by
        folder and name.
    notes: sentences on what was left out or is odd, for the person who trains.
    """

    rows: pd.DataFrame
    notes: tuple[str, ...]


def read(data: Path) -> Folder:
    """Read every picture once; broken ones are left out, counted and named.

    Raises DatasetRefused when the folder is not Kaggle's, when a class is empty or when there is a third class.
    """
    root = find_root(data)
    notes = []
    rows, broken = [], []
    for folder in FOLDERS:
        if not (place := _child(root, folder)):
            notes.append(f"There is no {folder}/ folder; Kaggle's 16 validation pictures are not needed.")
            continue
        for name, label in _classes(place).items():
            files = _pictures(place / name)
            if not files:
                raise DatasetRefused(f"{folder}/{name} is empty: no picture of that class was found. {EXPECTED}")
            for path in files:
                try:
                    rows.append(_row(path, folder, label))
                except PictureRefused as error:
                    broken.append(f"{folder}/{name}/{path.name} ({error})")
    table = pd.DataFrame(rows).sort_values(["folder", "file"], ignore_index=True)
    if broken:
        notes.append(f"{len(broken)} files cannot be read and are left out: {'; '.join(broken)}")
    table, leaked = without_leaks(table)
    if leaked:
        notes.append(
            f"{len(leaked)} training pictures are the same as a test picture and are left out of training: "
            + ", ".join(leaked)
        )
    repeated = table["file"][table["file"].duplicated()].tolist()
    if repeated:
        raise DatasetRefused(f"Different pictures share a name: {', '.join(repeated[:5])}. Names must be unique.")
    return Folder(table, tuple(notes + _oddities(table)))


def find_root(data: Path) -> Path:
    """The folder with train/ and test/ in it: `data` itself, or up to two levels of chest_xray/ inside it."""
    if not data.is_dir():
        raise DatasetRefused(f"There is no folder {data}. {EXPECTED}")
    place = data
    for _ in range(3):
        if _child(place, "train") and _child(place, "test"):
            return place
        if not (deeper := _child(place, "chest_xray")):
            break
        place = deeper
    found = ", ".join(sorted(p.name for p in data.iterdir() if not _hidden(p))[:8]) or "nothing"
    raise DatasetRefused(f"{data} holds {found}. {EXPECTED}")


def paths(data: Path) -> dict[str, Path]:
    """Name -> path of every picture in the folder, unread. Raises DatasetRefused for a wrong folder."""
    return {path.name: path for path in find_root(data).glob("*/*/*") if path.suffix.lower() in SUFFIXES}


def without_leaks(table: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """The table without training pictures whose pixels are also in test, and the names of what was dropped."""
    tested = set(table.loc[table["folder"] == "test", "sha256_pixels"])
    leaks = (table["folder"] != "test") & table["sha256_pixels"].isin(tested)
    return table[~leaks].reset_index(drop=True), table.loc[leaks, "file"].tolist()


def identity(file: str, label: int) -> tuple[str, str]:
    """(patient, subtype) as the published file names carry them.

    >>> identity("person1000_bacteria_2931.jpeg", 1), identity("NORMAL2-IM-0383-0001.jpeg", 0)
    (('person1000', 'bacteria'), ('NORMAL2-IM-0383', 'normal'))

    A name without a number makes a patient of its own.
    """
    stem = Path(file).stem
    if label and (match := PNEUMONIA_NAME.match(stem)):
        return match[1], match[2]
    if not label and (match := NORMAL_NAME.match(stem)):
        return match[1], "normal"
    return stem, "unknown" if label else "normal"


def _row(path: Path, folder: str, label: int) -> dict:
    data = path.read_bytes()
    seen = imaging.pixels(imaging.decode(data))
    patient, subtype = identity(path.name, label)
    return {
        "file": path.name,
        "folder": folder,
        "label": label,
        "subtype": subtype,
        "patient": patient,
        "sha256": hashlib.sha256(data).hexdigest(),
        "sha256_pixels": hashlib.sha256(np.ascontiguousarray(seen)).hexdigest(),
        "path": path,
    }


def _classes(place: Path) -> dict[str, int]:
    """Class folders as they are spelt -> label."""
    found = {p.name: CLASSES.get(p.name.lower()) for p in sorted(place.iterdir()) if p.is_dir() and not _hidden(p)}
    if strangers := [name for name, label in found.items() if label is None]:
        raise DatasetRefused(f"{place.name}/ has a class folder that is not known: {', '.join(strangers)}. {EXPECTED}")
    if missing := [name.upper() for name, label in CLASSES.items() if label not in found.values()]:
        raise DatasetRefused(f"{place.name}/ has no {' and no '.join(missing)} folder. {EXPECTED}")
    return found


def _pictures(place: Path) -> list[Path]:
    return sorted(p for p in place.iterdir() if p.suffix.lower() in SUFFIXES and not _hidden(p) and p.is_file())


def _child(place: Path, name: str) -> Path | None:
    return next((p for p in sorted(place.iterdir()) if p.is_dir() and p.name.lower() == name), None)


def _hidden(path: Path) -> bool:
    return path.name.startswith(".") or path.name == "__MACOSX"


def _oddities(table: pd.DataFrame) -> list[str]:
    copies = int(table["sha256_pixels"].duplicated().sum())
    in_test = table["folder"] == "test"
    shared = set(table.loc[in_test, "patient"]) & set(table.loc[~in_test, "patient"])
    notes = []
    if copies:
        notes.append(f"{copies} pictures are exact copies of another one; copies stay on one side of the cut.")
    if shared:
        notes.append(
            f"{len(shared)} patient numbers occur in train and in test; "
            "the names do not tell whether they are the same child."
        )
    return notes


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="Kaggle's chest_xray folder")
    try:
        folder = read(parser.parse_args().data)
    except DatasetRefused as refusal:
        parser.exit(2, f"{refusal}\n")
    print(folder.rows.groupby(["folder", "subtype"]).size().to_string())
    print("\n".join(folder.notes))


if __name__ == "__main__":
    main()
