import pandas as pd
import pytest
import torch

from train import ablations, splits

pytestmark = pytest.mark.filterwarnings("ignore:The image decoding and encoding capabilities:DeprecationWarning")


def test_a_row_a_variant_and_nothing_trained_twice(tiny_data, tmp_path, monkeypatch):
    cut = tmp_path / "splits.csv"
    splits.cut(splits.kermany.read(tiny_data).rows, samples=set()).to_csv(cut, index=False)
    table = tmp_path / "ablations.csv"
    monkeypatch.setattr(
        "sys.argv",
        ["ablations", "--data", str(tiny_data), "--splits", str(cut), "--table", str(table)]
        + ["--epochs", "1", "--size", "48", "--workers", "0"],
    )  # fmt: skip
    monkeypatch.setattr(ablations, "RECIPES", {"base_cnn": ablations.RECIPES["base_cnn"].__class__(1, 48, 8, 1e-3)})
    ablations.main()
    rows = pd.read_csv(table)
    assert rows["change"].tolist() == list(ablations.VARIANTS) and rows.notna().all().all()
    assert rows["val_auc"].between(0, 1).all() and rows["stressed_log_loss"].nunique() > 1
    rows.iloc[:-1].to_csv(table, index=False)
    trained = []
    monkeypatch.setattr(ablations, "train", lambda variant, *rest: trained.append(variant) or {"val_auc": 0.5})
    ablations.main()
    assert trained == [list(ablations.VARIANTS.values())[-1]]
    assert pd.read_csv(table)["val_auc"].tolist()[:-1] == rows["val_auc"].tolist()[:-1]
    trained.clear()
    cut.write_text(cut.read_text() + "\n")
    ablations.main()
    assert len(trained) == len(ablations.VARIANTS), "rows of other pictures are made again"


def test_mixed_and_smoothed_labels():
    samples = [(torch.full((1, 2, 2), float(label)), torch.tensor(float(label))) for label in (0, 1, 1, 0)]
    torch.manual_seed(0)
    pixels, label = ablations.mixup(samples)
    assert torch.allclose(pixels[:, 0, 0, 0], label) and 0 <= label.min() and label.max() <= 1
    assert ablations.smoothed(samples)[1].tolist() == pytest.approx([0.05, 0.95, 0.95, 0.05])
