from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest
import torch
from pytorch_grad_cam import GradCAM

from cxr_models import imaging, inference, zoo
from cxr_models.paths import RESULTS
from tests.conftest import FIXTURES


@pytest.fixture(scope="module")
def pixels(samples) -> np.ndarray:
    return imaging.pixels(imaging.decode(samples["person957_bacteria_2882.jpeg"]))


every_network = pytest.mark.parametrize("name", zoo.SPECS)


@every_network
def test_the_map_is_grad_cams_own_with_nothing_frozen(name, pixels):
    network = zoo.load(name)
    layer = network.get_submodule(zoo.spec(name).gradcam_layer)
    picture = torch.from_numpy(pixels)[None, None]
    with GradCAM(network, [layer]) as cam:
        expected_logit = cam.activations_and_grads(picture)
        expected_logit.sum().backward()
        hooks = cam.activations_and_grads
        expected = cam.get_cam_image(picture, layer, None, hooks.activations[0].numpy(), hooks.gradients[0].numpy())
    expected = torch.nn.functional.interpolate(torch.from_numpy(expected)[None], (224, 224), mode="bilinear")[0, 0]
    reading = inference.read(pixels, name)
    assert reading.logit == pytest.approx(float(expected_logit.detach()), abs=1e-5)
    assert reading.heat_map.shape == (224, 224)
    assert np.abs(reading.heat_map - expected.numpy()).max() <= 5e-6 * np.abs(expected.numpy()).max() + 1e-9


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
def test_only_the_gradcam_layer_keeps_a_gradient_path_and_none_is_left_behind(name, pixels):
    inference.read(pixels, name)
    network = inference.loaded(name)
    own = {
        f"{zoo.spec(name).gradcam_layer}.{n}"
        for n, _ in network.get_submodule(zoo.spec(name).gradcam_layer).named_parameters()
    }
    assert {n for n, p in network.named_parameters() if p.requires_grad} == own
    assert all(p.grad is None for p in network.parameters())


def test_two_visitors_at_once_get_their_own_maps(samples):
    pictures = [imaging.pixels(imaging.decode(data)) for data in samples.values()]
    alone = [inference.read(picture, "student").heat_map for picture in pictures]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda picture: inference.read(picture, "student").heat_map, pictures * 4))
    for index, heat_map in enumerate(together):
        assert np.allclose(heat_map, alone[index % len(pictures)], atol=1e-6)
