"""From a confusion matrix to the page Mistakes, and what happens where there is nothing to look at."""

import pytest
import streamlit as st

from cxr_models.evaluation.confusion import Confusion
from ui import cached, frame, to_mistakes

COUNTS = Confusion(tp=12, fp=1, fn=3, tn=0)


class QueryParams:
    def to_dict(self) -> dict[str, str]:
        return {"rule": "sensitive"}


@pytest.fixture
def mistakes_page(monkeypatch):
    monkeypatch.setattr(frame, "has_page", lambda file: file == "pages/mistakes.py")


def test_every_cell_with_pictures_has_a_link_that_names_it(mistakes_page):
    links = to_mistakes.links("student", COUNTS, "stressed")
    assert [label for label, _ in links] == [
        "Look at the 3 missed pneumonias",
        "Look at the false alarm",
        "Look at the 12 found pneumonias",
    ]
    assert links[1][1] == {"view": "model", "model": "student", "kind": "false_alarm", "split": "stressed"}


def test_the_other_hospital_leads_nowhere(mistakes_page):
    assert to_mistakes.leads("val") and not to_mistakes.leads(cached.OTHER_HOSPITAL)


def test_without_the_page_nothing_leads_there(monkeypatch):
    monkeypatch.setattr(frame, "has_page", lambda file: False)
    assert not to_mistakes.leads("test")


@pytest.mark.parametrize(("agent", "clickable"), [("Mozilla/5.0 (iPhone) Mobile/15E148", False), ("Mozilla/5.0", True)])
def test_a_finger_on_a_phone_scrolls_and_follows_the_links(mistakes_page, monkeypatch, agent, clickable):
    monkeypatch.setattr(type(st.context), "headers", {"User-Agent": agent})
    assert to_mistakes.clickable("test") == clickable and to_mistakes.leads("test")
    assert not to_mistakes.clickable(cached.OTHER_HOSPITAL)


@pytest.mark.parametrize(("cell", "kind"), [(0, "found"), (1, "missed"), (2, "false_alarm")])
def test_a_clicked_cell_goes_where_its_link_does_and_keeps_the_operating_point(monkeypatch, cell, kind):
    gone = []
    monkeypatch.setattr(st, "query_params", QueryParams())
    monkeypatch.setattr(st, "switch_page", lambda page, query_params: gone.append((page, query_params)))
    to_mistakes.follow([cell], "student", COUNTS, "val")
    (where,) = (where for _, where in to_mistakes.links("student", COUNTS, "val") if where["kind"] == kind)
    assert gone == [("pages/mistakes.py", {"rule": "sensitive", **where})]


@pytest.mark.parametrize("clicked", [[], [3]])
def test_no_click_and_an_empty_cell_go_nowhere(monkeypatch, clicked):
    monkeypatch.setattr(st, "switch_page", lambda *_, **__: pytest.fail("left the page"))
    to_mistakes.follow(clicked, "student", COUNTS, "val")
