"""What a file can give is read from the file."""

import pandas as pd
from sklearn.metrics import roc_auc_score

from cxr_models import zoo
from cxr_models.paths import RESULTS


def test_splits_are_counted(open_page):
    table = open_page("about").dataframe[0].value
    splits = pd.read_csv(RESULTS / "splits.csv", dtype=str)
    assert table.loc["Test", "Pictures"] == (splits["split"] == "test").sum()
    assert table.loc["Training", "Normal"] == ((splits["split"] == "train") & (splits["subtype"] == "normal")).sum()


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


def test_licence_and_seed_are_the_checkpoint_s(open_page):
    page = open_page("about")
    said = "\n".join(element.value for element in page.markdown)
    assert zoo.metadata("resnet50")["licence"] in said
    cards = [table.value for table in page.table]
    assert len(cards) == len(zoo.SPECS)
    seed = cards[0].set_index("Fact").loc["Seed", "Value"]
    assert seed == zoo.metadata("base_cnn")["seed"]
