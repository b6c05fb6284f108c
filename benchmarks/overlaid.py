"""Clips with overlays of many kinds over moving pictures, one overlay a row so that none lies on another."""

from __future__ import annotations

from typing import cast

import numpy as np

from benchmarks.ingredients import RATES, look, new_seed, pick, source, subject
from sestina.render.parts.overlay import Entry, Overlay, OverlayKind, Style
from sestina.render.parts.stage import Camera, Move, Source
from sestina.render.script import Script, Shot

SAYINGS = (
    "start with cold water", "grind it right before", "wait thirty seconds", "pour in slow circles",
    "this part matters most", "nobody talks about it", "keep the lid closed", "taste it before serving",
    "let it rest a while", "now turn the heat down", "add a pinch of salt", "fold it in gently",
)  # fmt: skip
HEADLINES = (
    "3 tricks for better coffee", "Stop wasting your mornings", "The easiest bread ever", "How I fixed my desk",
    "5 plants you cannot kill", "Why your photos look flat", "Before you buy a bike", "One pan dinner",
)  # fmt: skip
WRITTEN: dict[OverlayKind, tuple[str, ...]] = {
    "list_counter": ("1.", "#2", "No. 3", "#1", "2."),
    "chapter_marker": ("3/5", "2/3", "Part 2"),
    "step_label": ("Step 1", "Step 2", "STEP 3"),
    "price_tag": ("$19.99", "€24", "£8.50", "$5"),
    "discount": ("-30%", "50% OFF", "SAVE 20%"),
    "cta_text": ("Follow for more", "Link in bio", "Save this for later", "Subscribe now"),
    "cta_button": ("Shop now", "Learn more", "Sign up", "Download"),
    "handle": ("@slowkitchen", "@oldbikes", "@deskplants"),
    "hashtag": ("#homebarista", "#breadtok", "#planttips"),
    "url": ("www.example.com", "example.org/shop"),
    "countdown_timer": ("3", "5"),
    "lower_third": ("Head Baker\nNorth Street Bakery", "Shop Manager\nOld Town Bikes", "Botanist\nCity Gardens"),
    "logo_bug": ("", "Slow Kitchen"),
    "progress_bar": ("",),
}
"""What overlays of each kind say."""

ROWS = (0.33, 0.45, 0.57)
"""Heights for overlays between headline and captions."""

LOWER, FOOT, HEAD = 0.72, 0.87, 0.17
"""Heights of lower thirds, captions and headlines."""

TONES = ((214, 54, 70), (32, 128, 84), (38, 84, 190), (24, 24, 30), (176, 82, 16))
"""Colours of tags and buttons, dark enough for white letters."""

READABLE: tuple[Style, ...] = ("outline", "shadow", "box")


def overlaid(rng: np.random.Generator, k: int) -> Script:
    """Return clip `k`: two moving shots with captions or a headline, other overlays, sometimes an end card."""
    portrait = k % 2 == 0
    width, height = (360, 640) if portrait else (640, 360)
    cap = 0.021 if portrait else 0.034
    shots = [_shot(rng) for _ in range(2)]
    length_s = sum(shot.duration_s for shot in shots)
    overlays = [*_said(rng, k, length_s, cap), *_extras(rng, length_s, cap)]
    if rng.random() < 0.3:
        overlays += _closing(rng, length_s, cap)
        shots.append(Shot(source=Source(kind="plain", seed=new_seed(rng)), duration_s=1.6))
    return Script(
        shots=tuple(shots), width=width, height=height, rate=RATES[k % len(RATES)], overlays=tuple(overlays),
        sound=None, seed=new_seed(rng), crf=int(rng.integers(18, 26)),
    )  # fmt: skip


def _shot(rng: np.random.Generator) -> Shot:
    move = cast(Move, pick(rng, ("pan_left", "pan_right", "tilt_up", "zoom_in", "zoom_out", "truck_right")))
    camera = Camera(move=move, speed=float(rng.uniform(0.04, 0.12)), zoom=1.1, shake=0.001)
    figures = (subject(rng),) if rng.random() < 0.5 else ()
    return Shot(
        source=source(rng), duration_s=float(rng.uniform(2, 3)), camera=camera, subjects=figures, look=look(rng)
    )


def _said(rng: np.random.Generator, k: int, length_s: float, cap: float) -> list[Overlay]:
    """Return phrases one after another, words lighting up in turn, or one headline."""
    style = READABLE[int(rng.integers(3))]
    if k % 3 == 2:
        entries: tuple[Entry, ...] = ("none", "fade", "pop", "slide")
        return [
            Overlay(
                kind="headline_super", text=pick(rng, HEADLINES), start_s=0.3,
                end_s=float(rng.uniform(2.0, min(4.0, length_s))), at=(0.5, HEAD), size=cap * 1.7, style=style,
                entry=entries[int(rng.integers(4))],
            )
        ]  # fmt: skip
    kind: OverlayKind = "subtitle_phrase" if k % 3 == 0 else "subtitle_word_karaoke"
    found, now_s = [], float(rng.uniform(0.1, 0.5))
    while now_s + 1.0 < length_s:
        end_s = min(length_s, now_s + float(rng.uniform(1.0, 1.6)))
        text = pick(rng, SAYINGS)
        line = Overlay(kind=kind, text=text, start_s=now_s, end_s=end_s, at=(0.5, FOOT), size=cap * 1.15, style=style)
        found.append(line)
        now_s = end_s + float(rng.choice((0.0, 0.3)))
    return found


def _extras(rng: np.random.Generator, length_s: float, cap: float) -> list[Overlay]:
    """Return two to four overlays of other kinds, each in a place of its own."""
    kinds = [cast(OverlayKind, str(name)) for name in rng.permutation(np.array(list(WRITTEN)))]
    rows = [float(row) for row in rng.permutation(np.array(ROWS))]
    found = []
    for kind in kinds[: int(rng.integers(2, 5))]:
        if kind == "progress_bar":
            found.append(Overlay(kind=kind, start_s=0.0, end_s=length_s, at=(0.5, 0.99), size=0.012))
        elif kind == "logo_bug":
            text = pick(rng, WRITTEN[kind])
            found.append(Overlay(kind=kind, text=text, start_s=0.0, end_s=length_s, at=(0.86, 0.06), size=0.05))
        elif kind == "lower_third" or rows:
            row = LOWER if kind == "lower_third" else rows.pop()
            found.append(_extra(rng, kind, (float(rng.choice((0.3, 0.5, 0.7))), row), length_s, cap))
    return found


def _extra(
    rng: np.random.Generator, kind: OverlayKind, at: tuple[float, float], length_s: float, cap: float
) -> Overlay:
    text = pick(rng, WRITTEN[kind])
    start_s = float(rng.uniform(0.2, 1.2))
    stays_s = float(text) if kind == "countdown_timer" else float(rng.uniform(1.8, 4.0))
    boxed = kind in ("list_counter", "step_label", "chapter_marker")
    lettered = kind in ("cta_text", "handle", "hashtag", "url")
    return Overlay(
        kind=kind, text=text, start_s=start_s, end_s=min(length_s, start_s + stays_s), at=at, size=cap,
        style="box" if boxed else READABLE[int(rng.integers(3))],
        back=(14, 14, 18) if lettered else TONES[int(rng.integers(len(TONES)))],
        entry="fade" if rng.random() < 0.25 else "none",
    )  # fmt: skip


def _closing(rng: np.random.Generator, start_s: float, cap: float) -> list[Overlay]:
    end_s = start_s + 1.6
    tone = (int(rng.integers(20, 90)), int(rng.integers(20, 90)), int(rng.integers(40, 120)))
    button, handle = pick(rng, WRITTEN["cta_button"]), pick(rng, WRITTEN["handle"])
    return [
        Overlay(kind="end_card", text="Thanks for watching", start_s=start_s, end_s=end_s, at=(0.5, 0.3), back=tone,
                size=cap * 1.3),
        Overlay(kind="cta_button", text=button, start_s=start_s, end_s=end_s, at=(0.5, 0.55), back=(214, 54, 70),
                size=cap * 1.2),
        Overlay(kind="handle", text=handle, start_s=start_s, end_s=end_s, at=(0.5, 0.75), style="plain", size=cap),
    ]  # fmt: skip
