"""Decoders that keep what they read to themselves."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

# Their messages quote what a file holds, and a file holds names and dates of birth.
for name in ("pydicom", "PIL", "pylibjpeg", "openjpeg"):
    logging.getLogger(name).setLevel(logging.CRITICAL + 1)

# Python's list of warning filters belongs to the whole process. One file at a time also bounds the memory.
_LOCK = Lock()


@contextmanager
def quiet() -> Iterator[None]:
    """No warning of a decoder reaches a log, a terminal or another visitor."""
    with _LOCK, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
