"""What holds on every page."""

import ast
import importlib
import sys
from pathlib import Path

import pandas as pd
import pytest

from cxr_models.paths import RESULTS, ROOT
from ui.frame import DISCLAIMER

PAGES = {
    "xray": "Read an X-ray",
    "operating_point": "Operating point",
    "compare": "Compare",
    "mistakes": "Mistakes",
    "evidence": "Evidence",
    "own_hospital": "Own hospital",
    "about": "About",
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_its_frame(open_page, name):
    page = open_page(name)
    assert not page.exception
    assert page.title[0].value == PAGES[name]
    assert DISCLAIMER in [warning.value for warning in page.warning]
    assert any("Operating point: Balanced" in caption.value for caption in page.caption)
    assert page.sidebar.radio(key="rule").value == "balanced"


@pytest.mark.parametrize("name", PAGES)
def test_the_address_reaches_every_page(open_page, name):
    page = open_page(name, rule="free", t_base_cnn="0.3")
    assert not page.exception
    assert any("Free thresholds · Custom CNN 0.30" in caption.value for caption in page.caption)
    assert page.sidebar.slider(key="t_base_cnn").value == 0.3


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(
    "address",
    [{"rule": "best"}, {"rule": "free", "t_student": "nan"}, {"rule": "sensitivity", "value": "1e9"}],
    ids=["unknown rule", "not a number", "out of range"],
)
def test_a_stranger_s_address_becomes_the_default_with_a_sentence(open_page, name, address):
    page = open_page(name, **address)
    assert not page.exception
    sentences = [warning.value for warning in page.sidebar.warning]
    assert len(sentences) == 1 and "address" in sentences[0]
    assert not any(value in sentences[0] for value in ("best", "nan", "1e9"))


@pytest.mark.parametrize("name", PAGES)
def test_a_page_survives_a_missing_table_of_scores(open_page, no_scores, name):
    page = open_page(name, rule="sensitive")
    assert not page.exception
    assert any("balanced thresholds are used instead" in warning.value for warning in page.sidebar.warning)


@pytest.fixture
def own_training(monkeypatch, tmp_path):
    """As after a training on one's own folder: kind of pneumonia unknown, one seed, none of the other tables."""
    for name in ("scores.csv", "splits.csv"):
        table = pd.read_csv(RESULTS / name, dtype=str, keep_default_na=False)
        table["subtype"] = table["subtype"].where(table["label"] == "0", "unknown")
        table.to_csv(tmp_path / name, index=False)
    for path in ROOT.glob("ui/*.py"):
        importlib.import_module(f"ui.{path.stem}")  # so that each module that knows a table is there
    for module in [it for name, it in sys.modules.items() if name.startswith(("ui", "cxr_models", "handout"))]:
        for name, path in [it for it in vars(module).items() if isinstance(it[1], Path)]:
            if path.is_relative_to(RESULTS):
                monkeypatch.setattr(module, name, tmp_path / path.relative_to(RESULTS))


@pytest.mark.parametrize("name", PAGES)
def test_a_page_shows_what_one_s_own_training_gives(open_page, own_training, name):
    page = open_page(name)
    assert not page.exception
    said = " ".join(element.value for kind in (page.markdown, page.caption, page.info) for element in kind)
    commands = {"evidence": "python -m train.", "about": "python -m train.nih"}
    assert commands.get(name, "") in said
    if name == "about":
        assert "Bacterial pneumonia" not in page.table[0].value.index
        assert page.table[0].value.loc["Pneumonia of unknown kind", "Test"] == 390


def test_every_page_has_an_address_that_is_not_its_file_name():
    """Otherwise Streamlit can run the file alone, without frame, when a first visitor comes by a deep link."""
    calls = [node for node in ast.walk(ast.parse((ROOT / "app.py").read_text())) if isinstance(node, ast.Call)]
    addresses = {
        call.args[0].value: keyword.value.value
        for call in calls
        for keyword in call.keywords
        if keyword.arg == "url_path"
    }
    assert set(addresses) == {f"pages/{path.name}" for path in (ROOT / "pages").glob("*.py")}
    assert set(addresses.values()).isdisjoint(path.stem for path in (ROOT / "pages").glob("*.py"))


def test_reset_restores_the_default(open_page):
    page = open_page("operating_point", rule="free", t_student="0.9")
    page.sidebar.button(key="reset").click().run()
    assert page.sidebar.radio(key="rule").value == "balanced"
    assert "rule" not in page.query_params and "t_student" not in page.query_params


def test_a_new_free_point_starts_where_the_last_point_was(open_page):
    page = open_page("operating_point", rule="specific")
    before = [caption.value for caption in page.caption if "Operating point" in caption.value][0]
    page.sidebar.radio(key="rule").set_value("free").run()
    after = [caption.value for caption in page.caption if "Operating point" in caption.value][0]
    assert before.replace("Specific", "Free thresholds") == after
    assert page.query_params["rule"] == ["free"] or page.query_params["rule"] == "free"
