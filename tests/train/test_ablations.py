from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from train import ablations, splits, styles

pytestmark = pytest.mark.filterwarnings("ignore:The image decoding and encoding capabilities:DeprecationWarning")


def styles_of(cut, folder):
    """A table of styles of the tiny set: any numbers do."""
    rows = pd.read_csv(cut).drop(columns="sha256").assign(style=1)
    numbers = np.random.default_rng(0).normal(size=(len(rows), len(styles.STATISTICS)))
    table = folder / "styles.csv"
    rows.join(pd.DataFrame(numbers, columns=list(styles.STATISTICS))).to_csv(table, index=False)
    return table


def test_a_row_a_variant_and_nothing_trained_twice(tiny_data, tmp_path, monkeypatch):
    cut = tmp_path / "splits.csv"
    splits.cut(splits.kermany.read(tiny_data).rows, samples=set()).to_csv(cut, index=False)
    table = tmp_path / "ablations.csv"
    monkeypatch.setattr(
        "sys.argv",
        ["ablations", "--data", str(tiny_data), "--splits", str(cut), "--table", str(table)]
        + ["--styles", str(styles_of(cut, tmp_path)), "--epochs", "1", "--size", "48", "--workers", "0"],
    )  # fmt: skip
    small = replace(ablations.RECIPES["base_cnn"], batch_size=8)
    monkeypatch.setattr(ablations, "RECIPES", {"base_cnn": small})
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
