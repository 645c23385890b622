"""The command that fits and measures the plausibility check, on a tiny set; where its limits come from."""

import numpy as np
import pandas as pd
import pytest

from cxr_models.errors import CheckpointRefused
from cxr_models.plausibility import fitted
from cxr_models.plausibility.appearance import appearance
from train import kermany, plausibility, splits, spoiled, strangers


@pytest.fixture
def run(tiny_data, tmp_path, monkeypatch):
    """Runs the command with these options; what it writes lands in tmp_path."""
    table = tmp_path / "splits.csv"
    splits.cut(kermany.read(tiny_data).rows, samples=set()).to_csv(table, index=False)
    monkeypatch.setattr(fitted, "FILE", tmp_path / "plausibility.safetensors")
    monkeypatch.setattr(plausibility, "TABLE", tmp_path / "plausibility.csv")
    pages = [("documents and charts", strangers._bytes(strangers.page(np.random.default_rng(i)))) for i in range(2)]
    monkeypatch.setattr(strangers, "families", lambda: iter(pages))

    def command(*options: str):
        arguments = ["--data", str(tiny_data), "--splits", str(table), "--pictures", "12", *options]
        monkeypatch.setattr("sys.argv", [plausibility.__file__, *arguments])
        plausibility.main()

    return command


def test_the_command_writes_a_file_bound_to_the_weights_and_a_table(run, tiny_data, tmp_path, monkeypatch):
    run("--adults", str(tiny_data / "test"))
    found = fitted.load(fitted.FILE)
    assert found.classes == tuple(spoiled.CHANGES) and 0 < found.warned_beyond <= found.refused_beyond
    table = pd.read_csv(plausibility.TABLE)
    (look,) = pd.read_csv(tmp_path / "test_scorings.csv").itertuples()
    assert "train.plausibility" in look.command and look.resnet50_sha256
    assert set(table["outcome"]) == set(plausibility.OUTCOMES)
    assert (table.groupby("family")["count"].sum() == table.groupby("family")["n"].first()).all()
    assert table["share"].between(table["low"], table["high"]).all()
    n = table.groupby("family")["n"].first()
    assert n["adults of another hospital"] == n["test X-rays"] == 8 and n["all that is no chest X-ray"] == 2
    assert {f"test X-rays, {name}" for name in spoiled.COUNTED_ONLY} <= set(n.index)
    assert str(tmp_path) not in fitted.FILE.read_bytes().decode("latin1")
    monkeypatch.setattr(fitted, "_present_weights", lambda: "others")
    with pytest.raises(CheckpointRefused):
        fitted.load(fitted.FILE)


def test_a_missing_picture_is_told_in_a_sentence(run, tmp_path, capsys):
    table = tmp_path / "splits.csv"
    pd.read_csv(table, dtype=str).assign(file="gone.jpeg").to_csv(table, index=False)
    with pytest.raises(SystemExit) as left:
        run()
    assert left.value.code == 2 and "gone.jpeg" in capsys.readouterr().err


def chests(count: int, seed: int) -> list[np.ndarray]:
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:176, 0:176] / 176
    return [
        np.clip(0.3 + 0.4 * np.hypot(x - rng.uniform(0.4, 0.6), y) + rng.normal(0, 0.03, x.shape), 0, 1)
        for _ in range(count)
    ]


def test_the_limits_come_from_the_validation_pictures_alone():
    """With one training, other validation pictures give other limits; of those given no more are warned of than may."""
    training, rng = chests(12, 0), np.random.default_rng(0)
    found = plausibility.cloud(plausibility.classifier(training, rng), plausibility.features(training))
    limits = []
    for seed in (1, 2):
        validation = chests(120, seed)
        seen, still = (np.random.default_rng(seed).normal(size=(n, found.centre.size)) for n in (120, 30))
        limited = plausibility.limited(found, validation, seen, still)
        odd = [bool(limited.reason(appearance(spoiled.seen(grey)))) for grey in validation]
        far = limited.distance(seen) > limited.warned_beyond
        assert np.mean(odd) <= plausibility.SHARE_ODD
        assert np.mean(far | odd) <= plausibility.SHARE_WARNED < np.mean(far | odd) + 1 / len(odd)
        assert limited.refused_beyond == max(limited.warned_beyond, limited.distance(still).max())
        limits.append((limited.warned_beyond, limited.refused_beyond, *limited.odd_beyond))
    assert (limited.odd_beyond >= 0).all()  # no reason that is unlikelier than none
    first, second = np.array(limits)
    assert (first != second)[np.maximum(first, second) > 0].all() and (first[2:] > 0).any()
