"""The tables are the fact table's, the last row is the three together, and the handout says what the screen says."""

import json
import re
from io import BytesIO

import pytest
from pypdf import PdfReader

from cxr_models import checkpoints, zoo
from cxr_models.evaluation import equal_sensitivity, scores, summary, together, tradeoff
from cxr_models.evaluation.equal_sensitivity import AtSensitivity
from cxr_models.evaluation.intervals import Interval
from cxr_models.paths import RESULTS
from handout import html, pdf
from handout.contents import Costs
from ui import candidate_table, candidates, comparison, leaflet, words

HASH = re.compile(r"[0-9a-f]{64}")


@pytest.fixture
def made(monkeypatch):
    """What the page last gave the handout."""
    given = []
    contents = leaflet.contents
    monkeypatch.setattr(leaflet, "contents", lambda *args, **named: given.append(contents(*args, **named)) or given[-1])
    return given


def squeezed(text: str) -> str:
    """Without white space, since a cell's line breaks are the paper's."""
    return re.sub(r"\s", "", text)


def one_table(page):
    """The table for stakeholders; row titles occur once."""
    return page.table[0].value


def brief(page):
    """The table of the brief's columns, a block of rows a model."""
    return page.table[-1].value


def test_the_brief_s_table_is_computed_at_one_half(open_page):
    page = open_page("compare")
    points = {name: summary.Point(float(zoo.metadata(name)["temperature"]), 0.5) for name in zoo.COMPARED}
    tidy = summary.measures(scores.load(RESULTS / "scores.csv"), points, split="test")
    shown, size = brief(page), 1 + len(comparison.MEASURES)
    assert len(shown) == size * len(zoo.COMPARED) and not shown["The brief's"].str.contains("to").any()
    for place, name in enumerate(zoo.COMPARED):
        heading, *rows = shown.iloc[place * size : (place + 1) * size].itertuples()
        assert heading.Index == f"**{zoo.spec(name).title}**"
        for (measure, title), shown_row in zip(comparison.MEASURES.items(), rows, strict=True):
            row = tidy[(tidy["model"] == name) & (tidy["measure"] == measure)].iloc[0]
            assert shown_row.Index == title and shown_row.Here.startswith(f"{row['value']:.3f}".removeprefix("0"))


def test_the_last_column_is_the_three_together_at_its_own_point(open_page):
    page = open_page("compare")
    temperatures = {name: float(zoo.metadata(name)["temperature"]) for name in zoo.COMPARED}
    table = together.with_column(scores.load(RESULTS / "scores.csv"), temperatures)
    point = together.point(table)
    tidy = summary.measures(table, {together.NAME: point}, split="test").set_index("measure")
    shown = one_table(page)
    assert list(shown)[-1] == "The three together" and len(shown.columns) == len(zoo.COMPARED) + 1
    last = shown["The three together"]
    assert last["Threshold"] == f"{point.threshold:.3f}"
    assert last["Sensitivity"].startswith(f"{tidy.at['sensitivity', 'value']:.1%}".replace("%", " %"))


def test_one_table_holds_every_measure_and_what_it_costs(open_page):
    page = open_page("compare")
    assert len(page.table) == 4
    shown = one_table(page)
    assert [row for row in shown.index if not row.startswith("**")] == [row.title for row in candidate_table.ROWS]
    assert shown.index.is_unique and not (shown[~shown.index.str.startswith("**")] == "").any().any()
    assert all(
        f"- {row.title}: {row.meaning}" in "".join(it.value for it in page.markdown) for row in candidate_table.ROWS
    )
    smallest = min(checkpoints.parameters(zoo.spec(name).checkpoint) for name in zoo.COMPARED)
    assert f"{smallest:,}" in set(shown.loc["Parameters"])


def test_the_table_moves_with_the_operating_point_and_the_brief_s_does_not(open_page):
    before, after = open_page("compare"), open_page("compare", rule="free", t_resnet50="0.999")
    one, other = one_table(before), one_table(after)
    assert one.loc["Sensitivity", "ResNet-50"] != other.loc["Sensitivity", "ResNet-50"]
    assert (one.loc["AUC"] == other.loc["AUC"]).all()
    assert brief(before).equals(brief(after))


def test_every_pair_is_tested_on_every_measure(open_page):
    page = open_page("compare")
    (said,) = (element.value for element in page.markdown if "McNemar" in element.value)
    assert said.count("DeLong's test") == 3 and said.count("McNemar's exact test") == 6
    behind = page.table[1].value
    pairs = behind[~behind.index.str.startswith("**")]
    assert len(pairs) == 9 and len(set(pairs.index)) == 3 and len(behind) == 9 + 3
    assert pairs["By patients"].str.contains("after Holm p").all() and pairs["By pictures"].str.contains("p").all()


def test_false_alarms_are_compared_at_the_same_sensitivity_on_the_test_set(open_page):
    page = open_page("compare", rule="sensitive")
    shown, table = page.table[2].value, scores.load(RESULTS / "scores.csv")
    for it in equal_sensitivity.at_targets(table, zoo.COMPARED, split="test"):
        column = shown[f"Sensitivity {100 * it.target:.0f} %"]
        for name, alarms in it.false_alarms.items():
            assert column[zoo.spec(name).title] == words.percent_interval(alarms)
        one, other = zoo.COMPARED[:2]
        apart = it.differences[one, other]
        points = Interval(*(100 * end for end in (apart.value, apart.low, apart.high)))
        shown_apart = column[f"{zoo.spec(one).title} minus {zoo.spec(other).title}"]
        assert shown_apart == words.number_interval(points, decimals=1)
    assert any("partly the transfer of its threshold" in caption.value for caption in page.caption)


@pytest.mark.parametrize(
    ("low", "sentence"),
    [
        (-0.01, "no significant difference"),
        (0.01, "excludes 0 for Custom CNN and ResNet-50 at 97 %, before correction"),
    ],
)
def test_the_takeaway_at_the_same_sensitivity_follows_the_intervals(low, sentence):
    it = AtSensitivity(0.97, {}, {("base_cnn", "resnet50"): Interval(0.02, low, 0.04)})
    assert sentence in comparison.equal_sensitivity_takeaway([it])


def test_an_empty_row_stays_and_names_the_command_that_fills_it(open_page, monkeypatch, tmp_path):
    monkeypatch.setattr(candidates, "BLACKOUT", tmp_path / "blackout.csv")
    monkeypatch.setattr(candidates, "BENCHMARKS", tmp_path / "results.csv")
    shown = one_table(open_page("compare"))
    for title, command in (
        ("AUC with the chest blacked out", "python -m train.blackout --data FOLDER"),
        ("Multiply-adds", "python -m benchmarks.reading"),
        ("Verdict, ms", "python -m benchmarks.reading"),
        ("With heat map, ms", "python -m benchmarks.reading"),
    ):
        assert (shown.loc[f"{title} (waits for `{command}`)"] == "–").all()
    assert sum("waits for" in row for row in shown.index) == 4


def test_without_scores_there_is_no_number(open_page, no_scores):
    page = open_page("compare")
    assert not page.dataframe and not page.table and not page.get("plotly_chart")
    assert not page.get("download_button")


def test_accuracy_against_cost_is_the_same_in_the_handout_and_on_the_screen(open_page, made):
    page = open_page("compare")
    drawn = [block for section in made[-1].sections for block in section.blocks if isinstance(block, Costs)]
    screen = [json.loads(chart.proto.spec) for chart in page.get("plotly_chart")]
    assert len(drawn) == len(screen) == len(tradeoff.COSTS)
    for block, figure in zip(drawn, screen, strict=True):
        assert block.axis == figure["layout"]["xaxis"]["title"]["text"]
        front, *marks = figure["data"]
        assert (front["x"], front["y"]) == ([it.cost for it in block.front], [it.auc.value for it in block.front])
        for it, mark in zip(block.models, marks, strict=True):
            assert it.words.startswith(f"{mark['name']}: AUC ") and it.colour == mark["marker"]["color"]
            assert ([it.cost], [it.auc.value]) == (mark["x"], mark["y"])
            assert it.auc.high - it.auc.value == mark["error_y"]["array"][0]
    printed = squeezed("".join(sheet.extract_text() for sheet in PdfReader(BytesIO(pdf.write(made[-1]))).pages))
    web = squeezed(html.write(made[-1]).decode())
    for said in (it.words for block in drawn for it in block.models):
        assert squeezed(said) in printed and squeezed(said) in web


def test_the_handout_says_what_the_screen_says_in_both_forms(open_page, made):
    page = open_page("compare", rule="free", t_resnet50="0.9", prevalence="0.2")
    reader = PdfReader(BytesIO(pdf.write(made[-1])))
    printed = squeezed("".join(sheet.extract_text() for sheet in reader.pages))
    web = squeezed(re.sub(r"<[^>]+>", " ", html.write(made[-1]).decode()).replace("&#x27;", "'").replace("&lt;", "<"))
    cells = [
        cell.strip("*")
        for table in page.table
        for row in (table.value.columns, *table.value.itertuples())
        for cell in row
    ]
    sentences = [line.removeprefix("- ") for element in page.markdown for line in element.value.splitlines()]
    tested = [
        line
        for line in sentences
        if "McNemar" in line or "DeLong" in line or line.startswith("By the values alone, no model is both")
    ]
    assert len(cells) > 100 and len(tested) == 11
    meanings = candidate_table.meanings()
    for text in (*cells, *meanings, *tested, "At a prevalence of 20 %"):
        assert squeezed(str(text)) in printed, text
        assert squeezed(str(text)) in web, text
    assert len(HASH.findall(printed)) >= 5
    for sheet in reader.pages:
        assert "Research use. Not a medical device." in sheet.extract_text()
