"""Reads pictures from a terminal, with the same answers as the app.

    python -m cxr_models picture.jpeg folder/            # a line a picture
    python -m cxr_models picture.jpeg folder/ --json     # a JSON object a line

What is read, how, and what is refused is in docs/inputs.md; a file's name does not matter, but that a zip archive is
opened whose name ends in .zip. Exit status: 0 when every file was read, 1 when one was refused, 2 when there was none
to read.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from functools import partial
from itertools import chain
from pathlib import Path

from cxr_models import archive, imaging, inference, plausibility, zoo
from cxr_models.archive import Source
from cxr_models.errors import PictureRefused, Refusal
from cxr_models.evaluation.operating_point import Threshold
from cxr_models.imaging import limits
from cxr_models.verdict import judge


def answers(path: Path) -> Iterator[dict]:
    """One for a file, one for each file inside an archive."""
    return map(record, archive.opened(str(path), str(path), partial(_bytes, path)))


def record(source: Source) -> dict:
    """The answer for one picture: file, status ('read' or 'refused'), reason or None, warnings, models."""
    answer = {"file": source.name, "status": "refused", "reason": None, "warnings": [], "models": {}}
    try:
        picture = imaging.decode(source.load())
        pixels = imaging.pixels(picture)
        answer["warnings"] = plausibility.check(picture)
        answer["models"] = {name: _judged(inference.read(pixels, name), name) for name in zoo.COMPARED}
        answer["status"] = "read"
    except Refusal as refusal:
        answer["reason"] = str(refusal)
    return answer


def _bytes(path: Path) -> bytes:
    """As much of the file as it takes to know that it is too large; a device has no end. Raises PictureRefused."""
    most = archive.MAX_MEGABYTES * 1_000_000 if archive.is_named_archive(path.name) else limits.MAX_BYTES
    try:
        with path.open("rb") as file:
            return file.read(most + 1)
    except OSError:
        raise PictureRefused("This file cannot be opened.") from None


def files_of(paths: list[Path]) -> list[Path]:
    """The files named, and those inside the folders named, in order; hidden ones only where named themselves."""
    found: list[Path] = []
    for path in paths:
        inside = sorted(p for p in path.rglob("*") if p.is_file() and not _hidden(p.relative_to(path)))
        found += inside if path.is_dir() else [path]
    return found


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") or part == "__MACOSX" for part in path.parts)


def line(answer: dict) -> str:
    """One answer in words, on one line whatever the file is called."""
    file = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in answer["file"])
    if answer["status"] == "refused":
        return f"{file}: not read. {answer['reason']}"
    verdicts = (_in_words(name, said["score"]) for name, said in answer["models"].items())
    warnings = "".join(f"Warning: {sentence} " for sentence in answer["warnings"])
    return f"{file}: {warnings}{' | '.join(verdicts)}"


def _in_words(name: str, score: float) -> str:
    """The app's own sentence at the shipped threshold."""
    threshold = Threshold(*zoo.calibration(name, "threshold", "threshold_low", "threshold_high"))
    verdict = judge(score, threshold)
    return f"{zoo.spec(name).title}: {'. '.join(it for it in (verdict.words, verdict.closeness) if it)}"


def _judged(reading: inference.Reading, name: str) -> dict:
    (threshold,) = zoo.calibration(name, "threshold")
    return {
        "logit": reading.logit,
        "score": reading.score,
        "threshold": threshold,
        "positive": reading.score >= threshold,
    }


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m cxr_models", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="picture files or folders of them")
    parser.add_argument("--json", action="store_true", help="a JSON object a line instead of a sentence")
    args = parser.parse_args()
    print("Research use. Not a medical device.", file=sys.stderr)
    files = files_of(args.paths)
    if not files:
        print("There is no file in the folders named.", file=sys.stderr)
        return 2
    refused = False
    for answer in chain.from_iterable(map(answers, files)):
        refused |= answer["status"] == "refused"
        print(json.dumps(answer) if args.json else line(answer), flush=True)
    return int(refused)


if __name__ == "__main__":
    sys.exit(main())
