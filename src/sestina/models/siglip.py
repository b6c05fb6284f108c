"""SigLIP and SigLIP 2: pictures and texts in one space, trained pair by pair with a sigmoid loss."""

from __future__ import annotations

from collections.abc import Sequence

from sestina.core.card import Card
from sestina.core.prompting import ModelSetting
from sestina.core.registry import embedders
from sestina.core.storyboard import Storyboard
from sestina.models._pairs import F32, Towers

DEFAULT = "google/siglip2-base-patch16-224"


@embedders.register(
    "siglip",
    card=Card(
        summary="SigLIP and SigLIP 2 through transformers: knows what things are called.",
        source="SigLIP, Zhai et al. 2023; SigLIP 2, Tschannen et al. 2025", needs=("local",),
    ),
    packages=("torch", "torchvision", "transformers"),
)  # fmt: skip
class Siglip(Towers):
    """See the module; `board` is not looked at."""

    def __init__(self, setting: ModelSetting | None = None, *, board: Storyboard | None = None) -> None:
        super().__init__(setting or ModelSetting(), default=DEFAULT, kinds=("siglip", "siglip2"))

    def texts(self, texts: Sequence[str]) -> F32:
        """Return one row a text; both were trained on small letters only."""
        return super().texts([text.lower() for text in texts])
