"""The validation images as they are, stressed and restyled: what every choice is made on."""

from pathlib import Path

from train import pictures, restyle, stress
from train.pictures import Pictures


def load(data: Path, splits: Path, *, limit: int | None = None) -> dict[str, Pictures]:
    """'val', 'stressed' and 'restyled', the same rows in the same order.

    Raises DatasetRefused as `pictures.load` does.
    """
    plain = pictures.load(data, splits, "val", limit=limit)
    stressed = stress.stressed(plain)
    return {"val": plain, "stressed": stressed, "restyled": restyle.restyled(stressed, data, splits)}
