"""A model card tells what was measured, and what was not."""

import pandas as pd
import pytest

from cxr_models import zoo
from cxr_models.evaluation import heat_maps, scores, styles
from cxr_models.paths import RESULTS
from train import cards, report


@pytest.fixture
def card():
    tidy, table = pd.read_csv(report.METRICS), scores.load(RESULTS / "scores.csv")
    return lambda: cards.model_card("student", tidy, table)


def test_another_hospital_is_a_row_where_it_was_read_and_unmet_where_not(card, monkeypatch, tmp_path):
    assert f"| {cards.OTHER} |" in card() and "| Test against other hospitals | met" in card()
    monkeypatch.setattr(cards, "EXTERNAL", tmp_path / "missing.csv")
    assert cards.OTHER not in card() and "| Test against other hospitals | not met" in card()


def test_how_a_network_was_chosen_and_what_its_weights_allow_follow_its_metadata(card):
    assert "partly met: teacher, temperature, α, epoch and seed on" in card() and "of the weights: CC BY 4.0" in card()
    tidy, table = pd.read_csv(report.METRICS), scores.load(RESULTS / "scores.csv")
    assert "met: on plain and stressed validation, epoch by epoch" in cards.model_card("base_cnn", tidy, table)
    resnet50 = cards.model_card("resnet50", tidy, table)
    assert "epoch by epoch" not in resnet50 and "of the weights: CC BY-NC 4.0" in resnet50


def test_errors_and_heat_maps_are_told_as_they_were_found(card, monkeypatch, tmp_path):
    tidy, table = pd.read_csv(report.METRICS), scores.load(RESULTS / "scores.csv")
    assert "| Failure analysis | met" in card()
    assert "| Failure analysis | not met" in cards.model_card("teacher", tidy, table)
    monkeypatch.setattr(heat_maps, "TABLE", tmp_path / "missing.csv")
    assert "Not checked yet by `python -m train.heat_maps`." in card()


@pytest.mark.parametrize(
    ("split", "gain", "words"),
    [
        ("val", 1.0, "Not measured on the test set yet"),
        ("test", 1.0, "lowers the logit more than removing another part of the chest, with every fill"),
        ("test", -1.0, "was not shown to lower the logit more than"),
    ],
)
def test_a_card_names_its_heat_map_and_what_was_measured_of_it(card, monkeypatch, tmp_path, split, gain, words):
    spec = zoo.spec("student")
    row = {"file": "a", "split": split, "label": 1, "patient": "p", "model": "student", "side": 28, "inside": 0.8}
    row |= {"method": spec.heat_map_method, "layer": spec.heat_map_layer, **dict.fromkeys(heat_maps.GAINS, 1.0)}
    pd.DataFrame([row | {"deletion_mean": gain}]).to_csv(tmp_path / "heatmaps.csv", index=False)
    monkeypatch.setattr(heat_maps, "load", lambda load=heat_maps.load: load(tmp_path / "heatmaps.csv"))
    assert f"{zoo.HEAT_MAP_METHODS[spec.heat_map_method]} at `{spec.heat_map_layer}`. " in card() and words in card()


def test_pictures_of_an_unknown_folder_get_no_source_and_no_kinds_of_pneumonia(monkeypatch, tmp_path):
    tidy, table = pd.read_csv(report.METRICS), scores.load(RESULTS / "scores.csv")
    said = cards.model_card("student", tidy, table.replace({"subtype": {"bacteria": "unknown", "virus": "unknown"}}))
    ill = ((table["split"] == "test") & (table["label"] == 1)).sum()
    assert f"of {ill} |" in said and "| not told apart |" in said and "| bacterial |" not in said
    assert "Kermany" in cards.data_card() and "| Agreement of the readers | not met" in cards.data_card()
    pictures = pd.read_csv(RESULTS / "splits.csv", dtype=str, keep_default_na=False)
    pictures.replace({"subtype": {"bacteria": "unknown"}}).to_csv(tmp_path / "splits.csv", index=False)
    monkeypatch.setattr(cards, "RESULTS", tmp_path)
    assert "Kermany" not in cards.data_card() and "not known here" in cards.data_card()
    assert "physicians" not in cards.data_card()


def test_errors_are_told_by_style_and_the_data_card_says_that_the_machine_shows(card, monkeypatch, tmp_path):
    table = styles.load(styles.TABLE)
    normal = styles.by_class(table, split="test")["normal"]
    lines = [line for line in card().splitlines() if " of " in line and line.startswith("| ") and line[2].isdigit()]
    assert [line.split(" | ")[1].split(" of ")[1] for line in lines] == normal.astype(str).tolist()
    told = cards.data_card()
    assert "The machine is not recorded, but it shows" in told and "clock times are burned" in told
    text = styles.by_class(table, split="train", by="marker").loc["text"]
    assert f"| burned-in text | {text['normal']:.0f} | {text['pneumonia']:.0f} |" in told
    monkeypatch.setattr(styles, "TABLE", tmp_path / "missing.csv")
    assert "`python -m train.styles` has not been run" in card()
    assert "`python -m train.styles` has not been run" in cards.data_card()
