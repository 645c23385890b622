"""Each network of the zoo, without a line of test of its own."""

import pytest
import torch
from torch import nn

from cxr_models import checkpoints, zoo
from cxr_models.errors import CheckpointRefused

LAYERS = {  # convolutions and fully connected layers that the brief asked for
    "base_cnn": (11, 5),
    "teacher": (3, 3),
    "student": (2, 3),
}
REQUIRED_METADATA = {
    "temperature", "threshold", "threshold_low", "threshold_high", "heat_map_scale",
    "recipe", "command", "seed", "data_sha256", "licence",
}  # fmt: skip
every_network = pytest.mark.parametrize("name", zoo.SPECS)


@every_network
def test_one_finite_logit_and_a_gradient_for_every_parameter(name):
    torch.manual_seed(0)
    network = zoo.build(name)
    logit = network(torch.rand(2, 1, 224, 224))
    assert logit.shape == (2,) and logit.isfinite().all()
    logit.square().sum().backward()
    assert [n for n, p in network.named_parameters() if p.grad is None or not p.grad.any()] == []


@pytest.mark.parametrize("name", LAYERS)
def test_the_brief_counts_of_layers(name):
    modules = list(zoo.build(name).modules())
    counts = tuple(sum(isinstance(module, kind) for module in modules) for kind in (nn.Conv2d, nn.Linear))
    assert counts == LAYERS[name]


def test_base_cnn_has_pooling_batch_norm_and_dropout():
    kinds = {type(module) for module in zoo.build("base_cnn").modules()}
    assert {nn.MaxPool2d, nn.BatchNorm2d, nn.Dropout} <= kinds


def test_the_student_is_small():
    assert sum(p.numel() for p in zoo.build("student").parameters()) <= 100_000


@every_network
def test_the_heat_map_s_layer_exists_and_its_method_has_a_name(name):
    zoo.build(name).get_submodule(zoo.spec(name).heat_map_layer)
    assert zoo.spec(name).heat_map_method in zoo.HEAT_MAP_METHODS


@every_network
def test_the_shipped_checkpoint_explains_itself(name):
    metadata = zoo.metadata(name)
    assert REQUIRED_METADATA <= set(metadata)
    low, value, high = (float(metadata[key]) for key in ("threshold_low", "threshold", "threshold_high"))
    assert 0 < low <= value <= high < 1
    assert float(metadata["temperature"]) > 0 and float(metadata["heat_map_scale"]) > 0
    assert ("distilled_from" in metadata) == (name == "student")
    assert checkpoints.parameters(zoo.spec(name).checkpoint) == sum(p.numel() for p in zoo.build(name).parameters())


def test_the_student_names_the_shipped_teacher():
    metadata = zoo.metadata("student")
    teacher = zoo.spec(metadata["distilled_from"]).checkpoint
    assert metadata["distilled_from_sha256"] == checkpoints.weights_sha256(teacher)


def test_an_unknown_name_is_answered_with_the_known_ones():
    with pytest.raises(KeyError, match="base_cnn, teacher, student, resnet50"):
        zoo.load("vgg16")


def test_weights_of_another_model_are_not_loaded(monkeypatch):
    import dataclasses

    wrong = dataclasses.replace(zoo.SPECS["student"], checkpoint=zoo.SPECS["teacher"].checkpoint)
    monkeypatch.setitem(zoo.SPECS, "student", wrong)
    with pytest.raises(CheckpointRefused):
        zoo.load("student")
