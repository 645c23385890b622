"""Every hostile picture, through the terminal command: the score of what it is a copy of, a warning, or a refusal."""

import json
import re
import subprocess
import sys
import time
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from cxr_models import imaging, zoo
from cxr_models.__main__ import answers, line
from cxr_models.paths import ROOT
from tests.hostile.cases import BASES, file_of, name_of, of_kind, right_answers

SCORE_TOLERANCE = 0.015


@cache
def timed_answer(path: Path) -> tuple[dict, float]:
    """With the seconds of the processor that it took."""
    started = time.process_time()
    (given,) = answers(path)
    return given, time.process_time() - started


def answer(path: Path) -> dict:
    return timed_answer(path)[0]


def seen(path: Path) -> np.ndarray:
    return imaging.pixels(imaging.decode(path.read_bytes()))


def is_refused(given: dict, case: dict) -> bool:
    words = case.get("must_say", [""])
    sentence = given["reason"] or ""
    return given["status"] == "refused" and any(word.lower() in sentence.lower() for word in words)


def is_same(given: dict, case: dict, base: str, hostile: Path) -> bool:
    """The base's pixels, its verdicts and nearly its scores, without a warning that the base does not get."""
    other = answer(hostile / BASES[base])
    if given["status"] != "read" or set(given["warnings"]) - set(other["warnings"]):
        return False
    pairs = [(given["models"][name], other["models"][name]) for name in zoo.COMPARED]
    moved = max(abs(one["score"] - base["score"]) for one, base in pairs)
    if moved > SCORE_TOLERANCE or any(one["positive"] != base["positive"] for one, base in pairs):
        return False
    away = np.abs(seen(hostile / file_of(case)) - seen(hostile / BASES[base])).mean() * 255
    return away <= case.get("pixel_tolerance", 0.75)


def fits(given: dict, case: dict, right: str, hostile: Path) -> bool:
    kind, _, base = right.partition(":")
    if kind == "refuse":
        return is_refused(given, case)
    if kind == "same-as":
        return is_same(given, case, base, hostile)
    return given["status"] == "read" and bool(given["warnings"]) == (kind == "warn")


@pytest.mark.parametrize("case", of_kind("picture"), ids=name_of)
def test_the_answer_is_one_of_the_right_ones(case, hostile):
    given = answer(hostile / file_of(case))
    assert any(fits(given, case, right, hostile) for right in right_answers(case)), (right_answers(case), given)


@pytest.mark.parametrize("case", of_kind("picture"), ids=name_of)
def test_what_is_said_is_a_sentence_and_quotes_nothing_of_the_file(case, hostile):
    given = answer(hostile / file_of(case))
    for sentence in filter(None, [given["reason"], *given["warnings"]]):
        assert re.fullmatch(r"[A-Z][^\n]*\.", sentence) and "Traceback" not in sentence and "Error" not in sentence
    said = json.dumps({**given, "file": ""}) + line({**given, "file": ""})
    assert [words for words in case.get("must_not_show", []) if words in said] == []


@pytest.mark.parametrize("case", [case for case in of_kind("picture") if "max_seconds" in case], ids=name_of)
def test_a_refusal_takes_no_longer_than_it_may(case, hostile):
    assert timed_answer(hostile / file_of(case))[1] <= case["max_seconds"]


ALONE = """
import resource, sys
from cxr_models import imaging
from cxr_models.errors import PictureRefused
size = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (size + int(sys.argv[2]) * 1_000_000, resource.RLIM_INFINITY))
try:
    imaging.decode(open(sys.argv[1], "rb").read())
except PictureRefused as refusal:
    print(refusal)
"""


@pytest.mark.parametrize("case", [case for case in of_kind("picture") if "max_extra_mb" in case], ids=name_of)
def test_a_refusal_takes_no_more_memory_than_it_may(case, hostile):
    """In a process of its own that may take no more: the size is the reason, not the memory that ran out."""
    given = [sys.executable, "-c", ALONE, str(hostile / file_of(case)), str(case["max_extra_mb"])]
    done = subprocess.run(given, cwd=ROOT, capture_output=True, text=True, check=True)
    assert "too large" in done.stdout and done.stderr == ""


@pytest.mark.parametrize("case", [case for case in of_kind("picture") if "moved_from" in case], ids=name_of)
def test_what_the_shape_alone_does_to_a_score_is_told(case, hostile):
    given, base = (answer(hostile / file)["models"] for file in (file_of(case), BASES[case["moved_from"]]))
    told = " ".join((ROOT / "docs" / "results.md").read_text().split())
    for name, said in given.items():
        assert f"{zoo.spec(name).title} from {base[name]['score']:.2f} to {said['score']:.2f}" in told


@pytest.mark.parametrize("base", BASES)
def test_a_base_is_read_and_its_file_says_nothing_odd(base, hostile):
    assert imaging.decode((hostile / BASES[base]).read_bytes()).notes == ()


@pytest.mark.parametrize("base", BASES)
def test_a_base_passes_without_a_warning(base, hostile):
    assert answer(hostile / BASES[base])["warnings"] == []


(MIXED,) = of_kind("batch")


@pytest.mark.parametrize("file", MIXED["per_file"])
def test_each_file_of_a_mixed_batch_gets_its_own_answer(file, hostile):
    given = answer(hostile / file_of(MIXED) / file)
    right = MIXED["per_file"][file]
    also = ["refuse"] if right == "warn" else []
    assert any(fits(given, {}, kind, hostile) for kind in (right, *also)), given
