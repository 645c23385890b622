"""Many pictures, one after another: a small row each, so that memory does not grow with their number."""

import csv
import io
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from PIL import Image

from cxr_models import imaging, inference, plausibility, zoo
from cxr_models.archive import Source
from cxr_models.errors import CheckpointRefused, PictureRefused
from cxr_models.evaluation.operating_point import Threshold
from cxr_models.imaging import Picture

THUMBNAIL = (96, 72)
# Between two looks the models are free for a moment: a lock goes to whoever waits for it only when nobody grabs it.
PAUSE = 0.01
# What a spreadsheet takes for the start of a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Row:
    """What is kept of one file.

    number: its place, from 1. reason: why it was refused, '' where it was read. logits: by model; without the models
    whose checkpoint cannot be read. thumbnail: a small JPEG. read_by: `asked` when it was read, () for a file
    that was only opened.
    """

    number: int
    name: str
    reason: str = ""
    sha256: str = ""
    warnings: tuple[str, ...] = ()
    logits: Mapping[str, float] = field(default_factory=dict)
    thumbnail: bytes = b""
    read_by: tuple[int, ...] = ()

    def is_of(self, shipped: tuple[int, ...]) -> bool:
        """Whether what was asked is what is shipped; shipped: `asked` now."""
        return self.read_by in ((), shipped)

    def scores(self) -> dict[str, float]:
        """By model; sigmoid(logit / T)."""
        return {name: inference.score_of(logit, name) for name, logit in self.logits.items()}


def asked() -> tuple[int, ...]:
    """Changes when one of the networks does, or the picture check."""
    return *zoo.stamps(), *plausibility.fitted.stamp()


def read(number: int, source: Source) -> Row:
    """One file read by every compared model, or the row that says why not."""
    read_by = asked()
    try:
        picture = imaging.decode(source.load())
        warnings = tuple(plausibility.check(picture))
    except (PictureRefused, CheckpointRefused) as refusal:
        return Row(number, source.name, reason=str(refusal), read_by=read_by)
    pixels = imaging.pixels(picture)
    logits = {}
    for name in zoo.COMPARED:
        try:
            logits[name] = inference.read(pixels, name).logit
        except CheckpointRefused:
            continue
        time.sleep(PAUSE)
    return Row(number, source.name, "", picture.sha256, warnings, logits, _thumbnail(picture), read_by)


def margins(row: Row, thresholds: Mapping[str, Threshold]) -> dict[str, float]:
    """By model: score minus threshold; at or above 0 is positive."""
    return {name: score - thresholds[name].value for name, score in row.scores().items() if name in thresholds}


def spread(row: Row, thresholds: Mapping[str, Threshold]) -> float:
    """How far apart the models stand, each measured from its own threshold: the largest margin minus the smallest; NaN
    where none spoke.

    >>> point = {"base_cnn": Threshold(0.5, 0.5, 0.5)}
    >>> spread(Row(1, "a.png"), point)
    nan
    """
    found = margins(row, thresholds).values()
    return max(found) - min(found) if found else np.nan


def ordered(rows: Sequence[Row], order: str, thresholds: Mapping[str, Threshold]) -> list[Row]:
    """The rows 'as given', 'highest' (the largest margin of any model first) or by 'spread' (the largest first);
    refused files stay in place for the first and come last in the others.

    Raises KeyError for another order.
    """
    keys = {
        "given": lambda row: row.number,
        "highest": lambda row: -max(margins(row, thresholds).values(), default=-np.inf),
        "spread": lambda row: np.nan_to_num(-spread(row, thresholds), nan=np.inf),
    }
    return sorted(rows, key=keys[order])


def to_csv(rows: Sequence[Row], thresholds: Mapping[str, Threshold], *, covered: Collection[str] = ()) -> str:
    """A line a file: number, file, status, reason, warnings, sha256, and by model logit, score, threshold, positive.

    covered: hashes of pictures on which the models keep silent; their columns stay empty.

    A text that a spreadsheet would take for a formula gets an apostrophe before it (OWASP, "CSV Injection").
    """
    columns = ["number", "file", "status", "reason", "warnings", "sha256"]
    parts = ("logit", "score", "threshold", "positive")
    columns += [f"{name}_{part}" for name in zoo.COMPARED for part in parts]
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, columns, restval="", lineterminator="\n")
    writer.writeheader()
    for row in rows:
        line = {
            "number": row.number,
            "file": harmless(row.name),
            "status": "refused" if row.reason else "read",
            "reason": harmless(row.reason),
            "warnings": harmless(" ".join(row.warnings)),
            "sha256": row.sha256,
        }
        for name, score in row.scores().items():
            if name in thresholds and row.sha256 not in covered:
                value = thresholds[name].value
                told = (f"{row.logits[name]:.6f}", f"{score:.6f}", f"{value:.6f}", int(score >= value))
                line |= {f"{name}_{part}": it for part, it in zip(parts, told, strict=True)}
        writer.writerow(line)
    return buffer.getvalue()


def harmless(text: str) -> str:
    """The text as a spreadsheet may show it.

    >>> harmless("=HYPERLINK(1)"), harmless(" +1"), harmless("a.png")
    ("'=HYPERLINK(1)", "' +1", 'a.png')
    """
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text


def _thumbnail(picture: Picture) -> bytes:
    # Every nth pixel first: the whole of a large picture need not be filtered for a stamp.
    step = max(1, min(picture.height, picture.width) // (4 * min(THUMBNAIL)))
    image = Image.fromarray((picture.grey[::step, ::step] * 255).round().astype(np.uint8))
    image.thumbnail(THUMBNAIL)
    black = Image.new("L", THUMBNAIL)
    black.paste(image, ((THUMBNAIL[0] - image.width) // 2, (THUMBNAIL[1] - image.height) // 2))
    buffer = io.BytesIO()
    black.save(buffer, "JPEG", quality=80)
    return buffer.getvalue()
