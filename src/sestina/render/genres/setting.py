"""What a clip is like before its story: shape, rate, tempo, colours, voice. Every genre draws from the same pools."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from sestina.render.genres.draw import Draw
from sestina.render.parts.stage import Look

Colour = tuple[int, int, int]
Voice = Literal["captioned", "spoken", "written"]

SIZES = ((360, 640), (360, 450), (360, 360), (640, 360))
"""9:16, 4:5, 1:1 and 16:9 with a short side of 360 pixels."""

RATES = (
    Fraction(24000, 1001), Fraction(25), Fraction(30000, 1001), Fraction(30), Fraction(50), Fraction(60),
)  # fmt: skip
TEMPOS_BPM = (84.0, 92.0, 100.0, 110.0, 120.0, 128.0)

PALETTES: tuple[tuple[Colour, Colour, Colour], ...] = (
    ((44, 50, 94), (226, 82, 66), (255, 209, 102)),
    ((24, 62, 64), (38, 132, 120), (244, 214, 140)),
    ((58, 32, 66), (176, 66, 120), (250, 204, 214)),
    ((28, 30, 46), (64, 104, 200), (150, 226, 255)),
    ((70, 44, 30), (196, 112, 52), (255, 232, 180)),
    ((30, 56, 34), (92, 150, 62), (236, 246, 170)),
)
"""Dark ground, button, accent."""


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What holds for the whole clip.

    Args:
        size: width and height, pixels.
        rate: frames a second; `vary` drops some of the frames.
        tempo_bpm: of the music; None without any.
        on_beat: every cut falls on a beat.
        voice: lines are spoken with captions, only spoken, or only written.
        ground, button, accent: colours of the packaging.
        serif: face of the text.
        look: of the sensor.
        seed: what the pictures are drawn from.
    """

    size: tuple[int, int]
    rate: Fraction
    vary: bool
    tempo_bpm: float | None
    on_beat: bool
    voice: Voice
    ground: Colour
    button: Colour
    accent: Colour
    serif: bool
    look: Look
    seed: int

    @property
    def upright(self) -> bool:
        """Whether the picture is higher than wide."""
        return self.size[1] > self.size[0]

    @property
    def step_s(self) -> float:
        """Seconds of one beat of the music, or of the grid that stands for it."""
        return 60 / (self.tempo_bpm or 110.0)


def setting(draw: Draw, voices: tuple[Voice, ...]) -> Setting:
    """Return a drawn setting whose voice is one of `voices`."""
    voice = draw.pick(voices)
    ground, button, accent = draw.pick(PALETTES)
    musical = voice == "written" or draw.chance(0.7)
    look = Look(
        noise=draw.between(0.4, 1.6), gain=draw.between(0.86, 1.08), saturation=draw.between(0.75, 1.1),
    )  # fmt: skip
    return Setting(
        size=draw.pick(SIZES), rate=draw.pick(RATES), vary=draw.chance(0.12),
        tempo_bpm=draw.pick(TEMPOS_BPM) if musical else None, on_beat=musical and draw.chance(0.5), voice=voice,
        ground=ground, button=button, accent=accent, serif=draw.chance(0.3), look=look, seed=draw.seed(),
    )  # fmt: skip
