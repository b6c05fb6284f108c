"""Image–text pairs: a picture tower and a text tower of transformers that end in one space."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from sestina.core.frames import Picture
from sestina.core.prompting import ModelSetting
from sestina.models._load import network_of, placed, processor_of, read_config
from sestina.models._torch import ModelError, device_of, dtype_of, libraries, weights_of

F32 = npt.NDArray[np.float32]
BATCH = 16
"""Pictures or texts that go through a tower at a time."""


class Towers:
    """Both towers of one checkpoint.

    Args:
        setting: `name`, `device`, `dtype`, `allow_download`.
        default: the checkpoint where none is named.
        kinds: architectures it may be of.

    Raises MissingExtra without torch and transformers; ModelError for weights that are not here or of another kind.
    """

    def __init__(self, setting: ModelSetting, *, default: str, kinds: Sequence[str]) -> None:
        self._torch, transformers = libraries()
        name = setting.name or default
        folder = weights_of(setting, default)
        config = read_config(folder, name)
        if config.model_type not in kinds:
            raise ModelError(f"{name!r} is a {config.model_type}, not {' or '.join(kinds)}", hint=f"such as {default}")
        self._device = device_of(setting)
        self._dtype = dtype_of(setting, self._device)
        network = network_of(transformers.AutoModel, folder, name, dtype=self._dtype)
        self._network = placed(network, self._device).eval()
        self._processor = processor_of(folder, name)
        self._longest = int(config.text_config.max_position_embeddings)
        self.width = int(self.texts(["width"]).shape[1])

    def images(self, pictures: Sequence[Picture]) -> F32:
        """Return one row a picture, float32 [N, width], unit length."""
        return in_batches(pictures, self._images, self.width)

    def texts(self, texts: Sequence[str]) -> F32:
        """Return one row a text, float32 [N, width], unit length; zeros for a text without letters."""
        rows = in_batches(texts, self._texts, getattr(self, "width", 0))
        return silent_where_empty(rows, texts)

    def _images(self, pictures: Sequence[Picture]) -> Any:
        inputs = self._processor.image_processor(images=[one.rgb for one in pictures], return_tensors="pt")
        return self._run(self._network.get_image_features, inputs)

    def _texts(self, texts: Sequence[str]) -> Any:
        # Both families were trained on texts of one length; padding to it also keeps rows free of their neighbours.
        inputs = self._processor.tokenizer(
            list(texts), padding="max_length", max_length=self._longest, truncation=True, return_tensors="pt"
        )
        return self._run(self._network.get_text_features, inputs)

    def _run(self, tower: Callable[..., Any], inputs: Any) -> Any:
        placed = {
            name: one.to(self._device, self._dtype) if one.is_floating_point() else one.to(self._device)
            for name, one in inputs.items() if name != "token_type_ids"
        }  # fmt: skip
        with self._torch.inference_mode():
            found = tower(**placed)
        # A bare tensor before transformers 5, an output that holds it since.
        return getattr(found, "pooler_output", found).float().cpu().numpy()


def in_batches(things: Sequence[Any], run: Callable[[Sequence[Any]], Any], width: int) -> F32:
    """Return what `run` makes of `BATCH` things at a time, as rows of unit length, float32 [N, width]."""
    parts = [np.asarray(run(things[at : at + BATCH]), np.float32) for at in range(0, len(things), BATCH)]
    rows = np.concatenate(parts) if parts else np.zeros((0, width), np.float32)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(lengths > 0, lengths, 1), np.float32)


def silent_where_empty(rows: F32, texts: Sequence[str]) -> F32:
    """Return the rows, zeros where the text has no letters: a tower would place even nothing somewhere."""
    said = np.array([any(letter.isalnum() for letter in text) for text in texts], np.float32)
    return np.asarray(rows * said[:, None], np.float32) if len(rows) else rows
