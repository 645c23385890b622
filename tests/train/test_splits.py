import pandas as pd
import pytest

from cxr_models.paths import SAMPLES
from train import kermany, splits


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    """200 patients with two pictures each; the second pictures of patients 0 and 1 have the same pixels."""
    made = []
    for patient in range(200):
        subtype = ("normal", "bacteria", "virus")[patient % 3]
        for number in range(2):
            pixels = "twin" if patient < 2 and number else f"{patient}-{number}"
            made.append({
                "file": f"{patient}_{number}", "folder": "test" if patient >= 170 else "train",
                "patient": f"p{patient}", "label": int(subtype != "normal"), "subtype": subtype,
                "sha256": pixels, "sha256_pixels": pixels,
            })  # fmt: skip
    return pd.DataFrame(made)


def test_no_patient_and_no_picture_is_on_both_sides(rows):
    table = splits.cut(rows, samples=set())
    pool = table[table["split"] != "test"]
    for key in ("patient", "sha256"):
        assert (pool.groupby(key)["split"].nunique() == 1).all()


def test_about_an_eighth_is_validation_with_every_subtypes_share(rows):
    table = splits.cut(rows, samples=set())
    pool = table[table["split"] != "test"]
    for _, part in pool.groupby("subtype"):
        assert 0.08 < (part["split"] == "val").mean() < 0.18
    assert (table["split"] == "test").sum() == 60


def test_sample_patients_are_validation(rows):
    wanted = {"p3", "p77", "p120"}
    table = splits.cut(rows, samples=wanted)
    assert set(table.loc[table["patient"].isin(wanted), "split"]) == {"val"}


def test_the_cut_is_the_same_again_and_another_with_another_seed(rows):
    assert splits.cut(rows, samples=set()).equals(splits.cut(rows, samples=set()))
    assert not splits.cut(rows, samples=set()).equals(splits.cut(rows, samples=set(), seed=1))


def test_links_through_others_hold_a_group_together():
    group = splits.together(pd.Series(["a", "a", "b", "c"]), pd.Series([1, 2, 2, 3]))
    assert group[0] == group[1] == group[2] != group[3]


@pytest.fixture(scope="module")
def committed() -> pd.DataFrame:
    return pd.read_csv(splits.SPLITS, keep_default_na=False)


def test_the_committed_table_keeps_the_rules(committed):
    assert list(committed) == splits.COLUMNS and committed["file"].is_unique
    assert committed["split"].value_counts().to_dict()["test"] == 624 and len(committed) == 5856
    pool = committed[committed["split"] != "test"]
    for key in ("patient", "sha256"):
        assert (pool.groupby(key)["split"].nunique() == 1).all()
    assert 0.11 < (pool["split"] == "val").mean() < 0.135


def test_the_shipped_samples_are_validation_pictures(committed):
    names = {path.name for path in SAMPLES.glob("*.jpeg")}
    assert len(names) >= 4
    assert set(committed.loc[committed["file"].isin(names), "split"]) == {"val"}
    assert splits.sample_patients() == set(committed.loc[committed["file"].isin(names), "patient"])


def test_the_command_writes_the_table(tiny_data, tmp_path, monkeypatch, capsys):
    path = tmp_path / "splits.csv"
    monkeypatch.setattr("sys.argv", ["splits", "--data", str(tiny_data), "--splits", str(path)])
    splits.main()
    table = pd.read_csv(path)
    assert set(table["split"]) == {"train", "val", "test"} and len(table) == len(kermany.read(tiny_data).rows)


def test_a_wrong_folder_is_one_sentence(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["splits", "--data", str(tmp_path / "none")])
    with pytest.raises(SystemExit) as exit_:
        splits.main()
    assert exit_.value.code == 2 and capsys.readouterr().err.count("\n") == 1
