"""The seam to the page Mistakes, and what is said where there is nothing to link to."""

import pytest

from cxr_models.evaluation.confusion import Confusion
from ui import frame, performance, words

COUNTS = Confusion(tp=12, fp=1, fn=3, tn=0)


@pytest.fixture
def mistakes_page(monkeypatch):
    monkeypatch.setattr(frame, "has_page", lambda file: file == "pages/mistakes.py")


def test_every_cell_with_pictures_has_a_link_that_names_it(mistakes_page):
    links = performance.mistakes_links("student", COUNTS, "stressed")
    assert [label for label, _ in links] == [
        "Look at the 3 missed pneumonias",
        "Look at the false alarm",
        "Look at the 12 found pneumonias",
    ]
    assert links[1][1] == {"view": "model", "model": "student", "kind": "false_alarm", "split": "stressed"}


def test_the_other_hospital_has_no_links(mistakes_page):
    assert performance.mistakes_links("student", COUNTS, performance.OTHER_HOSPITAL) == []


def test_no_page_no_links(monkeypatch):
    monkeypatch.setattr(frame, "has_page", lambda file: False)
    assert performance.mistakes_links("student", COUNTS, "test") == []


@pytest.mark.parametrize(
    ("p", "said"), [(0.0312, "p = .031"), (0.0004, "p < .001"), (1.0, "p = 1.000"), (float("nan"), "p undefined")]
)
def test_a_p_value_is_written_as_papers_do(p, said):
    assert words.p_value(p) == said
