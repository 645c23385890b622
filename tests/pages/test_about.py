"""What a file can give is read from the file."""

import pandas as pd
from sklearn.metrics import roc_auc_score

from cxr_models import zoo
from cxr_models.paths import RESULTS
from ui import about


def test_splits_are_counted(open_page):
    table = open_page("about").table[0].value
    splits = pd.read_csv(RESULTS / "splits.csv", dtype=str)
    assert table.loc["Pictures", "Test"] == (splits["split"] == "test").sum()
    assert table.loc["Normal", "Training"] == ((splits["split"] == "train") & (splits["subtype"] == "normal")).sum()


def test_the_other_hospital_is_told_with_its_numbers(open_page):
    table = pd.read_csv(RESULTS / "external.csv")
    said = "\n".join(element.value for element in open_page("about").markdown)
    for name in zoo.COMPARED:
        auc = f"{roc_auc_score(table['label'], table[name]):.3f}".removeprefix("0")
        assert f"{zoo.spec(name).title} {auc} (" in said


def test_without_the_table_the_command_is_named(open_page, monkeypatch, tmp_path):
    monkeypatch.setattr("ui.cached.EXTERNAL", tmp_path / "none.csv")
    said = "\n".join(element.value for element in open_page("about").markdown)
    assert "python -m train.nih" in said and "coin toss" not in said


def test_the_licence_is_the_checkpoint_s_and_the_cards_are_shown(open_page):
    said = "\n".join(element.value for element in open_page("about").markdown)
    assert zoo.metadata("resnet50")["licence"] in said
    for name in zoo.SPECS:
        assert zoo.metadata(name)["recipe"] in said
    assert "patient numbers occur both" in said


def test_a_missing_card_names_its_command(monkeypatch, tmp_path):
    monkeypatch.setattr(about, "MODEL_CARDS", tmp_path)
    assert "python -m train.report" in about.card("student")
