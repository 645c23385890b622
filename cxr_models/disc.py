"""A CD copied to a folder: its list, the file DICOMDIR, says which files are images."""

from collections.abc import Sequence
from pathlib import Path

from pydicom import dcmread
from pydicom.errors import InvalidDicomError

from cxr_models.imaging.limits import MAX_BYTES
from cxr_models.imaging.quiet import quiet

LIST = "dicomdir"


def is_list(file: Path) -> bool:
    return file.name.lower() == LIST


def images(disc: Path, files: Sequence[Path]) -> set[Path]:
    """Those of the files that the list names as images; empty where it is damaged, or where an image that it names is
    not there, so that nothing of a half copied CD is lost. Upper and lower case are alike."""
    there = {file.relative_to(disc.parent).as_posix().lower(): file for file in files if disc.parent in file.parents}
    try:
        if disc.stat().st_size > MAX_BYTES:
            return set()
        with quiet():
            records = dcmread(disc, specific_tags=["DirectoryRecordSequence"]).get("DirectoryRecordSequence") or ()
            listed = [record for record in records if record.get("DirectoryRecordType") == "IMAGE"]
            names = {_path(record.get("ReferencedFileID")) for record in listed}
    # A damaged list raises anything; the files beside it are read without it.
    except (InvalidDicomError, OSError, ValueError, TypeError, AttributeError, KeyError, NotImplementedError, EOFError):
        return set()
    return {there[name] for name in names} if names <= there.keys() else set()


def _path(parts: str | Sequence[str] | None) -> str:
    return "/".join([parts] if isinstance(parts, str) else parts or ()).lower()
