import struct

import pytest
import torch
from torch import nn

from cxr_models import checkpoints
from cxr_models.errors import CheckpointRefused


@pytest.fixture
def network() -> nn.Module:
    torch.manual_seed(0)
    return nn.Sequential(nn.Conv2d(1, 3, 3), nn.BatchNorm2d(3))


@pytest.fixture
def saved(network, tmp_path):
    path = tmp_path / "network.safetensors"
    checkpoints.save(path, network.state_dict(), {"seed": "7"})
    return path


def test_half_precision_weights_come_back_rounded_and_complete(network, saved):
    other = nn.Sequential(nn.Conv2d(1, 3, 3), nn.BatchNorm2d(3))
    checkpoints.load_into(other, saved)
    for name, tensor in network.state_dict().items():
        assert torch.equal(other.state_dict()[name], tensor.half().float() if tensor.is_floating_point() else tensor)
        assert other.state_dict()[name].dtype == tensor.dtype


def test_changing_metadata_keeps_the_weights_and_their_hash(network, saved):
    before = checkpoints.weights_sha256(saved)
    checkpoints.update_metadata(saved, {"temperature": "1.5"})
    assert checkpoints.metadata(saved) == {"seed": "7", "temperature": "1.5"}
    assert checkpoints.weights_sha256(saved) == before
    checkpoints.load_into(network, saved)


def test_other_weights_have_another_hash(network, saved, tmp_path):
    network[0].bias.data += 1
    other = tmp_path / "other.safetensors"
    checkpoints.save(other, network.state_dict(), {})
    assert checkpoints.weights_sha256(other) != checkpoints.weights_sha256(saved)


def test_parameters_are_counted_without_running_statistics(network, saved):
    assert checkpoints.parameters(saved) == sum(p.numel() for p in network.parameters())


@pytest.mark.parametrize(
    "content, words",
    [
        (b"", "empty"),
        (b"version https://git-lfs.github.com/spec/v1\n", "pointer"),
        (b"\x80\x04\x95 a pickle of some kind", "not a safetensors"),
        (struct.pack("<Q", 2**60) + b"{}", "not a safetensors"),
        (struct.pack("<Q", 2) + b"no", "damaged"),
    ],
)
def test_files_that_are_not_checkpoints_are_refused(tmp_path, content, words):
    path = tmp_path / "bad.safetensors"
    path.write_bytes(content)
    for use in (checkpoints.metadata, checkpoints.parameters, checkpoints.weights_sha256):
        with pytest.raises(CheckpointRefused, match=words):
            use(path)


def test_a_missing_checkpoint_is_refused(tmp_path):
    with pytest.raises(CheckpointRefused, match="missing"):
        checkpoints.metadata(tmp_path / "none.safetensors")


def test_a_cut_file_is_refused(network, saved):
    saved.write_bytes(saved.read_bytes()[:-10])
    with pytest.raises(CheckpointRefused):
        checkpoints.load_into(network, saved)


@pytest.mark.parametrize(
    "other",
    [
        nn.Sequential(nn.Conv2d(1, 3, 3)),
        nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4)),
        nn.Sequential(nn.Conv2d(1, 3, 3), nn.BatchNorm2d(3), nn.Linear(2, 2)),
    ],
    ids=["too few layers", "other shapes", "too many layers"],
)
def test_weights_of_another_network_are_refused(saved, other):
    with pytest.raises(CheckpointRefused, match="does not hold the weights"):
        checkpoints.load_into(other, saved)
