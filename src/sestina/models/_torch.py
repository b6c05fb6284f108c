"""Loading torch and transformers: late, quietly, never over the network unless that was allowed."""

from __future__ import annotations

import importlib
import logging
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sestina.core.errors import MissingExtra, SestinaError
from sestina.core.prompting import ModelSetting

HINT = "pip install 'sestina[local]'"
WEIGHTS = (".safetensors", ".bin", ".pt")
DTYPES = ("float32", "bfloat16", "float16")


class ModelError(SestinaError):
    """A model's weights are not here, are not of the right kind, or do not fit this machine."""


@cache
def libraries() -> tuple[Any, Any]:
    """Return the modules torch and transformers. Raises MissingExtra, naming what is not installed."""
    for name in ("torch", "torchvision", "transformers"):
        if find_spec(name) is None:
            raise MissingExtra(f"models in this process need {name}", hint=HINT)
    import torch

    _import_torchvision(torch)
    import transformers

    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    logging.getLogger("timm").setLevel(logging.ERROR)
    return torch, transformers


def _import_torchvision(torch: Any) -> None:
    """Import torchvision, whose compiled part fits one build of torch only.

    The index's wheel is built for CUDA, and beside a CPU build of torch it stops at two operators that it cannot find.
    Nothing here uses them: declared without a body, the rest of torchvision, which is Python, loads.
    """
    try:
        importlib.import_module("torchvision")
    except RuntimeError as error:
        if "torchvision::nms" not in str(error):
            raise ModelError(f"torchvision does not load: {error}", hint=HINT) from error
        declared = torch.library.Library("torchvision", "DEF")
        for name in ("nms", "qnms"):
            declared.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        importlib.import_module("torchvision")
        _kept.append(declared)


_kept: list[Any] = []
"""Declarations last as long as this does."""


def device_of(setting: ModelSetting) -> str:
    """Return the device that is named, or the best there is. Raises ModelError for one that is not here."""
    torch, _ = libraries()
    here = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if not setting.device:
        return next(name for name, found in here.items() if found)
    if not here.get(setting.device.partition(":")[0]):
        found = ", ".join(name for name, found in here.items() if found)
        raise ModelError(f"there is no device {setting.device!r} here", hint=f"there is: {found}")
    return setting.device


def dtype_of(setting: ModelSetting, device: str) -> Any:
    """Return the number format that is named, or the usual one: bfloat16 on CUDA, float16 on MPS, float32 on CPU."""
    torch, _ = libraries()
    usual = {"cuda": "bfloat16", "mps": "float16"}.get(device.partition(":")[0], "float32")
    name = setting.dtype or usual
    if name not in DTYPES:
        raise ModelError(f"there is no number format {name!r}", hint=f"one of: {', '.join(DTYPES)}")
    return getattr(torch, name)


def weights_of(setting: ModelSetting, default: str = "", *, config: str = "config.json") -> str:
    """Return the folder of the weights: one that is named, or a hub's that is here or may be fetched.

    Raises ModelError where there is nothing local and nothing may be fetched, with what is known of size and licence.
    """
    name = setting.name or default
    if not name:
        raise ModelError("no weights are named", hint="name a hub id or a folder, such as facebook/Perception-LM-1B")
    folder = Path(name).expanduser()
    if folder.is_dir():
        if not (folder / config).is_file() or not any(one.suffix in WEIGHTS for one in folder.iterdir()):
            raise ModelError(f"{name!r} holds no weights", hint=f"a folder with {config} and *.safetensors")
        return str(folder)
    if name.startswith((".", "/", "~")) or name.count("/") > 1:
        raise ModelError(f"there is no folder {name!r}")
    return _snapshot(replace(setting, name=name))


def _snapshot(setting: ModelSetting) -> str:
    """Return the folder of a hub's model: from the cache, or fetched where that is allowed."""
    hub, errors = _hub()
    name, revision = setting.name, setting.options.get("revision")
    try:
        return str(hub.snapshot_download(name, revision=revision, local_files_only=True))
    except (errors.LocalEntryNotFoundError, errors.HFValidationError) as error:
        if not setting.allow_download:
            raise ModelError(
                f"the weights of {name!r} are not on this machine; size and licence: unknown until the hub is asked",
                hint=f"`sestina models fetch {name}` says both and asks first; --yes or allow_download fetches at once",
            ) from error
    try:
        return str(hub.snapshot_download(name, revision=revision))
    except (errors.HfHubHTTPError, errors.LocalEntryNotFoundError, errors.HFValidationError, OSError) as error:
        hint = "is the name right, and the network up?"
        raise ModelError(f"{name!r} cannot be fetched: {_line(error)}", hint=hint) from error


def _hub() -> tuple[Any, Any]:
    """Return the hub's client and its errors. Raises MissingExtra."""
    if find_spec("huggingface_hub") is None:
        raise MissingExtra("weights of the hub need huggingface_hub", hint=HINT)
    return importlib.import_module("huggingface_hub"), importlib.import_module("huggingface_hub.errors")


def hub_facts(name: str) -> Mapping[str, Any]:
    """Return what the hub says of a model, by asking it: `bytes` of its `files`, `licence`. Raises ModelError."""
    hub, errors = _hub()
    try:
        info = hub.HfApi().model_info(name, files_metadata=True, timeout=20)
    except (errors.HfHubHTTPError, errors.HFValidationError, OSError) as error:
        raise ModelError(f"the hub says nothing of {name!r}: {_line(error)}", hint="is the network up?") from error
    card = info.card_data.to_dict() if info.card_data is not None else {}
    sizes = [one.size for one in info.siblings or ()]
    return {
        "name": name, "licence": card.get("license_name") or card.get("license") or "not stated",
        "bytes": None if any(size is None for size in sizes) else sum(sizes), "files": len(sizes),
    }  # fmt: skip


def quantised(setting: ModelSetting, device: str, dtype: Any) -> dict[str, Any]:
    """Return what makes `from_pretrained` load fewer bits: bitsandbytes. Raises MissingExtra, ModelError."""
    if not setting.quantise:
        return {}
    if setting.quantise not in ("4bit", "8bit"):
        raise ModelError(f"cannot quantise to {setting.quantise!r}", hint="4bit or 8bit")
    if find_spec("bitsandbytes") is None:
        raise MissingExtra(f"{setting.quantise} needs bitsandbytes", hint="pip install bitsandbytes, or leave it out")
    _, transformers = libraries()
    bits = {"4bit": {"load_in_4bit": True, "bnb_4bit_compute_dtype": dtype}, "8bit": {"load_in_8bit": True}}
    config = transformers.BitsAndBytesConfig(**bits[setting.quantise])
    return {"quantization_config": config, "device_map": {"": device}}


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())[:300]
