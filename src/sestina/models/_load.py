"""From a setting to a network that is ready: the right kind, every weight from the file, on its device."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sestina.core.prompting import ModelSetting
from sestina.models._torch import WEIGHTS, ModelError, device_of, dtype_of, libraries, quantised, weights_of

HASHED_BYTES = 1 << 20
"""Of a weights file that is larger, as many bytes at the start and at the end are hashed."""


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """A processor and its network, and what their results depend on."""

    torch: Any
    processor: Any
    network: Any
    model_type: str
    device: str
    dtype: Any
    fingerprint: str
    version: str

    @property
    def end_ids(self) -> frozenset[int]:
        """Tokens that end a reply."""
        given = self.network.generation_config.eos_token_id
        given = self.processor.tokenizer.eos_token_id if given is None else given
        return frozenset(given if isinstance(given, list) else [given] if given is not None else [])

    @property
    def pad_id(self) -> int | None:
        """The token behind a shorter reply."""
        pad = self.processor.tokenizer.pad_token_id
        return pad if pad is not None else min(self.end_ids, default=None)

    def placed(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """Return tensors on the network's device, pictures in its number format; what is no tensor becomes one."""
        torch = self.torch
        tensors = {name: torch.as_tensor(value) for name, value in inputs.items()}
        return {
            name: one.to(self.device, self.dtype) if one.is_floating_point() and one.ndim > 1 else one.to(self.device)
            for name, one in tensors.items()
        }


def load(setting: ModelSetting) -> Loaded:
    """Return the model that a setting names. Raises MissingExtra and ModelError, each with what to do."""
    torch, transformers = libraries()
    device = device_of(setting)
    dtype = dtype_of(setting, device)
    folder = weights_of(setting)
    few = quantised(setting, device, dtype)
    config = read_config(folder, setting.name)
    known = transformers.models.auto.modeling_auto.MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING_NAMES
    if config.model_type not in known:
        hint = "name one such as facebook/Perception-LM-1B or HuggingFaceTB/SmolVLM2-500M-Video-Instruct"
        raise ModelError(f"{setting.name!r} is a {config.model_type}, not a model that looks and answers", hint=hint)
    network = network_of(transformers.AutoModelForImageTextToText, folder, setting.name, dtype=dtype, **few)
    processor = processor_of(folder, setting.name)
    return Loaded(
        torch=torch, processor=processor, network=(network if few else placed(network, device)).eval(),
        model_type=config.model_type, device=device, dtype=dtype, fingerprint=fingerprint(Path(folder)),
        version=transformers.__version__,
    )  # fmt: skip


def placed(network: Any, device: str) -> Any:
    """Return the network on a device. Raises ModelError where it does not fit."""
    try:
        return network.to(device)
    except RuntimeError as error:
        hint = "a smaller model, --device cpu, dtype bfloat16, or quantise 4bit"
        raise ModelError(f"the weights do not fit on {device}: {_line(error)}", hint=hint) from error


def read_config(folder: str, name: str) -> Any:
    """Return a checkpoint's config. Raises ModelError for one that is damaged or of an unknown architecture."""
    _, transformers = libraries()
    try:
        return transformers.AutoConfig.from_pretrained(folder, local_files_only=True)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"the config of {name!r} cannot be used: {_line(error)}", hint=_OLD) from error


def network_of(kind: Any, folder: str, name: str, **how: Any) -> Any:
    """Return the network, every weight of it from the file. Raises ModelError."""
    from safetensors import SafetensorError

    try:
        network, report = kind.from_pretrained(folder, local_files_only=True, output_loading_info=True, **how)
    except (OSError, ValueError, KeyError, RuntimeError, ImportError, SafetensorError) as error:
        raise ModelError(f"the weights of {name!r} cannot be used: {_line(error)}", hint=_OLD) from error
    # transformers would draw the missing ones at random and answer with them.
    lost = sorted([*report["missing_keys"], *(str(one) for one in report["mismatched_keys"])])
    if lost:
        raise ModelError(f"{name!r} lacks {len(lost)} weights, {lost[0]} among them", hint="fetch it again")
    return network


def processor_of(folder: str, name: str) -> Any:
    """Return the checkpoint's processor. Raises ModelError for one that is missing or needs a package."""
    _, transformers = libraries()
    try:
        processor = transformers.AutoProcessor.from_pretrained(folder, local_files_only=True)
    except (OSError, ValueError, KeyError, TypeError, ImportError, AttributeError) as error:
        raise ModelError(f"the processor of {name!r} cannot be used: {_line(error)}", hint=_OLD) from error
    if not hasattr(processor, "tokenizer"):
        raise ModelError(f"{name!r} has no processor, only a {type(processor).__name__}", hint="fetch it whole")
    return processor


_OLD = "is the folder whole, and transformers new enough for it?"


def fingerprint(folder: Path) -> str:
    """Return 16 hex digits of the config and the weights; of large files their size, start and end."""
    digest = hashlib.blake2b(digest_size=8)
    for path in sorted(folder.iterdir()):
        if path.name == "config.json" or path.suffix in WEIGHTS:
            size = path.stat().st_size
            with path.open("rb") as stream:
                digest.update(f"{path.name} {size} ".encode() + stream.read(HASHED_BYTES))
                stream.seek(max(0, size - HASHED_BYTES))
                digest.update(stream.read())
    return digest.hexdigest()


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())[:300] or type(error).__name__
