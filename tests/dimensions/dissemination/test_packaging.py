"""Padding, active picture and loopability of pictures framed here."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from sestina.core.storyboard import Unit
from tests.dimensions.filmed import U8, drifting, flat, one, parsed, still, texture


def framed(inner: U8, width: int, height: int, colour: tuple[int, int, int] = (0, 0, 0)) -> U8:
    """Return `inner` in the middle of a screen of one colour."""
    screen = flat(colour, height, width)
    top, left = (height - inner.shape[0]) // 2, (width - inner.shape[1]) // 2
    screen[top : top + inner.shape[0], left : left + inner.shape[1]] = inner
    return screen


def padded(frames: list[U8]) -> list[Unit]:
    return parsed(frames, ["dissemination.padding"], ["borders"])


INNER = texture(180, 320)
WIDE = texture(134, 320)


@pytest.mark.parametrize(
    ("screen", "kind", "shape"),
    [
        (INNER, "none", "16:9"),
        (framed(WIDE, 320, 180), "letterbox", "2.39"),
        (framed(INNER[:, :240], 320, 180), "pillarbox", "4:3"),
        (framed(texture(120, 213), 320, 180), "windowbox", "16:9"),
        (framed(INNER, 320, 568), "letterbox", "16:9"),
        (framed(WIDE, 320, 180, (200, 40, 120)), "solid_fill", "2.39"),
        (framed(WIDE, 320, 180, (255, 255, 255)), "solid_fill", "2.39"),
    ],
)
def test_bars_of_one_colour(screen: U8, kind: str, shape: str) -> None:
    units = padded(still(screen))
    assert one(units, "diss.padding").label == kind
    assert one(units, "diss.aspect.active").label == shape


def test_the_region_is_the_picture_inside() -> None:
    region = one(padded(still(framed(INNER[:, :240], 320, 180))), "diss.padding").region
    assert region is not None
    assert region.box.x == pytest.approx(0.125, abs=0.01)
    assert region.box.w == pytest.approx(0.75, abs=0.02)


def filled(inner: U8, height: int) -> U8:
    """Return `inner` before an enlarged and blurred copy of itself, as vertical editions of wide videos have it."""
    factor = height / inner.shape[0]
    large = cv2.resize(inner, (round(inner.shape[1] * factor), height), interpolation=cv2.INTER_CUBIC)
    left = (large.shape[1] - inner.shape[1]) // 2
    screen = cv2.GaussianBlur(large[:, left : left + inner.shape[1]], (0, 0), 9)
    top = (height - inner.shape[0]) // 2
    screen[top : top + inner.shape[0]] = inner
    return np.asarray(screen, np.uint8)


def test_a_blurred_copy_behind_the_picture() -> None:
    frames = [filled(frame, 568) for frame in drifting(texture(180, 320, cell=12), 25, 3)]
    units = padded(frames)
    assert one(units, "diss.padding").label == "blurred_fill"
    assert one(units, "diss.aspect.active").label == "16:9"


def test_lettering_in_the_bars_makes_a_template() -> None:
    screen = framed(INNER, 320, 568)
    cv2.putText(screen, "WATCH THIS", (30, 110), cv2.FONT_HERSHEY_DUPLEX, 1.3, (255, 255, 255), 2)
    assert one(padded(still(screen)), "diss.padding").label == "template_frame"


def test_black_before_a_title_is_no_letterbox() -> None:
    intro = [*still(flat((0, 0, 0)), 20), *drifting(INNER, 20)]
    assert one(padded(intro), "diss.padding").label == "none"


def test_a_night_sky_is_no_bar() -> None:
    picture = INNER.copy()
    slope = np.linspace(0, 1, 60)[:, None, None]
    picture[:60] = (picture[:60] * slope**3).astype(np.uint8)
    unit = one(padded(still(picture)), "diss.padding")
    assert unit.label in ("none", None)


def test_bars_that_go_away_are_not_padding() -> None:
    frames = [*still(framed(WIDE, 320, 180), 40), *still(INNER, 20)]
    assert one(padded(frames), "diss.padding").label == "none"


def test_plain_pictures_have_no_border_to_find() -> None:
    assert one(padded(still(flat((255, 255, 255)))), "diss.padding").status == "abstain"


def loop(frames: list[U8]) -> Unit:
    return one(parsed(frames, ["dissemination.loop"], ["loop"]), "diss.loopability")


def test_a_loop_joins_and_a_journey_does_not() -> None:
    there_and_back = [*drifting(INNER, 20), *drifting(INNER, 20)[::-1]]
    assert loop(there_and_back).value == pytest.approx(1)
    away = [*still(flat((200, 30, 30)), 10), *still(texture(seed=5), 10)]
    assert (loop(away).value or 0) < 0.2


def test_the_visual_part_is_reported_by_itself_and_silence_has_no_part() -> None:
    units = parsed(drifting(INNER, 20), ["dissemination.loop"], ["loop"])
    assert {unit.facet for unit in units} == {"diss.loopability", "diss.loopability.visual"}


def test_one_frame_has_no_join() -> None:
    assert loop([INNER]).status == "abstain"
