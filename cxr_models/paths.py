"""Where the committed files lie."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ASSETS = ROOT / "assets"
CHECKPOINTS = ASSETS / "checkpoints"
MODEL_CARDS = ASSETS / "model_cards"
RESULTS = ASSETS / "results"
SAMPLES = ASSETS / "samples"
TEST_PICTURES = ASSETS / "test_pictures"
BENCHMARKS = ROOT / "benchmarks" / "results.csv"
PUBLISHED = ASSETS / "published.csv"
