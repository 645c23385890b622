"""Reads pictures from a terminal, with the same answers as the app.

    python -m cxr_models picture.jpeg folder/            # a line a picture
    python -m cxr_models picture.jpeg folder/ --json     # a JSON object a line

What is read, how, and what is refused is in docs/inputs.md; a file's name does not matter, but for archives: they are
opened when their name ends in .zip, .tar, .tar.gz and the like. System files in a folder are left out, and where a CD's
list (DICOMDIR) is there with its images, all that it does not list.

Exit status: 0 when every X-ray was read, 1 when one was refused, 2 when there was no file to read. A document or a
program found in a folder or an archive is answered as refused, but is no X-ray.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from cxr_models import archive, disc, imaging, inference, plausibility, zoo
from cxr_models.archive import Source
from cxr_models.errors import NotAnXray, PictureRefused, Refusal
from cxr_models.evaluation.operating_point import Threshold
from cxr_models.imaging import limits
from cxr_models.verdict import judge

NAMED = 10  # files left out whose names are printed
PICTURE_ENDINGS = (".jpeg", ".jpg", ".jpe", ".jfif", ".png", ".tif", ".tiff", ".bmp", ".webp", ".gif", ".jp2")


def answers(path: Path) -> Iterator[dict]:
    """One for a file, one for each file inside an archive; keys: file, status ('read' or 'refused'), reason or None,
    warnings, models."""
    return (answer for answer, _ in _answered(path, named=True))


def _answered(path: Path, *, named: bool) -> Iterator[tuple[dict, bool]]:
    """Each answer, and whether an X-ray was refused; named: whether the command line names this file itself."""
    for source in archive.opened(str(path), str(path), partial(_bytes, path)):
        yield _answer(source, wanted=named and source.key == str(path))


def _answer(source: Source, *, wanted: bool) -> tuple[dict, bool]:
    answer = {"file": source.name, "status": "refused", "reason": None, "warnings": [], "models": {}}
    try:
        picture = imaging.decode(source.load())
        pixels = imaging.pixels(picture)
        answer["warnings"] = plausibility.check(picture)
        answer["models"] = {name: _judged(inference.read(pixels, name), name) for name in zoo.COMPARED}
        answer["status"] = "read"
    except NotAnXray as refusal:
        answer["reason"] = str(refusal)
        return answer, wanted or source.name.lower().endswith(PICTURE_ENDINGS)
    except Refusal as refusal:
        answer["reason"] = str(refusal)
        return answer, True
    return answer, False


def _bytes(path: Path) -> bytes:
    """As much of the file as it takes to know that it is too large; a device has no end. Raises PictureRefused."""
    most = archive.MAX_MEGABYTES * 1_000_000 if archive.is_named_archive(path.name) else limits.MAX_BYTES
    try:
        with path.open("rb") as file:
            return file.read(most + 1)
    except OSError:
        raise PictureRefused("This file cannot be opened.") from None


def files_of(paths: list[Path]) -> tuple[list[Path], list[Path]]:
    """(to read, left out): the files named, and those inside the folders named, in order. System files are left
    out, and so is what the list of a CD does not name, but never what is named itself."""
    read: list[Path] = []
    left: list[Path] = []
    for path in paths:
        if not path.is_dir():
            read.append(path)
            continue
        files = sorted(file for file in path.rglob("*") if file.is_file())
        kept = [file for file in files if not archive.is_system(file.relative_to(path).as_posix())]
        for disc_list in filter(disc.is_list, files):
            if images := disc.images(disc_list, kept):
                kept = [file for file in kept if file in images or disc_list.parent not in file.parents]
        read += kept
        left += sorted(set(files) - set(kept))
    return read, left


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
    files, left = files_of(args.paths)
    if left:
        more = f" and {len(left) - NAMED} more" if len(left) > NAMED else ""
        names = ", ".join(ascii(file.name)[1:-1] for file in left[:NAMED])
        print(f"Left out: {len(left)} files of the system or not in a CD's list: {names}{more}.", file=sys.stderr)
    if not files:
        print("There is no file in the folders named.", file=sys.stderr)
        return 2
    refused = False
    for path in files:
        for answer, of_an_xray in _answered(path, named=path in args.paths):
            refused |= of_an_xray
            print(json.dumps(answer) if args.json else line(answer), flush=True)
    return int(refused)


if __name__ == "__main__":
    sys.exit(main())
