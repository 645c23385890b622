"""Temperature, default operating point, line of the probability and heat-map scale of each checkpoint, from validation
images only. The student without a teacher, where there is one, gets all but the last.

    python -m train.calibrate --data chest_xray

Reads assets/results/scores.csv and student_alone.csv for these, and writes all into the checkpoints' metadata.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from tqdm import tqdm

from cxr_models import checkpoints, inference, zoo
from cxr_models.errors import Refusal
from cxr_models.evaluation import calibration, operating_point, probability, scores, tables
from cxr_models.paths import RESULTS, STUDENT_ALONE
from train import pictures
from train.splits import SPLITS

# "Strong for this model" is what one validation picture in a hundred reaches somewhere.
HEAT_MAP_PERCENTILE = 99


def operating_metadata(table: pd.DataFrame, name: str) -> dict[str, str]:
    """Temperature from the plain validation rows; from those of `scores.choosing_rows` the balanced threshold with its
    interval, and the line of the probability."""
    plain, hard = scores.rows(table, "val", name), scores.choosing_rows(table, name)
    # What is stored is what was used: the thresholds below belong to the rounded temperature.
    temperature = f"{calibration.fit_temperature(plain.label, plain.logit):.6g}"
    threshold = operating_point.bootstrap_threshold(
        hard.label, scores.score(hard.logit, float(temperature)), hard.patient, operating_point.youden
    )
    return {
        "temperature": temperature,
        "threshold": f"{threshold.value:.6g}",
        "threshold_low": f"{threshold.low:.6g}",
        "threshold_high": f"{threshold.high:.6g}",
        **probability.to_metadata(probability.fit(hard.label, hard.logit, hard.patient)),
    }


def heat_map_scale(validation: pictures.Pictures, name: str) -> float:
    """99th percentile, over the validation pictures, of the largest value of the heat map; > 0."""
    maxima = [inference.read(picture[0].numpy(), name).heat_map.max() for picture in tqdm(validation.pixels, desc=name)]
    return float(np.percentile(maxima, HEAT_MAP_PERCENTILE))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="Kaggle's chest_xray folder")
    parser.add_argument("--splits", type=Path, default=SPLITS, help="table written by train.splits")
    parser.add_argument("--scores", type=Path, default=RESULTS / "scores.csv", help="table written by train.score")
    args = parser.parse_args()
    try:
        table = scores.load(args.scores)
        validation = pictures.load(args.data, args.splits, "val")
        for name, spec in zoo.SPECS.items():
            found = operating_metadata(table, name)
            checkpoints.update_metadata(spec.checkpoint, found)  # a reading needs the temperature
            found = {"heat_map_scale": f"{heat_map_scale(validation, name):.6g}"}
            checkpoints.update_metadata(spec.checkpoint, found)
            print(name, *(f"{key}={value}" for key, value in zoo.metadata(name).items()), sep="\n  ")
        if STUDENT_ALONE.exists():
            alone = tables.load_alone(args.scores.with_name("student_alone.csv"))
            checkpoints.update_metadata(STUDENT_ALONE, operating_metadata(alone, STUDENT_ALONE.stem))
    except Refusal as refusal:
        parser.exit(2, f"{refusal}\n")


if __name__ == "__main__":
    main()
