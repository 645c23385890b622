"""The test pictures with the chest blacked out, and with all but the chest: assets/results/blackout.csv.

    python -m train.blackout --data chest_xray

A model that still tells the classes apart without the chest reads something else than the disease.
"""

import argparse

import torch

from cxr_models.errors import Refusal
from train import pictures, score, thorax
from train.pictures import Pictures


def changed(test: Pictures) -> list[Pictures]:
    """The pictures twice, `change` in the rows: 'lungs_black' with the chest template black, 'all_but_lungs_black' with
    nothing else left."""
    inside = torch.from_numpy(thorax.template())
    return [
        Pictures(test.rows.assign(change="lungs_black"), test.pixels.masked_fill(inside, 0.0)),
        Pictures(test.rows.assign(change="all_but_lungs_black"), test.pixels.masked_fill(~inside, 0.0)),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    score.add_arguments(parser)
    args = parser.parse_args()
    try:
        parts = changed(pictures.load(args.data, args.splits, "test", limit=args.limit))
        score.write("blackout", parts, args.results, extra=("change",))
    except Refusal as refusal:
        parser.exit(2, f"{refusal}\n")


if __name__ == "__main__":
    main()
