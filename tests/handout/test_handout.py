"""A handout of a made-up table: the same words in both forms, nothing from outside, and strangers' text stays text."""

import re
from datetime import date
from io import BytesIO

import numpy as np
import pandas as pd
import pytest
from pypdf import PdfReader
from reportlab.graphics.shapes import Line, PolyLine

from cxr_models.evaluation import curves, decision
from cxr_models.evaluation.confusion import confusion
from cxr_models.evaluation.intervals import Interval
from handout import figures, fonts, html, pdf
from handout.contents import (
    Children,
    Costs,
    Handout,
    Matrices,
    Model,
    Points,
    Priced,
    RocCurves,
    Section,
    Table,
    Thousand,
    Words,
)

HOSTILE = "<b>Ж–≥’·−</b> & <script>"
ROWS = [0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]


def made(*blocks) -> Handout:
    return Handout("Our own table", "Research use.", (Section("Part", blocks),), made_on=date(2020, 1, 2))


def model(label, score) -> Model:
    counts = confusion(label, score, 0.5)
    rates = (Interval(it, 0.0, 1.0) for it in (counts.sensitivity, counts.specificity))
    return Model("A model", "#2f86c1", "dash", curves.roc(label, score), "0.500", counts, *rates)


def printed(handout: Handout) -> str:
    return " ".join(page.extract_text() for page in PdfReader(BytesIO(pdf.write(handout))).pages)


def test_words_survive_in_both_forms():
    handout = made(Words(HOSTILE), Points((HOSTILE,)), Table("T", pd.DataFrame({"c": [HOSTILE]}, index=["r"]), "note"))
    assert printed(handout).count(HOSTILE) == 3
    page = html.write(handout).decode()
    assert "<script" not in page and page.count("&lt;script&gt;") == 3


def test_the_web_page_needs_nothing_from_outside():
    page = html.write(made(RocCurves((model(*ROWS),)), Matrices((model(*ROWS),)))).decode()
    assert not re.search(r"(src|href)\s*=|@import|url\((?!#)", page)


def test_every_page_has_disclaimer_and_date():
    pages = PdfReader(BytesIO(pdf.write(made(*[Words("words " * 200)] * 20)))).pages
    assert len(pages) > 2
    assert all("Research use." in page.extract_text() and "2020-01-02" in page.extract_text() for page in pages)


def test_a_matrix_says_its_counts_and_a_thousand_children_theirs():
    of = decision.per_thousand(0.9, 0.8, prevalence=0.1)
    handout = made(Matrices((model(*ROWS),)), Children((Thousand("A model", of, "As a sentence."),)))
    for text in (printed(handout), html.write(handout).decode()):
        for words in ("1 found", "1 missed", "2 cleared", "90 found", "180 false alarms", "As a sentence."):
            assert words in text


def test_accuracy_against_cost_says_its_numbers_and_marks_lie_where_they_are():
    cheap = Priced("Small: AUC .90 (.85 to .95), 0.2 MB", "#2f86c1", "circle", 0.2, Interval(0.9, 0.85, 0.95))
    dear = Priced("Large: AUC .95 (.90 to 1.00), 50 MB", "#c8641e", "star", 50, Interval(0.95, 0.9, 1.0))
    handout = made(Costs("File in MB", (cheap, dear), (cheap, dear)))
    for text in (printed(handout), html.write(handout).decode()):
        for words in (cheap.words, dear.words, "File in MB", ".850", "1.000", "100"):
            assert words in text
    fonts.register()
    plot = figures.costs(Costs("File in MB", (cheap, dear), (cheap, dear))).contents[0].contents
    (front,) = (shape.points for shape in plot if isinstance(shape, PolyLine))
    left, low, right, high = front
    assert left < right and low < high <= figures.HEIGHT and right <= figures.SIDE
    bars = [shape for shape in plot if isinstance(shape, Line)]
    assert [bar.x1 for bar in bars] == [left, right] and bars[1].y2 == pytest.approx(figures.HEIGHT)


@pytest.mark.parametrize("auc", [Interval(1.0, 1.0, 1.0), Interval(0.5, 0.0, 1.0)])
def test_one_model_alone_and_an_interval_of_nothing_are_drawn(auc):
    one = Priced("One", "#2f86c1", "circle", 10, auc)
    assert "One" in printed(made(Costs("File in MB", (one,), (one,))))


@pytest.mark.parametrize("label", [[1, 1, 1, 1], [0, 0, 0, 0]], ids=["pneumonias", "normals"])
def test_rows_of_one_class_are_drawn_without_what_is_undefined(label):
    handout = made(RocCurves((model(label, ROWS[1]),)), Matrices((model(label, ROWS[1]),)))
    assert "nan" not in printed(handout).lower() and "nan" not in html.write(handout).decode().lower()


def test_a_table_longer_than_a_page_repeats_its_head():
    frame = pd.DataFrame({"Column": np.arange(200).astype(str)}, index=[f"row {number}" for number in range(200)])
    pages = PdfReader(BytesIO(pdf.write(made(Table("Long", frame))))).pages
    assert len(pages) > 2 and all("Column" in page.extract_text() for page in pages if "row 1" in page.extract_text())
