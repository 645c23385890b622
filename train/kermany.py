"""A folder in the layout of Kaggle's `chest_xray`, as people really have it -> a table with one row per image.

python -m train.kermany --data chest_xray        # says what is in the folder and what is wrong with it

Files are read as the app reads them: their content decides, not their ending, and folders inside the class folders
count. The patient of an image comes from its name and folders, by a rule of `cxr_models.patients`.
"""

import argparse
import hashlib
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from cxr_models import imaging, patients
from cxr_models.archive import is_system
from cxr_models.errors import DatasetRefused, PictureRefused
from cxr_models.patients import Proposal, Rule

FOLDERS = ("train", "val", "test")
CLASSES = {"normal": 0, "pneumonia": 1}
EXPECTED = "Expected is Kaggle's chest_xray folder: train/ and test/ (and val/), each with NORMAL/ and PNEUMONIA/."

PNEUMONIA_NAME = re.compile(r"person\d+_(bacteria|virus)_\d+")
RULES = "Another rule for patients: --patients PATTERN, folder:1 to folder:9, or none (each image is a patient)."
NAMED = 5  # files outside the class folders that a note names


@dataclass(frozen=True)
class Folder:
    """What a data folder holds.

    rows: one row per image: file (name; where two images share a name, the path inside the data folder), folder (train,
        val, test), label (1 = pneumonia), subtype (normal, bacteria, virus, unknown), patient, sha256 of the file,
        sha256_pixels of what the networks see, path; sorted by folder and name.
    notes: sentences on what was left out or is odd, for the person who trains.
    """

    rows: pd.DataFrame
    notes: tuple[str, ...]


def read(data: Path, rule: Rule | None = None) -> Folder:
    """Read every file of the class folders once; those that cannot be read are left out, counted and named.

    rule: how names and folders give patients. Without one, names of the published set give theirs, and the other names
    by the first rule of `patients.propose` that nothing speaks against; the notes say which.

    Raises DatasetRefused when the folder has another layout, when a class has no readable image or when there is a
    third class.
    """
    root = find_root(data)
    notes, rows, broken = [], [], []
    for folder in FOLDERS:
        if not (place := _child(root, folder)):
            notes.append(f"There is no {folder}/ folder; Kaggle's 16 validation pictures are not needed.")
            continue
        for name, label in _classes(place).items():
            before = len(rows)
            for path in _files(place / name):
                try:
                    rows.append(_row(path, path.relative_to(root).as_posix(), folder, label))
                except PictureRefused as error:
                    broken.append(f"{path.relative_to(root).as_posix()} ({error})")
            if len(rows) == before:
                raise DatasetRefused(f"{folder}/{name} is empty: no image of that class can be read. {EXPECTED}")
    table = pd.DataFrame(rows)
    if broken:
        notes.append(f"{len(broken)} files cannot be read and are left out: {'; '.join(broken)}")
    notes += _left_out(root)
    table["patient"], published, told = _patients(table["file"].tolist(), rule)
    table, leaked = without_leaks(table, sure=~published)
    notes += told + leaked
    bare = table["path"].map(lambda path: path.name)
    if bare.is_unique:
        table["file"] = bare
    table = table.sort_values(["folder", "file"], ignore_index=True)
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
    found = ", ".join(sorted(p.name for p in data.iterdir() if not is_system(p.name))[:8]) or "nothing"
    raise DatasetRefused(f"{data} holds {found}. {EXPECTED}")


def paths(data: Path) -> dict[str, Path]:
    """Path inside the data folder -> file, and name -> file where no other has that name; all files of train/, val/ and
    test/, unread. Raises DatasetRefused for a wrong folder."""
    root = find_root(data)
    places = [place for folder in FOLDERS if (place := _child(root, folder))]
    found = {path.relative_to(root).as_posix(): path for place in places for path in _files(place)}
    count = Counter(path.name for path in found.values())
    return found | {path.name: path for path in found.values() if count[path.name] == 1}


def without_leaks(table: pd.DataFrame, *, sure: np.ndarray) -> tuple[pd.DataFrame, list[str]]:
    """The table without training images whose pixels or whose patient are also in test, and sentences on what was left
    out.

    sure: (n,) bool, whether the image's patient is known. The numbers in the published names are not: 170 occur in
    train and in test, and nobody knows whether they are the same children.
    """
    test = table["folder"] == "test"
    same = ~test & table["sha256_pixels"].isin(table.loc[test, "sha256_pixels"])
    siblings = ~test & ~same & sure & table["patient"].isin(table.loc[test, "patient"])
    notes = []
    if same.any():
        names = ", ".join(table.loc[same, "file"])
        notes.append(f"{same.sum()} training images are the same as a test image and are left out of training: {names}")
    if siblings.any():
        names = ", ".join(table.loc[siblings, "patient"].unique())
        notes.append(
            f"{siblings.sum()} training images are of patients who are also in test and are left out of training. "
            f"Patients: {names}"
        )
    return table[~same & ~siblings].reset_index(drop=True), notes


def subtype(file: str, label: int) -> str:
    """The kind of pneumonia that the published file names carry.

    >>> subtype("person1000_bacteria_2931.jpeg", 1), subtype("NORMAL2-IM-0383-0001.jpeg", 0), subtype("x17.png", 1)
    ('bacteria', 'normal', 'unknown')
    """
    match = PNEUMONIA_NAME.match(file)
    return (match[1] if match else "unknown") if label else "normal"


def _row(path: Path, file: str, folder: str, label: int) -> dict:
    data = path.read_bytes()
    seen = imaging.pixels(imaging.decode(data))
    return {
        "file": file,
        "folder": folder,
        "label": label,
        "subtype": subtype(path.name, label),
        "sha256": hashlib.sha256(data).hexdigest(),
        "sha256_pixels": hashlib.sha256(np.ascontiguousarray(seen)).hexdigest(),
        "path": path,
    }


def _patients(files: list[str], rule: Rule | None) -> tuple[list[str], np.ndarray, list[str]]:
    """Patients in the order of the files, whether the published names gave them, and a sentence on the rule."""
    if rule is not None:
        found = patients.patients(files, rule)
        told = f"Patients by the rule {rule}: {len(files)} images, {len(set(found))} patients."
        return found, np.zeros(len(files), bool), [told]
    found = dict(zip(files, patients.patients(files, patients.KERMANY), strict=True))
    published = np.array([patient != file for file, patient in found.items()])
    others = [file for file, patient in found.items() if patient == file]
    told = []
    if others:
        proposal = next(it for it in patients.propose(others) if not it.doubt)
        found |= zip(others, patients.patients(others, proposal.rule), strict=True)
        told.append(_proposed(proposal))
    return list(found.values()), published, told


def _proposed(proposal: Proposal) -> str:
    if proposal.rule == patients.NONE:
        return f"No rule for patients fits {proposal.images} names: each image counts as one patient. {RULES}"
    examples = ", ".join(f"{name} → {patient}" for name, patient in proposal.examples)
    return (
        f"Patients by a proposed rule ({proposal.rule.title}; --patients '{proposal.rule}'): {proposal.images} images, "
        f"{proposal.patients} patients; {examples}. {RULES}"
    )


def _classes(place: Path) -> dict[str, int]:
    """Class folders as they are spelt -> label."""
    folders = [p for p in sorted(place.iterdir()) if p.is_dir() and not is_system(p.name)]
    found = {p.name: CLASSES.get(p.name.lower()) for p in folders}
    if strangers := [name for name, label in found.items() if label is None]:
        raise DatasetRefused(f"{place.name}/ has a class folder that is not known: {', '.join(strangers)}. {EXPECTED}")
    if missing := [name.upper() for name, label in CLASSES.items() if label not in found.values()]:
        raise DatasetRefused(f"{place.name}/ has no {' and no '.join(missing)} folder. {EXPECTED}")
    return found


def _files(place: Path) -> list[Path]:
    """All files of a folder and of the folders inside it, without those that the system put there."""
    inside = ((path, path.relative_to(place).as_posix()) for path in place.rglob("*") if path.is_file())
    return sorted(path for path, name in inside if not is_system(name))


def _child(place: Path, name: str) -> Path | None:
    return next((p for p in sorted(place.iterdir()) if p.is_dir() and p.name.lower() == name), None)


def _left_out(root: Path) -> list[str]:
    """Sentences on files that are not looked at: those of the system, and those outside the class folders."""
    names = sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
    system = Counter(name.rsplit("/", 1)[-1].strip() for name in names if is_system(name))
    outside = [name for name in names if not is_system(name) and not _in_class_folder(name)]
    notes = []
    if system:
        notes.append(f"{system.total()} files of the operating system are left out: {', '.join(system)}")
    if outside:
        more = f" and {len(outside) - NAMED} more" if len(outside) > NAMED else ""
        notes.append(f"{len(outside)} files outside the class folders are left out: {', '.join(outside[:NAMED])}{more}")
    return notes


def _in_class_folder(name: str) -> bool:
    folder, *inside = name.lower().split("/")
    return folder in FOLDERS and len(inside) > 1 and inside[0] in CLASSES


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


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options that say which folder is read, and how."""
    parser.add_argument("--data", type=Path, required=True, help="folder of X-rays in Kaggle's layout")
    parser.add_argument(
        "--patients", metavar="RULE", help="a regular expression, folder:1 to folder:9, or none; default: by the names"
    )


def read_as_asked(args: argparse.Namespace) -> Folder:
    """`read` with the options of `add_arguments`. Raises DatasetRefused, for a rule that is none too."""
    return read(args.data, None if args.patients is None else patients.parse(args.patients))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_arguments(parser)
    try:
        folder = read_as_asked(parser.parse_args())
    except DatasetRefused as refusal:
        parser.exit(2, f"{refusal}\n")
    print(folder.rows.groupby(["folder", "subtype"]).size().to_string())
    print("\n".join(folder.notes))


if __name__ == "__main__":
    main()
