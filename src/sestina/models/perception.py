"""Perception Encoder, the core model: pictures and texts in one space, by open_clip and in its format."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

from sestina.core.card import Card
from sestina.core.errors import MissingExtra
from sestina.core.frames import Picture
from sestina.core.prompting import ModelSetting
from sestina.core.registry import embedders
from sestina.core.storyboard import Storyboard
from sestina.models._pairs import F32, in_batches, silent_where_empty
from sestina.models._torch import HINT, ModelError, device_of, dtype_of, libraries, weights_of

DEFAULT = "timm/PE-Core-B-16"
CONFIG = "open_clip_config.json"


@embedders.register(
    "perception",
    card=Card(
        summary="Perception Encoder (PE-Core) through open_clip: knows what things are called.",
        source="Perception Encoder, Bolya et al. 2025", needs=("local",),
    ),
    packages=("torch", "torchvision", "transformers", "open_clip"),
)  # fmt: skip
class Perception:
    """See the module.

    Args:
        setting: `name` is a hub id or a folder in open_clip's format; device, dtype, allow_download.
        board: not looked at.

    Raises MissingExtra without open_clip; ModelError for weights that are not here or damaged.
    """

    def __init__(self, setting: ModelSetting | None = None, *, board: Storyboard | None = None) -> None:
        setting = setting or ModelSetting()
        self._torch, _ = libraries()
        if find_spec("open_clip") is None:
            raise MissingExtra("Perception Encoder needs open_clip", hint=HINT)
        import open_clip

        folder = weights_of(setting, DEFAULT, config=CONFIG)
        self._device = device_of(setting)
        self._dtype = dtype_of(setting, self._device)
        try:
            network, self._prepare = open_clip.create_model_from_pretrained(f"local-dir:{folder}", device=self._device)
            self._tokens = open_clip.get_tokenizer(f"local-dir:{folder}")
        except (OSError, ValueError, KeyError, RuntimeError, TypeError) as error:
            name = setting.name or DEFAULT
            said = " ".join(str(error).split())[:300]
            raise ModelError(f"the weights of {name!r} cannot be used: {said}", hint="is the folder whole?") from error
        self._network = network.to(self._dtype).eval()
        self.width = int(self.texts(["width"]).shape[1])

    def images(self, pictures: Sequence[Picture]) -> F32:
        """Return one row a picture, float32 [N, width], unit length."""
        return in_batches(pictures, self._images, self.width)

    def texts(self, texts: Sequence[str]) -> F32:
        """Return one row a text, float32 [N, width], unit length; zeros for a text without letters."""
        return silent_where_empty(in_batches(texts, self._texts, getattr(self, "width", 0)), texts)

    def _images(self, pictures: Sequence[Picture]) -> Any:
        from PIL import Image

        prepared = self._torch.stack([self._prepare(Image.fromarray(one.rgb)) for one in pictures])
        with self._torch.inference_mode():
            return self._network.encode_image(prepared.to(self._device, self._dtype)).float().cpu().numpy()

    def _texts(self, texts: Sequence[str]) -> Any:
        with self._torch.inference_mode():
            return self._network.encode_text(self._tokens(list(texts)).to(self._device)).float().cpu().numpy()
