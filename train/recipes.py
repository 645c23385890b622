"""How each network is trained: the defaults of `python -m train.fit NAME` and, for the student, of `python -m
train.distillation`; chosen on validation."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Recipe:
    """epochs: passes over the training pictures. size: side of the augmented pictures in pixels (validation is always
    at 224; crops enlarge what they show, so that 160 in training matches 224 in use: Touvron 2019, arXiv 1906.06423).
    learning_rate: peak of the cosine. evened: whether the crops' proportions are evened between the classes. marks,
    noise: share of the training pictures that get a white mark, or noise. toned: share that takes the histogram of
    another training image. written: share that gets burned-in text. subtype: whether bacterial or viral is learnt
    beside the verdict. views: augmented copies of each training image, drawn once and stored; networks of one
    augmentation share them."""

    epochs: int
    learning_rate: float
    size: int = 160
    batch_size: int = 32
    weight_decay: float = 0.05
    evened: bool = True
    marks: float = 0.4
    noise: float = 0.25
    toned: float = 0.7
    written: float = 0.4
    subtype: bool = False
    views: int = 24


RECIPES: dict[str, Recipe] = {
    "base_cnn": Recipe(epochs=40, learning_rate=1.5e-3, subtype=True),
    "teacher": Recipe(epochs=30, learning_rate=1.5e-3, subtype=True),
    "student": Recipe(epochs=96, learning_rate=3e-3, subtype=True),
    "resnet50": Recipe(epochs=5, learning_rate=2e-4),
}
