from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest
import pytorch_grad_cam
import torch
from pytorch_grad_cam.utils.image import scale_cam_image

from cxr_models import imaging, inference, zoo
from cxr_models.paths import RESULTS
from tests.conftest import FIXTURES


@pytest.fixture(scope="module")
def pixels(samples) -> np.ndarray:
    return imaging.pixels(imaging.decode(samples["person957_bacteria_2882.jpeg"]))


every_network = pytest.mark.parametrize("name", zoo.SPECS)


METHODS = {it: getattr(pytorch_grad_cam, it) for it in zoo.HEAT_MAP_METHODS}


@every_network
@pytest.mark.parametrize("method", METHODS)
def test_a_map_is_grad_cams_own_with_nothing_frozen(name, method, pixels):
    network, picture = zoo.load(name), torch.from_numpy(pixels)[None, None]
    layer = network.get_submodule(zoo.spec(name).heat_map_layer)
    with METHODS[method](network, [layer]) as cam:
        finished = cam(picture, [lambda logit: logit])[0]  # without negative values, scaled to [0, 1]
        hooks = cam.activations_and_grads
        own = cam.get_cam_image(picture, layer, None, hooks.activations[0].numpy(), hooks.gradients[0].numpy(), False)
    expected = torch.nn.functional.interpolate(torch.from_numpy(own)[None], (224, 224), mode="bilinear")[0, 0].numpy()
    reading = inference.read(pixels, name, method=method)
    assert reading.logit == pytest.approx(float(network(picture).detach()), abs=1e-5)
    assert reading.heat_map.shape == (224, 224) and reading.side == own.shape[-1]
    assert np.abs(reading.heat_map - expected).max() <= 5e-6 * np.abs(expected).max() + 1e-9
    if own.min() >= 0:
        assert np.abs(scale_cam_image(reading.heat_map[None])[0] - finished).max() < 1e-4


@every_network
def test_score_is_the_logit_over_the_temperature(name, pixels):
    reading = inference.read(pixels, name)
    temperature = float(zoo.metadata(name)["temperature"])
    assert reading.score == pytest.approx(1 / (1 + np.exp(-reading.logit / temperature)))


@every_network
def test_the_committed_table_holds_the_same_logits(name):
    """The 224-pixel copies in the fixtures are validation pictures: their rows were written by train.score."""
    table = pd.read_csv(RESULTS / "scores.csv", keep_default_na=False).query("split == 'val'").set_index("file")
    for path in sorted(FIXTURES.glob("*_224.jpeg")):
        reading = inference.read(imaging.pixels(imaging.decode(path.read_bytes())), name)
        assert reading.logit == pytest.approx(float(table.loc[path.name.replace("_224", ""), name]), abs=2e-3)


@every_network
def test_the_network_stays_frozen_and_no_gradient_or_hook_is_left_behind(name, pixels):
    inference.read(pixels, name)
    network = inference.loaded(name)
    assert not any(p.requires_grad or p.grad is not None for p in network.parameters())
    assert not any(module._forward_hooks for module in network.modules())


def test_grad_cam_and_another_layer_can_be_asked_for(pixels):
    own, other = inference.read(pixels, "student"), inference.read(pixels, "student", method="GradCAM", layer="conv1")
    assert own.logit == pytest.approx(other.logit, abs=1e-5)
    assert other.side == 112 and (own.heat_map != other.heat_map).any()


def test_two_visitors_at_once_get_their_own_maps(samples):
    pictures = [imaging.pixels(imaging.decode(data)) for data in samples.values()]
    alone = [inference.read(picture, "student").heat_map for picture in pictures]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda picture: inference.read(picture, "student").heat_map, pictures * 4))
    for index, heat_map in enumerate(together):
        assert np.allclose(heat_map, alone[index % len(pictures)], atol=1e-6)
