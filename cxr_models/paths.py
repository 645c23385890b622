"""Where the committed files lie."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ASSETS = ROOT / "assets"
CHECKPOINTS = ASSETS / "checkpoints"
STUDENT_ALONE = CHECKPOINTS / "student_alone.safetensors"  # the student that no teacher taught: no screen reads with it
MODEL_CARDS = ASSETS / "model_cards"
RESULTS = ASSETS / "results"
CANDIDATES = ASSETS / "candidates"  # trained and scored networks that are not released yet
SAMPLES = ASSETS / "samples"
TEST_PICTURES = ASSETS / "test_pictures"
BENCHMARKS = ROOT / "benchmarks" / "results.csv"
PUBLISHED = ASSETS / "published.csv"


def stamp(path: Path) -> int:
    """Changes when the file does; 0 when there is none."""
    return path.stat().st_mtime_ns if path.is_file() else 0
