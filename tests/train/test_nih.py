import pandas as pd
import pytest

from cxr_models.errors import DatasetRefused
from cxr_models.evaluation import scores
from cxr_models.paths import RESULTS
from train import nih


@pytest.fixture
def data(tmp_path, samples):
    """A manifest of the six samples."""
    rows = []
    for number, (name, content) in enumerate(samples.items()):
        (tmp_path / name).write_bytes(content)
        label = "PNEUMONIA" if name.startswith("person") else "NORMAL"
        rows.append([label, name, name, f"{number:08}", "60", "F", "AP"])
    pd.DataFrame(rows, columns=nih.NEEDED).to_csv(tmp_path / "manifest.csv", index=False)
    return tmp_path


def spoil(data, column: str, value: str) -> None:
    table = pd.read_csv(data / "manifest.csv", dtype=str)
    table.loc[0, column] = value
    table.to_csv(data / "manifest.csv", index=False)


def test_rows_and_pixels(data):
    pictures = nih.read(data)
    assert pictures.pixels.shape == (6, 1, 224, 224) and pictures.rows["label"].sum() == 3
    assert set(pictures.rows["split"]) == {"external"} and pictures.rows["patient"][0] == "00000000"


@pytest.mark.parametrize(
    "column, value, words", [("label", "EFFUSION", "EFFUSION"), ("path", "none.jpeg", "none.jpeg that manifest")]
)
def test_a_wrong_manifest_is_a_sentence(data, column, value, words):
    spoil(data, column, value)
    with pytest.raises(DatasetRefused, match=words):
        nih.read(data)


def test_a_missing_manifest_or_column_is_a_sentence(data):
    pd.read_csv(data / "manifest.csv").drop(columns="view").to_csv(data / "manifest.csv", index=False)
    with pytest.raises(DatasetRefused, match="lacks view"):
        nih.read(data)
    (data / "manifest.csv").unlink()
    with pytest.raises(DatasetRefused, match="no manifest.csv"):
        nih.read(data)


def test_the_committed_table_is_one_of_scores():
    table = scores.load(RESULTS / "external.csv")
    assert set(table["split"]) == {"external"} and table["label"].nunique() == 2
