import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from cxr_models.architectures.resnet50 import ResNet50
from train import pretrained


def folded_network() -> nn.Sequential:
    torch.manual_seed(0)
    network = nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.Conv2d(4, 3, 3), nn.BatchNorm2d(3))
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.normal_(module.weight)
            nn.init.normal_(module.bias)
    return network.eval()


def test_unfolding_keeps_the_function_and_gives_the_statistics_of_the_pictures():
    network, pixels = folded_network(), torch.rand(40, 1, 16, 16) * 3
    assert pretrained.is_folded(network)
    with torch.no_grad():
        before = network(pixels)
        pretrained.unfold(network, pixels)
        after = network.eval()(pixels)
        assert torch.allclose(before, after, atol=1e-4)
        assert not pretrained.is_folded(network)
        # Training mode uses the batch's own statistics: now that is the same function.
        assert torch.allclose(network.train()(pixels), before, atol=1e-2)


@pytest.mark.parametrize("missing", [None, "layer1.0.conv1.weight"])
def test_a_file_fills_all_but_the_last_layer_or_is_refused(tmp_path, missing):
    torch.manual_seed(1)
    donor = ResNet50().backbone.state_dict()
    donor.update(
        {"fc.weight": torch.zeros(1000, 2048), "fc.bias": torch.zeros(1000), "bn1.running_mean": torch.ones(64)}
    )
    donor.pop(missing, None)
    path = tmp_path / "weights.safetensors"
    save_file({name: t.half() if t.is_floating_point() else t for name, t in donor.items()}, path)
    network = ResNet50()
    head = network.backbone.fc.weight.clone()
    if missing:
        with pytest.raises(RuntimeError, match="Missing key"):
            pretrained.initialise(network, path, training=None)
        return
    licence = pretrained.initialise(network, path, training=None)
    assert "CC BY-NC 4.0" in licence
    assert torch.equal(network.backbone.fc.weight, head)
    assert torch.equal(network.backbone.conv1.weight, donor["conv1.weight"].half().float())
