"""Flashes: a picture that blinks so many times a second over so much of its area."""

from __future__ import annotations

import numpy as np
import pytest

from tests.dimensions.filmed import U8, flat, measured, one, parsed


def blinking(rate_hz: float, share: float = 1.0, *, dark: int = 30, light: int = 230, seconds: float = 2.0) -> list[U8]:
    """Return frames at 50 a second whose left part goes dark and light `rate_hz` times a second."""
    frames = []
    for i in range(round(seconds * 50)):
        picture = flat((30, 30, 30), 96, 192)
        bright = int(2 * rate_hz * i / 50) % 2 == 1
        picture[:, : round(share * 192)] = light if bright else dark
        frames.append(picture)
    return frames


def rate(frames: list[U8], name: str = "rate") -> float:
    return float(np.max(measured(frames, ["flash"], fps=50).tracks[f"flash.{name}"].values))


@pytest.mark.parametrize("rate_hz", [1, 2, 5, 10])
def test_the_rate_is_that_of_the_blinking(rate_hz: int) -> None:
    assert rate(blinking(rate_hz)) == pytest.approx(rate_hz, abs=0.5)


@pytest.mark.parametrize(("share", "counts"), [(0.1, False), (0.2, False), (0.35, True), (1.0, True)])
def test_only_more_than_a_quarter_of_the_picture_counts(share: float, counts: bool) -> None:
    assert (rate(blinking(8, share)) > 3) == counts


def test_small_changes_and_changes_between_bright_pictures_are_no_flashes() -> None:
    assert rate(blinking(8, dark=100, light=112)) == 0
    assert rate(blinking(8, dark=238, light=254)) == 0


def test_a_still_picture_and_one_fade_do_not_flash() -> None:
    assert rate([flat((90, 90, 90), 96, 192)] * 50) == 0
    assert rate([flat((i * 5, i * 5, i * 5), 96, 192) for i in range(50)]) <= 0.5


def test_saturated_red_counts_by_itself() -> None:
    frames = [flat((180, 0, 0) if i // 5 % 2 else (20, 0, 0), 96, 192) for i in range(100)]
    assert rate(frames, "red_rate") == pytest.approx(5, abs=0.5)
    grey = [flat((180, 180, 180) if i // 5 % 2 else (20, 20, 20), 96, 192) for i in range(100)]
    assert rate(grey, "red_rate") == 0


def test_dangerous_flashing_is_named_with_its_span() -> None:
    calm = [flat((30, 30, 30), 96, 192)] * 100
    units = parsed([*calm, *blinking(8), *calm], ["dissemination.flash"], ["flash"], fps=50)
    unit = one(units, "diss.safety.photosensitive_flash")
    assert unit.label == "general"
    assert unit.span.start_s == pytest.approx(2, abs=0.6)
    assert unit.span.end_s == pytest.approx(4.6, abs=0.7)


def test_three_flashes_a_second_are_allowed() -> None:
    assert parsed(blinking(3), ["dissemination.flash"], ["flash"], fps=50) == []
