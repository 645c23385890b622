"""A box is a part of a figure only where it is one; its ends come from a stranger's browser."""

from types import SimpleNamespace

import pytest
import streamlit as st

from ui import zoom


@pytest.mark.parametrize(
    ("boxes", "part"),
    [
        ([{"x": [0.3, 0.1], "y": [0.8, 1.2]}], ((0.1, 0.3), (0.8, 1.0))),
        ([{"x": [-5, 0.5], "y": [0.2, 0.4]}], ((0.0, 0.5), (0.2, 0.4))),
        ([{"x": [0.3, 0.301], "y": [0.2, 0.4]}], None),
        ([{"x": [2, 3], "y": [0.2, 0.4]}], None),
        ([], None),
    ],
    ids=["any direction", "beyond an end", "a slip", "outside", "no box"],
)
def test_a_box_becomes_a_part(monkeypatch, boxes, part):
    figure = SimpleNamespace(selection=SimpleNamespace(box=boxes))
    monkeypatch.setattr(st, "session_state", {"roc": figure})
    zoom.take("roc")
    assert zoom.part("roc") == part and zoom.part("other") is None
