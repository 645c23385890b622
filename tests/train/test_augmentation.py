import numpy as np
import pytest
import torch
from sklearn.metrics import roc_auc_score
from torchvision.transforms.v2 import functional as F

from cxr_models import imaging
from train.augmentation import RandomGamma, augmentation
from train.stress import aspect_trace

# torchvision announces that its JPEG coder moves to another package; the transform that uses it is not deprecated.
pytestmark = pytest.mark.filterwarnings("ignore:The image decoding and encoding capabilities:DeprecationWarning")


@pytest.fixture(scope="module")
def picture(samples) -> torch.Tensor:
    return torch.from_numpy(imaging.pixels(imaging.decode(next(iter(samples.values())))))[None]


def test_views_keep_shape_and_range_and_differ(picture):
    torch.manual_seed(0)
    views = [augmentation(96)(picture) for _ in range(30)]
    for view in views:
        assert view.shape == (1, 96, 96) and view.dtype == torch.float32
        assert 0 <= view.min() and view.max() <= 1
    assert len({float(view.mean()) for view in views}) == 30


def test_the_same_seed_gives_the_same_view(picture):
    views = []
    for _ in range(2):
        torch.manual_seed(5)
        views.append(augmentation(96)(picture))
    assert torch.equal(*views)


def test_evened_crops_take_the_proportions_away_from_the_label(picture):
    """Of two classes that differ in nothing but how the squash stretched them."""
    classes = [F.resized_crop(picture, 0, 0, height, width, [224, 224]) for height, width in ((224, 150), (150, 224))]
    traces = np.array([aspect_trace(it) for it in classes])

    def told(**options) -> float:
        torch.manual_seed(0)
        views = augmentation(96, sharpness=False, **options)
        found = [aspect_trace(views(it)) for it in classes for _ in range(60)]
        return roc_auc_score([0] * 60 + [1] * 60, found)

    assert told() > 0.8
    assert 0.38 < told(traces=traces) < 0.62


def test_a_mark_is_white_and_small():
    torch.manual_seed(0)
    black = torch.zeros(1, 224, 224)
    shares = [float((augmentation(160, marks=1.0)(black) > 0.5).float().mean()) for _ in range(30)]
    assert 0.0003 < min(shares) < 0.001 and 0.003 < max(shares) < 0.006
    assert all(float(augmentation(160)(black).max()) < 0.1 for _ in range(5))


def test_gamma_keeps_black_and_white_and_moves_the_middle():
    torch.manual_seed(0)
    picture = torch.tensor([[[0.0, 0.5, 1.0]]])
    changed = [RandomGamma(0.5)(picture).flatten().tolist() for _ in range(20)]
    assert all(low == 0 and high == 1 for low, _, high in changed)
    middles = [middle for _, middle, _ in changed]
    assert 0.5 ** (2.72**0.5) <= min(middles) < 0.5 < max(middles) <= 0.5 ** (2.72**-0.5)
