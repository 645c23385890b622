"""The app without a browser, every page entered through `app.py` as a visitor enters it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from cxr_models.paths import ROOT
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
