"""docs/inputs.md: what is read, how, and what is refused, out of the readers' own tables.

python -m train.inputs            # writes it
python -m train.inputs --check    # fails when it is stale
"""

import argparse
from collections.abc import Iterable

from cxr_models import archive, plausibility, tarball
from cxr_models.imaging import borders, dicom, greyscale, limits, other_files, raster, samples, study
from cxr_models.paths import ROOT

PAGE = ROOT / "docs" / "inputs.md"

TEXT = """# What is read, how, and what is refused

Written by `python -m train.inputs` out of the readers' own tables. The app, the terminal command and the training
read files the same way. The name of a file and its ending do not matter; its first bytes decide.

## Limits

- At most {megabytes} MB, packed or unpacked, and {millions} million pixels. Each side has at least {side} pixels, and
  the longer side is at most {elongation:g} times the shorter one. Declared sizes are checked before memory is asked
  for.
- One picture a file: pages of a TIFF, frames of a GIF, WebP, PNG or DICOM are refused. A phone's MPO is read: its
  further pictures are previews of the first.
- Files are read one at a time. Of one upload to the app at most {files} files and {upload} MB together are read; one
  line says how many were left out.
- A zip or tar archive whose name ends in `.zip`, {tars} is opened, in the app as from a terminal, and what is in it is
  read file by file; an archive by any other name, and one inside another, is refused. It has at most {upload} MB and
  lists at most {listed} files.
- A JPEG has at most {scans} layers (scans).

## Pictures

{formats}.

- EXIF orientation is applied. Transparent parts become black. Colours become grey by their luma; strong colours get a
  warning. Colour profiles are passed over.
- Samples of more than 8 bits, of every channel, are scaled by the smallest depth that holds them: {depths} bits, or
  any above. Samples that use less than half of that depth go from their own minimum to their own maximum. Fractions
  from 0 to 1 stay. Nothing is clipped.
- TIFF: white-is-zero is inverted; signed samples and BigTIFF are read. Fractions of 16 or 64 bits, and colours of 16
  bits stored plane by plane, are refused.

Refused, and called by its name: {others}.

## DICOM

With or without the 128 bytes before it. Order of the steps, after PS3.3 C.11: padding, modality table or rescale,
table or window of interest, MONOCHROME1. Of several tables or windows the first; a table before a window; window
functions {functions}. Padding is black. Without a window, or with one that shows nothing, the scale is the depth, as
for pictures. Needed are: {needed}. A file that contradicts itself on its size, bits, colours or compression is refused.

| transfer syntax | |
|---|---|
{syntaxes}

Photometric interpretations: {photometric}.

### Refused by what the file says

| modality | |
|---|---|
{modalities}

Also when only the class of the file (SOP class) says so: {classes}.

### Read with a warning

{warnings}

Modalities without a warning: {radiographs}. Body parts without a warning: those with {chest} in their name and without
{more}, and none said.

### Who the patient is

Only these elements are looked at; all others are passed over unread:

{elements}.

Nothing of a file is written to a disk. No word of a file is quoted on a screen, in a log or in a table; the app shows
the file's name to the one who uploaded it.

## What is seen in the picture

After reading, and before any model is asked. `assets/results/plausibility.csv` says how often each is right.

Refused:

{refused}

Warned of, with the reason:

{seen}

## Afterwards

Uniform dark borders are trimmed: a row or column belongs to one while its {quantile}th percentile lies within
{level:.0%} of the picture's range, and at most a third of a side is cut. Then the picture is squashed to a square of
224 × 224 pixels with Pillow's bilinear filter.
"""


def page() -> str:
    names = {**dicom.NATIVE, **{syntax: words for syntax, (words, _) in dicom.COMPRESSIONS.items()}}
    warnings = (
        *(study.OTHER_MODALITY, study.OTHER_BODY_PART, study.LATERAL, study.TURNED),
        *(study.AGE.format(age="… years old"), study.BURNED_IN, study.STRETCHED, study.RAW),
        *(greyscale.BAD_WINDOW, greyscale.BAD_RESCALE, greyscale.BAD_SHAPE),
    )
    return TEXT.format(
        megabytes=limits.MAX_BYTES // 1_000_000,
        millions=limits.MAX_PIXELS // 1_000_000,
        files=archive.MAX_FILES,
        upload=archive.MAX_MEGABYTES,
        tars=", ".join(f"`{ending}`" for ending in tarball.ENDINGS),
        listed=archive.MAX_LISTED,
        scans=limits.MAX_SCANS,
        side=limits.MIN_SIDE,
        elongation=limits.MAX_ELONGATION,
        formats=", ".join(raster.FORMATS),
        depths=", ".join(map(str, samples.DETECTOR_BITS)),
        others=", ".join(
            dict.fromkeys((*other_files.WORDS, *raster.OTHER_PICTURES.values(), *raster.OTHER_BOXES.values()))
        ),
        functions=", ".join(greyscale.WINDOW_FUNCTIONS),
        needed="; ".join((dicom.NEEDED | dicom.NEEDED_OF_INTEGERS).values()),
        syntaxes="\n".join(f"| {syntax} | {words} |" for syntax, words in names.items()),
        photometric=", ".join((*dicom.MONOCHROME, *dicom.COLOURS)),
        modalities="\n".join(f"| {code} | {words} |" for code, words in study.OTHER_MODALITIES.items()),
        warnings=_listed(warnings),
        radiographs=", ".join(study.RADIOGRAPHS),
        classes=", ".join(dict.fromkeys(study.OTHER_CLASSES.values())),
        chest=", ".join(study.CHEST_WORDS),
        more=", ".join(study.MORE_THAN_CHEST),
        elements=", ".join(dicom.KEYWORDS),
        refused=_listed([plausibility.UNIFORM, plausibility.NO_CHEST]),
        seen=_listed([*plausibility.STATISTICS, *plausibility.REASONS.values(), plausibility.OUTSIDE]),
        quantile=borders.BORDER_QUANTILE,
        level=borders.BORDER_LEVEL,
    )


def _listed(sentences: Iterable[str]) -> str:
    return "\n".join(f"- {sentence}" for sentence in sentences)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; fail when docs/inputs.md is stale")
    if not parser.parse_args().check:
        PAGE.write_text(page())
    elif not PAGE.is_file() or PAGE.read_text() != page():
        parser.exit(1, "docs/inputs.md is stale. Run python -m train.inputs.\n")


if __name__ == "__main__":
    main()
