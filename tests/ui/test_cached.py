"""A checkpoint that is trained but not calibrated is a refusal, not a crash."""

from dataclasses import replace

import pytest

from cxr_models import checkpoints, zoo
from cxr_models.errors import CheckpointRefused
from ui import cached


def test_an_uncalibrated_checkpoint_names_the_command(tmp_path, monkeypatch):
    shipped = zoo.spec("student").checkpoint
    path = tmp_path / shipped.name
    path.write_bytes(shipped.read_bytes())
    monkeypatch.setitem(zoo.SPECS, "student", replace(zoo.spec("student"), checkpoint=path))
    checkpoints.update_metadata(path, {"threshold": ""})
    with pytest.raises(CheckpointRefused, match="python -m train.calibrate --data FOLDER"):
        cached.calibration("student")
