"""Test pictures changed by fixed grades, read by the shipped networks: assets/results/robustness.csv.

    python -m train.robustness --data chest_xray

A part of the official test split (60 pictures of each class, drawn by a seed) in eight kinds of change, three grades
each, 1 the mildest. Read at the shipped thresholds, the table shows which change of a picture breaks which model. A
ninth kind has one grade: each picture takes the grey values of a training picture of the other class. Nothing is chosen
by this table.
"""

import argparse
import io
from collections.abc import Callable

import torch
from PIL import Image
from torchvision.transforms.v2 import InterpolationMode
from torchvision.transforms.v2 import functional as F

from cxr_models.errors import Refusal
from train import pictures, score, swaps
from train.pictures import Pictures

PER_CLASS = 60
SEED = 0
OTHER_CLASS = "histogram of the other class"


def noise(picture: torch.Tensor, deviation: float) -> torch.Tensor:
    """Gaussian noise, the same for every picture."""
    drawn = torch.randn(picture.shape, generator=torch.Generator().manual_seed(SEED))
    return (picture + deviation * drawn).clamp(0, 1)


def jpeg(picture: torch.Tensor, quality: int) -> torch.Tensor:
    """Saved as JPEG of that quality and read again."""
    file = io.BytesIO()
    F.to_pil_image(picture).save(file, "JPEG", quality=quality)
    return F.to_dtype(F.pil_to_tensor(Image.open(file)), torch.float32, scale=True)


def rotated(picture: torch.Tensor, degrees: float) -> torch.Tensor:
    """Turned about the middle, anticlockwise; the corners black."""
    return F.rotate(picture, degrees, interpolation=InterpolationMode.BILINEAR)


def cut(picture: torch.Tensor, *, width: float = 1.0, height: float = 1.0) -> torch.Tensor:
    """The middle share of the width and of the height, enlarged to the whole."""
    side = picture.shape[-1]
    kept = round(side * height), round(side * width)
    top, left = (side - kept[0]) // 2, (side - kept[1]) // 2
    return F.resized_crop(picture, top, left, *kept, [side, side])


def blurred(picture: torch.Tensor, deviation: float) -> torch.Tensor:
    """Gaussian blur; deviation in pixels of the 224."""
    size = 2 * int(3 * deviation + 0.5) + 1
    return F.gaussian_blur(picture, [size, size], [deviation, deviation])


# kind of change -> what it does, and its three grades
CHANGES: dict[str, tuple[Callable[[torch.Tensor, float], torch.Tensor], tuple[float, float, float]]] = {
    "contrast": (F.adjust_contrast, (0.75, 0.5, 0.25)),
    "brightness": (F.adjust_brightness, (0.8, 0.6, 0.4)),
    "blur": (blurred, (1.0, 2.0, 3.0)),
    "noise": (noise, (0.02, 0.05, 0.1)),
    "jpeg": (jpeg, (50, 20, 10)),
    "rotation": (rotated, (5.0, 10.0, 20.0)),
    "zoom": (lambda picture, kept: cut(picture, width=kept, height=kept), (0.9, 0.8, 0.7)),
    "aspect": (lambda picture, kept: cut(picture, width=kept), (0.9, 0.8, 0.7)),
}


def variants(test: Pictures, training: Pictures) -> list[Pictures]:
    """The pictures unchanged (`change` 'none', `grade` 0), then in every change and grade; `amount` is its number."""
    parts = [Pictures(test.rows.assign(change="none", grade=0, amount=0.0), test.pixels)]
    for name, (function, amounts) in CHANGES.items():
        for grade, amount in enumerate(amounts, start=1):
            pixels = torch.stack([function(picture, amount) for picture in test.pixels])
            parts.append(Pictures(test.rows.assign(change=name, grade=grade, amount=amount), pixels))
    return [*parts, swapped(test, training)]


def swapped(part: Pictures, training: Pictures) -> Pictures:
    """Each picture with the grey values of a training picture of the other class, drawn by its file name; rows with
    `change`, `grade` 1 and `amount` 1, all of the histogram."""
    donors = swaps.other_class(part, training)
    pixels = torch.stack([swaps.histogram(*pair) for pair in zip(part.pixels, donors, strict=True)])
    return Pictures(part.rows.assign(change=OTHER_CLASS, grade=1, amount=1.0), pixels)


def part_of(test: Pictures) -> Pictures:
    """`PER_CLASS` pictures of each class, or all where there are fewer; drawn by `SEED`."""
    chosen = test.rows.groupby("label").sample(frac=1, random_state=SEED).groupby("label").head(PER_CLASS)
    index = sorted(chosen.index)
    return Pictures(test.rows.loc[index].reset_index(drop=True), test.pixels[index])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    score.add_arguments(parser)
    args = parser.parse_args()
    try:
        test = part_of(pictures.load(args.data, args.splits, "test", limit=args.limit))
        training = pictures.load(args.data, args.splits, "train", limit=args.limit)
        score.write("robustness", variants(test, training), args.results, extra=("change", "grade", "amount"))
    except Refusal as refusal:
        parser.exit(2, f"{refusal}\n")


if __name__ == "__main__":
    main()
