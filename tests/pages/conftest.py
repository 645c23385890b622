"""The app without a browser, every page entered through `app.py` as a visitor enters it."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from cxr_models import checkpoints, zoo
from cxr_models.evaluation import scores
from cxr_models.paths import RESULTS, ROOT
from train.calibrate import operating_metadata
from ui import cached

Open = Callable[..., AppTest]


@pytest.fixture
def open_page() -> Open:
    """open_page("compare", rule="free", t_student="0.3"): that page, with that in the address."""

    def open_(name: str, **address: str) -> AppTest:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=240)
        for key, value in address.items():
            app.query_params[key] = value
        app.run()
        return app if name == "xray" else app.switch_page(f"pages/{name}.py").run()

    return open_


@pytest.fixture
def no_scores(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As if `assets/results/scores.csv` had been deleted."""
    monkeypatch.setattr(cached, "SCORES", tmp_path / "scores.csv")


@pytest.fixture(scope="session")
def calibrated_checkpoints(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """By compared model: a copy of its checkpoint, calibrated on the committed table of scores."""
    folder, table = tmp_path_factory.mktemp("checkpoints"), scores.load(RESULTS / "scores.csv")
    for name in zoo.COMPARED:
        shutil.copyfile(zoo.spec(name).checkpoint, folder / f"{name}.safetensors")
        checkpoints.update_metadata(folder / f"{name}.safetensors", operating_metadata(table, name))
    return {name: folder / f"{name}.safetensors" for name in zoo.COMPARED}


@pytest.fixture
def calibrated(monkeypatch: pytest.MonkeyPatch, calibrated_checkpoints: dict[str, Path]) -> None:
    """As if `train.calibrate` had just run."""
    for name, checkpoint in calibrated_checkpoints.items():
        monkeypatch.setitem(zoo.SPECS, name, replace(zoo.spec(name), checkpoint=checkpoint))


@pytest.fixture
def without_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if no checkpoint had been calibrated for a probability."""
    monkeypatch.setattr(cached, "line", lambda name: None)
