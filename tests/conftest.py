"""What several tests need: the shipped samples, hostile files, and a tiny data folder in Kaggle's layout."""

import tarfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cxr_models.paths import ROOT, SAMPLES
from tests.hostile.cases import ARCHIVE

FIXTURES = ROOT / "tests" / "fixtures"


@pytest.fixture(scope="session")
def samples() -> dict[str, bytes]:
    """The shipped sample pictures, name -> bytes."""
    return {path.name: path.read_bytes() for path in sorted(SAMPLES.glob("*.jpeg"))}


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of hostile inputs, unpacked."""
    folder = tmp_path_factory.mktemp("hostile")
    with tarfile.open(ARCHIVE) as archive:
        archive.extractall(folder, filter="data")
    return folder


@pytest.fixture(scope="session")
def tiny_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Kaggle's layout with 32 training, 8 validation and 8 test pictures that a network can tell apart: the pneumonias
    have a bright patch."""
    root = tmp_path_factory.mktemp("tiny") / "chest_xray"
    rng = np.random.default_rng(0)
    patient = 0
    for folder, count in (("train", 16), ("val", 4), ("test", 4)):
        for name in ("NORMAL", "PNEUMONIA"):
            place = root / folder / name
            place.mkdir(parents=True)
            for _ in range(count):
                patient += 1
                grey = rng.normal(110, 25, (64, 64))
                if name == "PNEUMONIA":
                    grey[20:44, 8:30] += 90
                kind = ("bacteria", "virus")[patient % 2]
                file = f"person{patient}_{kind}_{patient}.jpeg" if name == "PNEUMONIA" else f"IM-{patient:04}-0001.jpeg"
                Image.fromarray(grey.clip(0, 255).astype(np.uint8)).save(place / file, quality=90)
    return root
