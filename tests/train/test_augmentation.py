import numpy as np
import pytest
import torch
from sklearn.metrics import roc_auc_score
from torchvision.transforms.v2 import functional as F

from cxr_models import imaging
from train import burned_in, tone
from train.augmentation import BurnedIn, RandomGamma, RandomTone, augmentation
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


def test_the_tone_of_another_image_replaces_its_own(picture):
    other = torch.rand(1, 224, 224) ** 3
    quantiles = tone.quantiles(other[None])
    changed = RandomTone(quantiles)(picture)
    assert changed.shape == picture.shape
    assert tone.quantiles(changed[None])[0] == pytest.approx(quantiles[0], abs=0.03)
    darker, lighter = picture.flatten()[:-1], picture.flatten()[1:]
    kept = (changed.flatten()[1:] - changed.flatten()[:-1]) * (lighter - darker) >= 0
    assert kept.all(), "what was lighter stays lighter"


def test_burned_in_text_is_bright_small_and_anywhere():
    torch.manual_seed(0)
    black = torch.zeros(1, 160, 160)
    written = [BurnedIn(burned_in.stamps(160))(black) for _ in range(40)]
    shares = [float((it > 0.5).float().mean()) for it in written]
    assert 0 < max(shares) < 0.05 and float(black.max()) == 0, "the image itself stays as it was"
    rows = torch.cat(written).max(0).values.max(1).values
    assert (rows > 0).float().mean() > 0.7, "at the edges and elsewhere"


def test_what_is_burned_in_is_found_and_moved(picture):
    plain = picture * 0.5
    stamp = np.ones((9, 7), np.float32)
    marked = burned_in.pasted(plain, stamp, top=8, left=200, brightness=1.0)
    found = burned_in.found(marked) & ~burned_in.found(plain)
    assert found[8:17, 200:207].mean() > 0.5
    moved = burned_in.moved(plain, marked)
    assert float(moved[0, 8:17, 200:207].min()) > 0.9
    assert float(burned_in.moved(marked, plain)[0, 8:17, 200:207].max()) < 0.7


def test_gamma_keeps_black_and_white_and_moves_the_middle():
    torch.manual_seed(0)
    picture = torch.tensor([[[0.0, 0.5, 1.0]]])
    changed = [RandomGamma(0.5)(picture).flatten().tolist() for _ in range(20)]
    assert all(low == 0 and high == 1 for low, _, high in changed)
    middles = [middle for _, middle, _ in changed]
    assert 0.5 ** (2.72**0.5) <= min(middles) < 0.5 < max(middles) <= 0.5 ** (2.72**-0.5)
