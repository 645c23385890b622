"""The hostile inputs: what each is called, what stands for what, and what is right for it (`manifest.json`)."""

import json
from pathlib import Path

MANIFEST = json.loads((Path(__file__).parent / "manifest.json").read_text())
ARCHIVE = Path(__file__).parent / "files.tar.xz"
BASES: dict[str, str] = MANIFEST["bases"]


def of_kind(kind: str) -> list[dict]:
    return [case for case in MANIFEST["cases"] if case["kind"] == kind]


def file_of(case: dict) -> str:
    return case.get("file", case["name"])


def right_answers(case: dict) -> list[str]:
    """'refuse', 'warn', 'accept' and 'same-as:BASE', the best first."""
    return [case["expected"], *case.get("also_ok", [])]


def name_of(case: dict) -> str:
    return case["name"]
