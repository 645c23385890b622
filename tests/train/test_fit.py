"""The training command on a tiny set: resumed after kill -9, and in two processes."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
import torch
from safetensors.torch import load_file

from cxr_models import checkpoints
from cxr_models.paths import ROOT
from train import splits

EPOCHS = 4
RUN = "teacher_seed_0"


@pytest.fixture(scope="module")
def table(tiny_data, tmp_path_factory):
    path = tmp_path_factory.mktemp("splits") / "splits.csv"
    rows = splits.kermany.read(tiny_data).rows
    splits.cut(rows, samples=set()).to_csv(path, index=False)
    return path


def command(tiny_data, table, folder, *extra: str, name: str = "teacher") -> list[str]:
    return [
        "-m", "train.fit", name, "--data", str(tiny_data), "--splits", str(table), "--state", str(folder),
        "--runs", str(folder),
        "--epochs", str(EPOCHS), "--batch-size", "4", "--size", "64", "--views", "2", *extra,
    ]  # fmt: skip


def run(arguments: list[str], **options) -> subprocess.Popen:
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    return subprocess.Popen([sys.executable, *arguments], cwd=ROOT, env=environment, text=True, **options)


def wait_for(path: Path) -> None:
    deadline = time.monotonic() + 300
    while not path.exists() and time.monotonic() < deadline:
        time.sleep(0.02)


def finish(process: subprocess.Popen) -> None:
    _, errors = process.communicate(timeout=600)
    assert process.returncode == 0, errors[-3000:]


@pytest.fixture(scope="module")
def whole(tiny_data, table, tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    finish(run(command(tiny_data, table, folder), stderr=subprocess.PIPE))
    return folder


def test_checkpoint_and_history(whole):
    history = pd.read_csv(whole / f"{RUN}.csv")
    assert list(history["epoch"]) == list(range(1, EPOCHS + 1))
    assert history.notna().all().all(), "so few epochs are all judged"
    assert (history["core_hours"] > 0).all()
    metadata = checkpoints.metadata(whole / f"{RUN}.safetensors")
    assert metadata["name"] == "teacher" and "epochs=4" in metadata["recipe"]
    assert metadata["precision"] == ("half" if float(metadata["rounding"]) <= 0.01 else "single")
    pictures, ill = (int(number) for number in re.findall(r"\d+", metadata["rounding_pictures"]))
    assert 0 < ill < pictures, "half precision is judged by both classes"
    chosen = (history["val_auc"] + history["stressed_auc"] + history["restyled_auc"]).idxmax()
    assert metadata["best_epoch"] == str(chosen + 1)
    assert "/" not in metadata["command"].replace("python -m", "")


def test_a_run_killed_at_any_moment_goes_on_to_the_same_result(tiny_data, table, whole, tmp_path):
    process = run(command(tiny_data, table, tmp_path), stderr=subprocess.DEVNULL)
    state = tmp_path / "teacher_seed_0.ckpt"
    wait_for(state)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert state.exists() and not (tmp_path / f"{RUN}.safetensors").exists()
    resumed = run(
        command(tiny_data, table, tmp_path, "--resume"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    output, errors = resumed.communicate(timeout=600)
    assert resumed.returncode == 0, errors[-3000:]
    assert "going on after epoch" in output
    one, other = (load_file(folder / f"{RUN}.safetensors") for folder in (whole, tmp_path))
    assert one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)
    histories = [pd.read_csv(folder / f"{RUN}.csv").drop(columns="core_hours") for folder in (whole, tmp_path)]
    pd.testing.assert_frame_equal(*histories)
    assert not state.exists()
    again = run(command(tiny_data, table, tmp_path, "--resume"), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert "trained already" in again.communicate(timeout=600)[0]
    for other in (("--limit", "8"), ("--weight-decay", "0.3"), ("--weight-decay", "0.055")):
        of_another = run(command(tiny_data, table, tmp_path, "--resume", *other), stderr=subprocess.PIPE)
        errors = of_another.communicate(timeout=600)[1]
        assert of_another.returncode == 2 and "other pictures or by another recipe" in errors


def test_the_state_of_another_run_is_not_gone_on_from(tiny_data, table, tmp_path):
    process = run(command(tiny_data, table, tmp_path), stderr=subprocess.DEVNULL)
    wait_for(tmp_path / "teacher_seed_0.ckpt")
    process.send_signal(signal.SIGKILL)
    process.wait()
    other = run(command(tiny_data, table, tmp_path, "--resume", "--weight-decay", "0.3"), stderr=subprocess.PIPE)
    _, errors = other.communicate(timeout=600)
    assert other.returncode == 2 and "another recipe" in errors and "Traceback" not in errors


def test_two_processes_train_one_network(tiny_data, table, tmp_path):
    torchrun = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    finish(run([*torchrun, *command(tiny_data, table, tmp_path)], stderr=subprocess.PIPE))
    assert len(pd.read_csv(tmp_path / f"{RUN}.csv")) == EPOCHS


def test_a_picture_that_is_another_copy_is_refused(tiny_data, table, tmp_path):
    other = tmp_path / "splits.csv"
    rows = pd.read_csv(table)
    rows.loc[rows["split"] == "train", "sha256"] = "0"
    rows.to_csv(other, index=False)
    process = run(command(tiny_data, other, tmp_path), stderr=subprocess.PIPE)
    _, errors = process.communicate(timeout=600)
    assert process.returncode == 2 and "another copy" in errors and "Traceback" not in errors
