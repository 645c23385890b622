"""How each network is trained: the defaults of `python -m train.fit NAME` and, for the student, of `python -m
train.distillation`; chosen on validation."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Recipe:
    """epochs: passes over the training pictures. size: side of the augmented pictures in pixels (validation is always
    at 224; crops enlarge what they show, so that 160 in training matches 224 in use: Touvron 2019, arXiv 1906.06423).
    learning_rate: peak of the cosine. evened: whether the crops' proportions are evened between the classes. marks,
    noise: share of the training pictures that get a white mark, or noise. subtype: whether bacterial or viral is learnt
    beside the verdict."""

    epochs: int
    size: int
    batch_size: int
    learning_rate: float
    weight_decay: float = 0.05
    evened: bool = False
    marks: float = 0.0
    noise: float = 0.0
    subtype: bool = False


RECIPES: dict[str, Recipe] = {
    "base_cnn": Recipe(
        epochs=32, size=160, batch_size=32, learning_rate=1.5e-3, evened=True, marks=0.5, noise=0.25, subtype=True
    ),
    "teacher": Recipe(epochs=40, size=160, batch_size=32, learning_rate=1.5e-3),
    "student": Recipe(
        epochs=128, size=160, batch_size=32, learning_rate=3e-3, evened=True, marks=0.5, noise=0.25, subtype=True
    ),
    "resnet50": Recipe(epochs=12, size=160, batch_size=32, learning_rate=2e-4, evened=True, marks=0.5, noise=0.25),
}
