"""Every hostile picture, through the terminal command: the score of what it is a copy of, a warning, or a refusal."""

import json
import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cxr_models import imaging, zoo
from cxr_models.__main__ import line, record
from tests.hostile.cases import BASES, file_of, name_of, of_kind, right_answers


@cache
def answer(path: Path) -> dict:
    return record(path)


def seen(path: Path) -> np.ndarray:
    return imaging.pixels(imaging.decode(path.read_bytes()))


def is_refused(given: dict, case: dict) -> bool:
    words = case.get("must_say", [""])
    sentence = given["reason"] or ""
    return given["status"] == "refused" and any(word.lower() in sentence.lower() for word in words)


def twin_of(case: dict, base: Path) -> Path:
    """The base; with the white marker painted in that some files have outside their window and the base lacks."""
    if "marker" not in case:
        return base
    path = base.with_stem(f"{base.stem}_marked")
    with Image.open(base) as image:
        image.paste(255, case["marker"])
        image.save(path)
    return path


def is_same(given: dict, case: dict, base: str, hostile: Path) -> bool:
    """The base's scores and pixels, without a warning that the base does not get."""
    path = twin_of(case, hostile / BASES[base])
    twin = answer(path)
    if given["status"] != "read" or set(given["warnings"]) - set(twin["warnings"]):
        return False
    scores = [abs(given["models"][name]["score"] - twin["models"][name]["score"]) for name in zoo.COMPARED]
    away = np.abs(seen(hostile / file_of(case)) - seen(path)).mean() * 255
    return max(scores) <= case.get("tolerance", 0.005) and away <= case.get("pixel_tolerance", 0.75)


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


@pytest.mark.parametrize("base", BASES)
def test_a_base_is_read_and_its_file_says_nothing_odd(base, hostile):
    assert imaging.decode((hostile / BASES[base]).read_bytes()).notes == ()


(MIXED,) = of_kind("batch")


@pytest.mark.parametrize("file", MIXED["per_file"])
def test_each_file_of_a_mixed_batch_gets_its_own_answer(file, hostile):
    given = answer(hostile / file_of(MIXED) / file)
    right = MIXED["per_file"][file]
    also = ["refuse"] if right == "warn" else []
    assert any(fits(given, {}, kind, hostile) for kind in (right, *also)), given
