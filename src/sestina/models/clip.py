"""CLIP: pictures and texts in one space, trained by telling the true pair of a batch from the others."""

from __future__ import annotations

from sestina.core.card import Card
from sestina.core.prompting import ModelSetting
from sestina.core.registry import embedders
from sestina.core.storyboard import Storyboard
from sestina.models._pairs import Towers

DEFAULT = "openai/clip-vit-base-patch32"


@embedders.register(
    "clip",
    card=Card(
        summary="CLIP through transformers: knows what things are called.", source="CLIP, Radford et al. 2021",
        needs=("local",),
    ),
    packages=("torch", "torchvision", "transformers"),
)  # fmt: skip
class Clip(Towers):
    """See the module; `board` is not looked at."""

    def __init__(self, setting: ModelSetting | None = None, *, board: Storyboard | None = None) -> None:
        super().__init__(setting or ModelSetting(), default=DEFAULT, kinds=("clip",))
