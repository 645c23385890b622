"""What a training image goes through after the one preprocessing; torchvision.transforms.v2 throughout.

The published images of the two classes differ in proportions, sharpness, compression, grey tone and burned-in text.
Each of these is made random here, so that a network cannot read the label off them.
"""

import math

import numpy as np
import torch
from torchvision.transforms import RandomResizedCrop, v2

from train import burned_in, stress, tone
from train.pictures import Pictures
from train.recipes import Recipe
from train.stress import aspect_trace

EVENED = (0.8, 1.25)  # what a crop's proportions still vary by once they are evened
MARK = (0.0005, 0.005)  # share of a picture that a mark covers
NOISE = (0.02, 0.05, 0.1)  # standard deviations, of a grey scale of 1


class RandomGamma(v2.Transform):
    """Raises a picture in [0, 1] to a power e^u, u uniform in ±`log_range`."""

    def __init__(self, log_range: float):
        super().__init__()
        self.log_range = log_range

    def make_params(self, flat_inputs: list) -> dict:
        return {"gamma": math.exp(float(torch.empty(1).uniform_(-self.log_range, self.log_range)))}

    def transform(self, inpt: torch.Tensor, params: dict) -> torch.Tensor:
        return v2.functional.adjust_gamma(inpt, params["gamma"])


class RandomTone(v2.Transform):
    """Gives an image the grey-level histogram of a training image drawn from both classes alike, so that the tone of
    the X-ray machine tells nothing of the label. quantiles: `tone.quantiles` of the training images, (n, 256)."""

    def __init__(self, quantiles: np.ndarray):
        super().__init__()
        self.quantiles = quantiles

    def make_params(self, flat_inputs: list) -> dict:
        return {"quantiles": self.quantiles[int(torch.randint(len(self.quantiles), ()))]}

    def transform(self, inpt: torch.Tensor, params: dict) -> torch.Tensor:
        return tone.matched(inpt, params["quantiles"])


class BurnedIn(v2.Transform):
    """Writes one or two of `burned_in.stamps` into an image: side letters, exposure values, clock times and dates occur
    on both classes alike then. One of the two lies near an edge, where they are found in practice."""

    def __init__(self, stamps: list[np.ndarray]):
        super().__init__()
        self.stamps = stamps

    def make_params(self, flat_inputs: list) -> dict:
        side = flat_inputs[0].shape[-1]
        pasted = []
        for place in range(1 + int(torch.randint(2, ()))):
            stamp = self.stamps[int(torch.randint(len(self.stamps), ()))]
            height, width = stamp.shape
            share = torch.rand(3).tolist()
            near_edge = 0.15 * share[0] if share[2] < 0.5 else 1 - 0.15 * share[0]
            down, right = (share[0], share[1]) if place else (near_edge, share[1])
            top, left = round(down * (side - height)), round(right * (side - width))
            pasted.append((stamp, top, left, float(torch.empty(1).uniform_(0.8, 1.0))))
        return {"pasted": pasted}

    def transform(self, inpt: torch.Tensor, params: dict) -> torch.Tensor:
        for stamp, top, left, brightness in params["pasted"]:
            inpt = burned_in.pasted(inpt, stamp, top=top, left=left, brightness=brightness)
        return inpt


def mark(share: float) -> v2.Transform:
    """Paints a white mark somewhere on that share of the pictures, as a side letter is one: a marker tells the
    hospital, not the disease (Zech 2018, PLoS Medicine 15:e1002683)."""
    return v2.RandomErasing(share, scale=MARK, value=1.0)


class EvenedCrop(v2.Transform):
    """A random crop made square, its proportions such that the trace of the squash (`stress.aspect_trace`) tells
    nothing of the label: each picture is stretched to a trace drawn from `traces`, those of both classes, and then by a
    factor from `EVENED`. area: share of the picture that a crop keeps."""

    def __init__(self, size: int, *, traces: np.ndarray, area: tuple[float, float]):
        super().__init__()
        self.size, self.traces, self.area = size, traces, area

    def make_params(self, flat_inputs: list) -> dict:
        picture = flat_inputs[0]
        wanted = float(self.traces[int(torch.randint(len(self.traces), ()))])
        ratio = [wanted / aspect_trace(picture) * factor for factor in EVENED]
        top, left, height, width = RandomResizedCrop.get_params(picture, self.area, ratio)
        return {"top": top, "left": left, "height": height, "width": width}

    def transform(self, inpt: torch.Tensor, params: dict) -> torch.Tensor:
        return v2.functional.resized_crop(inpt, **params, size=[self.size, self.size])


def augmentation(
    size: int,
    *,
    area: tuple[float, float] = (0.2, 1.0),
    proportions: tuple[float, float] = (0.65, 1.5),
    traces: np.ndarray | None = None,
    sharpness: bool = True,
    marks: float = 0.0,
    noise: float = 0.0,
    quantiles: np.ndarray | None = None,
    toned: float = 0.0,
    written: float = 0.0,
) -> v2.Compose:
    """(1, 224, 224) float32 in [0, 1] -> (1, size, size) float32 in [0, 1].

    area: share of the picture that a crop keeps. proportions: width over height of a crop, before it is made square;
    with traces (`stress.traces` of the training pictures) these are evened between the classes instead. sharpness:
    whether half of the pictures are shrunk and enlarged, and three in ten compressed. marks: share of the pictures that
    get a white mark. noise: share of the pictures that get noise. toned: share of the images that take the histogram of
    another training image, from quantiles (`tone.quantiles`). written: share of the images that get burned-in text.
    """
    if traces is None:
        crop = v2.RandomResizedCrop(size, scale=area, ratio=proportions)
    else:
        crop = EvenedCrop(size, traces=traces, area=area)
    softer = v2.Compose([v2.RandomResize(size // 3, size), v2.Resize((size, size))])
    recompressed = v2.Compose(
        [v2.ToDtype(torch.uint8, scale=True), v2.JPEG((30, 95)), v2.ToDtype(torch.float32, scale=True)]
    )
    grainier = v2.RandomChoice([v2.GaussianNoise(sigma=sigma) for sigma in NOISE])
    return v2.Compose(
        [
            v2.RandomRotation(10, interpolation=v2.InterpolationMode.BILINEAR),
            crop,
            v2.RandomHorizontalFlip(),
            # Without any, no random number is drawn either: a seed gives the views that it gave without these lines.
            *([v2.RandomApply([RandomTone(quantiles)], p=toned)] if toned else []),
            *([mark(marks)] if marks else []),
            *([v2.RandomApply([BurnedIn(burned_in.stamps(size))], p=written)] if written else []),
            v2.RandomApply([softer], p=0.5 if sharpness else 0.0),
            RandomGamma(0.5),
            v2.ColorJitter(brightness=0.15, contrast=(math.exp(-0.4), math.exp(0.4))),
            *([v2.RandomApply([grainier], p=noise)] if noise else []),
            v2.RandomApply([recompressed], p=0.3 if sharpness else 0.0),
        ]
    )


def of_recipe(recipe: Recipe, pictures: Pictures) -> v2.Compose:
    """The augmentation that a recipe asks for; pictures: the training pictures, whose traces even the crops."""
    return augmentation(
        recipe.size,
        traces=stress.traces(pictures) if recipe.evened else None,
        marks=recipe.marks,
        noise=recipe.noise,
        quantiles=tone.quantiles(pictures.pixels) if recipe.toned else None,
        toned=recipe.toned,
        written=recipe.written,
    )
