"""Everything this project refuses, each with a sentence a clinician understands.

    Refusal
    ├── PictureRefused          this file is not a picture we can read
    │   └── NotAnXray           it is whole, and something else: a document, a program, another modality
    ├── DatasetRefused          this folder is not a data set we can train on
    ├── CheckpointRefused       this file does not hold the weights of that network
    └── TableRefused            this table of scores cannot be analysed

Screens and commands catch `Refusal` and nothing else; ``str(error)`` is the sentence they show. Anything that is not a
`Refusal` is a defect of ours and is meant to be seen by a test.
"""


class Refusal(Exception):
    """Base class: the input is at fault, and the message says how in one plain sentence."""


class PictureRefused(Refusal):
    """A picture file is empty, damaged, too large, too small or of a kind that is not read."""


class NotAnXray(PictureRefused):
    """The file is something else than a radiograph and nobody will miss it: a document, a program, a CD's list."""


class DatasetRefused(Refusal):
    """A data folder lacks what training needs; the message says what was found and what is expected."""


class CheckpointRefused(Refusal):
    """A checkpoint is missing, damaged or made for another network."""


class TableRefused(Refusal):
    """A table of scores lacks columns, holds other values than it may, or is empty."""
