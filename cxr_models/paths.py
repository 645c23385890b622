"""Where the committed files lie."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ASSETS = ROOT / "assets"
CHECKPOINTS = ASSETS / "checkpoints"
RESULTS = ASSETS / "results"
SAMPLES = ASSETS / "samples"
TEST_PICTURES = ASSETS / "test_pictures"
