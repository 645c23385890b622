"""How long reading one picture takes with each model, on the machine this runs on: benchmarks/results.csv.

    python -m benchmarks.reading

The steps take turns in every round, so that whatever else the machine does falls on all of them alike: their ratios
hold where the milliseconds do not.
"""

import argparse
import platform
from collections.abc import Callable
from datetime import date
from pathlib import Path
from time import perf_counter

import numpy as np
import pandas as pd
import torch
from torch.utils.flop_counter import FlopCounterMode

from cxr_models import imaging, inference, zoo
from cxr_models.errors import Refusal
from cxr_models.evaluation import together
from cxr_models.paths import BENCHMARKS, SAMPLES

PICTURE = "picture"  # opening the file, the same for every model
WARM_UP = 3


def steps(data: bytes) -> dict[tuple[str, str], Callable[[], object]]:
    """What is timed, by (model, step): `open` for the picture; `score` and `heat_map`, which gives both, for a model.

    Raises PictureRefused and CheckpointRefused.
    """
    pixels = imaging.pixels(imaging.decode(data))
    timed = {(PICTURE, "open"): lambda: imaging.pixels(imaging.decode(data))}
    for name in zoo.COMPARED:
        timed[name, "score"] = lambda name=name: _score(pixels, name)
        timed[name, "heat_map"] = lambda name=name: inference.read(pixels, name)
    return timed


def _score(pixels: np.ndarray, name: str) -> float:
    with torch.no_grad():
        return float(inference.loaded(name)(torch.from_numpy(pixels).view(1, 1, *pixels.shape)))


def milliseconds(timed: dict[tuple[str, str], Callable[[], object]], *, rounds: int) -> pd.DataFrame:
    """A row a round, a column a step; the three models one after the other are the columns of `together`."""
    taken = []
    for _ in range(WARM_UP + rounds):
        taken.append({})
        for key, step in timed.items():
            start = perf_counter()
            step()
            taken[-1][key] = 1000 * (perf_counter() - start)
    table = pd.DataFrame(taken[WARM_UP:])
    for step in ("score", "heat_map"):
        table[together.NAME, step] = table[[(name, step) for name in zoo.COMPARED]].sum(axis=1)
    return table


def multiply_adds() -> dict[str, int]:
    """By model: multiplications with their additions in one forward pass, as torch counts them; `together`: all three.

    Torch counts convolutions and matrix products, each multiply-add as two operations.
    """
    counted = {}
    for name in zoo.COMPARED:
        with FlopCounterMode(display=False) as counter, torch.no_grad():
            zoo.load(name)(torch.zeros(1, 1, imaging.SIDE, imaging.SIDE))
        counted[name] = counter.get_total_flops() // 2
    return counted | {together.NAME: sum(counted.values())}


def results(taken: pd.DataFrame, counted: dict[str, int]) -> pd.DataFrame:
    """A row a model and step: median, 5th and 95th percentile in milliseconds, and how many times the student's step it
    takes (the median over rounds), beside what identifies the machine."""
    rows = []
    for model, step in taken:
        of_step = taken[model, step]
        peer = taken.get(("student", step))
        rows.append(
            {
                "model": model,
                "step": step,
                "median_ms": of_step.median(),
                "low_ms": of_step.quantile(0.05),
                "high_ms": of_step.quantile(0.95),
                "times_student": None if peer is None else (of_step / peer).median(),
                "multiply_adds": counted.get(model, ""),
                "rounds": len(taken),
                "processor": processor(),
                "threads": torch.get_num_threads(),
                "torch": torch.__version__,
                "date": date.today().isoformat(),
            }
        )
    return pd.DataFrame(rows)


def processor(described: Path = Path("/proc/cpuinfo")) -> str:
    """The processor's name as Linux tells it, else what Python knows."""
    lines = described.read_text().splitlines() if described.is_file() else []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.processor() or platform.machine()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--results", type=Path, default=BENCHMARKS)
    args = parser.parse_args()
    try:
        taken = milliseconds(steps(min(SAMPLES.glob("*.jpeg")).read_bytes()), rounds=args.rounds)
        results(taken, multiply_adds()).to_csv(args.results, index=False, float_format="%.4g")
    except Refusal as refusal:
        parser.exit(2, f"{refusal}\n")


if __name__ == "__main__":
    main()
