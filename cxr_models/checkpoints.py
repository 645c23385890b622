"""Checkpoints: safetensors files whose metadata explain them. Nothing here runs code out of a file, and nothing
guesses."""

import hashlib
import json
import math
import os
import struct
from pathlib import Path
from typing import TYPE_CHECKING

from safetensors import SafetensorError, safe_open

from cxr_models.errors import CheckpointRefused

if TYPE_CHECKING:
    import torch

MAX_HEADER = 100_000_000


def metadata(path: Path) -> dict[str, str]:
    """The string metadata of a checkpoint; needs no torch.

    Raises CheckpointRefused when the file is missing, empty, cut off or not a safetensors file.
    """
    _check_header(path)
    try:
        with safe_open(path, framework="numpy") as file:
            return dict(file.metadata() or {})
    except SafetensorError as error:
        raise CheckpointRefused(f"The checkpoint {path.name} is damaged and was not loaded.") from error


def calibration(path: Path, *keys: str) -> tuple[float, ...]:
    """Numbers of the metadata that train.calibrate leaves there, in the order asked for.

    Raises CheckpointRefused, also for a checkpoint that is trained but not calibrated.
    """
    known = metadata(path)
    try:
        return tuple(float(known[key]) for key in keys)
    except (KeyError, ValueError) as error:
        raise CheckpointRefused(
            f"The checkpoint {path.name} has no temperature and threshold yet. "
            "This command finds them: python -m train.calibrate --data FOLDER"
        ) from error


def load_into(network: "torch.nn.Module", path: Path) -> None:
    """Fill a network with a checkpoint's weights, every one of them and no other; half precision becomes single.

    Raises CheckpointRefused when names, shapes or the file do not fit.
    """
    from safetensors.torch import load_file

    _check_header(path)
    try:
        state = load_file(path)
        network.load_state_dict({name: tensor.to(network.state_dict()[name].dtype) for name, tensor in state.items()})
    except (SafetensorError, KeyError, RuntimeError) as error:
        raise CheckpointRefused(
            f"The checkpoint {path.name} does not hold the weights of {type(network).__name__} and was not loaded."
        ) from error


def save(path: Path, state: dict[str, "torch.Tensor"], metadata: dict[str, str], *, half: bool = True) -> None:
    """Write weights, rounded to half precision unless `half` is false, and metadata atomically."""
    import torch
    from safetensors.torch import save_file

    if half:
        state = {name: tensor.half() if tensor.dtype == torch.float32 else tensor for name, tensor in state.items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    save_file({name: tensor.contiguous() for name, tensor in state.items()}, partial, metadata)
    os.replace(partial, path)


def update_metadata(path: Path, changes: dict[str, str]) -> None:
    """Write a checkpoint again with some metadata changed and the tensors' bytes as they were."""
    header, tensors = _header(path)[0], _tensor_bytes(path)
    header["__metadata__"] = {**header.get("__metadata__", {}), **changes}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    partial = path.with_suffix(".partial")
    partial.write_bytes(struct.pack("<Q", len(text)) + text + tensors)
    os.replace(partial, path)


def weights_sha256(path: Path) -> str:
    """Hexadecimal hash of the tensors' bytes alone, so that calibrating a checkpoint does not make it another one."""
    return hashlib.sha256(_tensor_bytes(path)).hexdigest()


def parameters(path: Path) -> int:
    """Number of trained parameters: all values in the file but the batch norms' running statistics. Needs no torch."""
    return sum(
        math.prod(entry["shape"])
        for name, entry in _header(path)[0].items()
        if name != "__metadata__" and not name.endswith(("running_mean", "running_var", "num_batches_tracked"))
    )


def _header(path: Path) -> tuple[dict, int]:
    """What the file says of itself, and where its tensors' bytes begin."""
    _check_header(path)
    with path.open("rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        try:
            return json.loads(file.read(length)), 8 + length
        except ValueError as error:
            raise CheckpointRefused(f"The checkpoint {path.name} is damaged and was not loaded.") from error


def _tensor_bytes(path: Path) -> bytes:
    return path.read_bytes()[_header(path)[1] :]


def _check_header(path: Path) -> None:
    """Look at the first eight bytes before a library asks for the memory they declare."""
    if not path.is_file():
        raise CheckpointRefused(f"The checkpoint {path.name} is missing. Train it, or restore it from the repository.")
    size = path.stat().st_size
    with path.open("rb") as file:
        start = file.read(8)
    if size == 0:
        raise CheckpointRefused(f"The checkpoint {path.name} is empty.")
    if start.startswith(b"version "):
        raise CheckpointRefused(f"The checkpoint {path.name} is only a pointer; its content was not downloaded.")
    if len(start) < 8 or struct.unpack("<Q", start)[0] > min(size - 8, MAX_HEADER):
        raise CheckpointRefused(f"The checkpoint {path.name} is not a safetensors file, or it is cut off.")
