"""Which patient an image belongs to, from its file name and folders, by a rule that is proposed and chosen.

The app's own-hospital page and the training folders use the same rules: a pattern, a folder level, or none.

>>> names = ["NORMAL/p001_a.png", "NORMAL/p001_b.png", "PNEUMONIA/p002_a.png"]
>>> best = propose(names)[0]
>>> best.rule.title, best.patients, best.examples[0]
('The file name up to “_”', 2, ('p001_a.png', 'p001'))
>>> patients(names, best.rule)
['p001', 'p001', 'p002']
>>> patients(names, NONE)
['NORMAL/p001_a.png', 'NORMAL/p001_b.png', 'PNEUMONIA/p002_a.png']
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from cxr_models.errors import DatasetRefused

# Folders that name a class, a split or an archive, never a patient.
NO_PATIENT = re.compile(
    r"(normal|pneumonia|bacteria|virus|train|training|val|valid|validation|test|.*\.(zip|tar|tgz|gz))"
)
ENDING = re.compile(r"\.(?=[a-z])[a-z0-9]{1,5}$", re.IGNORECASE)  # not the last number of a DICOM UID
DATE = re.compile(r"(?<!\d)(19|20)\d\d[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?!\d)")
DEEPEST = 5
MOST = 5  # proposals
EXAMPLES = 3
MANY = 20  # images of one patient


@dataclass(frozen=True)
class Rule:
    """pattern: a regular expression, in whose first group (or whole match) the patient stands; searched, in any case of
    letters, in the file name without its ending, else in its folders from the innermost outwards. folder: the level of
    the folder that names the patient, 1 for the one that holds the image. Neither: each image is a patient. title: the
    rule in words."""

    pattern: str = ""
    folder: int = 0
    title: str = field(default="", compare=False)

    def __str__(self) -> str:
        """The text that `parse` reads."""
        return self.pattern or (f"folder:{self.folder}" if self.folder else "none")


NONE = Rule(title="Each image is a patient")

# Public data sets: Kermany, CheXpert, NIH ChestX-ray14, MIMIC-CXR, and BIDS as BIMCV uses it.
KERMANY = Rule(r"^(person\d+|(?:NORMAL2-)?IM-\d+)(?=[_-])", title="The number after “person” or “IM-”")
KNOWN = (
    KERMANY,
    Rule(r"^((?:patient|patientin|subject|person|child|kind|case|pat|pt|sub|subj)[ _-]?\d+[a-z]?)(?![a-z0-9])",
         title="The number after the word for a patient"),
    Rule(r"^(sub-[a-z0-9]+)(?=_|$)", title="The part after “sub-”"),
    Rule(r"^(\d{8})(?=_\d{3}$)", title="The first eight digits"),
    Rule(r"^(p\d{8})$", title="“p” and eight digits"),
)  # fmt: skip
GENERIC = (
    Rule(r"^([^_ -]+)[_ -]", title="The file name up to “_”"),
    Rule(r"^(.+)[_ -][^_ -]+$", title="The file name up to the last “_”"),
    Rule(r"^(.*\d)[a-z]$", title="The file name without its last letter"),
    Rule(r"^(.+?) ?\(\d+\)$", title="The file name without the number in brackets"),
)


@dataclass(frozen=True)
class Proposal:
    """A rule tried on names. patients: how many it finds; examples: up to three of a name and its patient; doubt: why
    it may be wrong, '' where nothing speaks against it; sure: whether it may be used without asking."""

    rule: Rule
    images: int
    patients: int
    examples: tuple[tuple[str, str], ...]
    doubt: str = ""
    sure: bool = False


def parse(text: str) -> Rule:
    """A rule from the command line: `none`, `folder:2`, or a regular expression. Raises DatasetRefused.

    >>> parse("none") == NONE, parse("folder:2").folder, str(parse("p[0-9]+"))
    (True, 2, 'p[0-9]+')
    """
    if text.strip().lower() == "none":
        return NONE
    if level := re.fullmatch(r"folder:([1-9])", text.strip().lower()):
        return Rule(folder=int(level[1]), title=_folder_title(int(level[1])))
    try:
        re.compile(text)
    except re.error as error:
        raise DatasetRefused(
            f"“{text}” is not a rule for patients. Accepted are a regular expression, folder:1 to folder:9, or none."
        ) from error
    if not text:
        raise DatasetRefused("The rule for patients is empty. Accepted are a pattern, folder:1 to folder:9, or none.")
    return Rule(text, title=f"The pattern {text}")


def patients(names: Sequence[str], rule: Rule) -> list[str]:
    """The patient of each image, in order; names: paths with “/”. An image in which the rule finds no patient is a
    patient of its own, named by its path. Class folders do not separate: NORMAL/p1_a and PNEUMONIA/p1_b are one
    patient."""
    return [_found(name, rule) or name for name in names]


def propose(names: Sequence[str]) -> list[Proposal]:
    """At most five rules for these paths, the likeliest first; rules with a doubt follow, and last is always `NONE`.

    Rules that group the images alike are proposed once. A rule that no data set is known for, and that gives each
    image a patient of its own, is not proposed. Where the names are those of a known data set, only its rule is.
    """
    each = Proposal(NONE, len(names), len(names), _examples(names, NONE))
    known = sorted(filter(None, (_tried(names, rule, known=True) for rule in KNOWN)), key=_order)
    if known and known[0].sure:
        return [known[0], each]
    folders = [_tried(names, _folder(level)) for level in range(1, DEEPEST + 1)]
    generic = [_tried(names, rule) for rule in GENERIC]
    different: dict[tuple[str, ...], Proposal] = {}
    for proposal in sorted(filter(None, (*known, *folders, *generic)), key=_order):
        different.setdefault(tuple(patients(names, proposal.rule)), proposal)
    return [*list(different.values())[: MOST - 1], each]


def _order(proposal: Proposal) -> tuple[bool, bool, int]:
    """Of rules without a doubt the one with fewer patients comes first: siblings are then never separated."""
    return bool(proposal.doubt), not proposal.sure, proposal.patients


def _tried(names: Sequence[str], rule: Rule, *, known: bool = False) -> Proposal | None:
    found = [_found(name, rule) for name in names]
    counts = Counter(filter(None, found))
    if not counts or 2 * counts.total() < len(names) or (not known and counts.total() == len(counts)):
        return None
    doubt = _doubt(counts, len(names))
    number = len(counts) + found.count("")
    sure = known and not doubt and counts.total() == len(names)
    return Proposal(rule, len(names), number, _examples(names, rule), doubt, sure)


def _doubt(counts: Counter[str], images: int) -> str:
    """Why these are hardly patients; '' where nothing says so."""
    largest, files = counts.most_common(1)[0]
    if len(counts) == 1:
        return f"All images would be of one patient, “{largest}”."
    if 2 * sum(count for name, count in counts.items() if re.search(r"\d", name)) < images:
        return f"“{largest}” contains no number, as a patient's name in a file usually does."
    if 2 * sum(count for name, count in counts.items() if DATE.search(name)) > images:
        return f"“{largest}” looks like a date."
    if files > MANY and files > images / 10 or images >= 4 * len(counts) and len(counts) < 5:
        return f"“{largest}” would be one patient with {files} of {images} images."
    return ""


def _found(name: str, rule: Rule) -> str:
    """The patient that the rule finds in a path; '' where it finds none."""
    *folders, file = PurePosixPath(name.replace("\\", "/")).parts
    if rule.folder:
        folder = folders[-rule.folder] if rule.folder <= len(folders) else ""
        return "" if NO_PATIENT.fullmatch(folder.lower()) else folder
    if rule.pattern:
        for part in (ENDING.sub("", file), *reversed(folders)):
            if match := re.search(rule.pattern, part, re.IGNORECASE):
                return match[1] if match.re.groups and match[1] else match[0]
    return ""


def _examples(names: Sequence[str], rule: Rule) -> tuple[tuple[str, str], ...]:
    """Two images of the patient with most images, then the first image of another patient."""
    found = patients(names, rule)
    largest = Counter(found).most_common(1)[0][0] if found else ""
    siblings = [place for place, patient in enumerate(found) if patient == largest][: EXAMPLES - 1]
    others = [place for place, patient in enumerate(found) if patient != largest]
    return tuple(
        (_tail(names[place], found[place]), PurePosixPath(found[place]).name)
        for place in (*siblings, *others)[:EXAMPLES]
    )


def _tail(name: str, patient: str) -> str:
    """The end of the path, as far up as the patient stands in it."""
    parts = PurePosixPath(name).parts
    start = next((place for place in range(len(parts) - 1, -1, -1) if patient in parts[place]), len(parts) - 1)
    return "/".join(parts[start:])


def _folder(level: int) -> Rule:
    return Rule(folder=level, title=_folder_title(level))


def _folder_title(level: int) -> str:
    return "The folder that holds the image" if level == 1 else f"The folder {level} levels above the image"
