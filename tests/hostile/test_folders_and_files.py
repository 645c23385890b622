"""Hostile data folders, checkpoints and tables."""

import json
import time
from pathlib import Path

import pytest

from cxr_models import checkpoints, zoo
from cxr_models.errors import CheckpointRefused, DatasetRefused
from cxr_models.paths import ROOT
from tests.hostile.cases import file_of, name_of, of_kind, right_answers
from train import kermany


@pytest.mark.parametrize("case", of_kind("folder"), ids=name_of)
def test_a_folder_is_read_rightly_told_or_refused(case, hostile):
    right, words = right_answers(case), [word.lower() for word in case.get("must_say", [""])]
    try:
        folder = kermany.read(hostile / file_of(case))
    except DatasetRefused as refusal:
        assert "refuse" in right and any(word in str(refusal).lower() for word in words)
        return
    assert "accept" in right or "warn" in right
    if "accept" not in right or case.get("must_say"):
        assert any(word in " ".join(folder.notes).lower() for word in words) and folder.notes
    for place, classes in case.get("counts", {}).items():
        rows = folder.rows[folder.rows["folder"] == place]
        assert {name: int((rows["label"] == (name == "PNEUMONIA")).sum()) for name in classes} == classes


def test_broken_pictures_of_a_folder_are_named(hostile):
    notes = " ".join(kermany.read(hostile / "kaggle/with_broken_files").notes)
    assert "IM-0001-0001.jpeg" in notes and "person0_virus_0.jpeg" in notes


PROOF_OF_RUN = Path("/tmp/CHECKPOINT_WAS_UNPICKLED")


@pytest.mark.parametrize("case", of_kind("checkpoint"), ids=name_of)
def test_a_checkpoint_is_refused_and_nothing_in_it_runs(case, hostile):
    from cxr_models.inference import loaded

    path, network = hostile / file_of(case), loaded(zoo.COMPARED[0])
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    started = time.process_time()
    with pytest.raises(CheckpointRefused, match=r"^The checkpoint .*\.$"):
        checkpoints.load_into(network, path)
    assert time.process_time() - started <= case["max_seconds"]
    assert not PROOF_OF_RUN.exists()
    assert all(bool((tensor == before[name]).all()) for name, tensor in network.state_dict().items())


def test_the_tables_of_the_evaluation_are_these(hostile):
    """They are counted in tests/evaluation."""
    (case,) = of_kind("table")
    counted = ROOT / "tests" / "evaluation" / "evaluation_cases.json"
    assert json.loads((hostile / file_of(case)).read_text()) == json.loads(counted.read_text())
