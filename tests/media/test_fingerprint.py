"""Thumbnails that open, fingerprints that survive scaling and recompression."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sestina.media.fingerprint import dhash, hamming
from sestina.media.thumbnail import jpeg

U8 = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]


def scene(seed: int) -> U8:
    """Smooth random picture, uint8 [360,640,3]."""
    coarse = np.random.default_rng(seed).integers(0, 256, (9, 16, 3)).astype(np.uint8)
    return np.asarray(cv2.resize(coarse, (640, 360), interpolation=cv2.INTER_CUBIC), np.uint8)


def opened(data: bytes) -> U8:
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR_RGB)
    assert picture is not None
    return np.asarray(picture, np.uint8)


def test_a_ramp_by_hand() -> None:
    """Brightness falls to the right everywhere: every bit is set; mirrored, none is."""
    falling = np.tile(np.arange(255, -1, -1, dtype=np.uint8), (64, 1))
    assert dhash(falling) == "f" * 16
    assert dhash(falling[:, ::-1].copy()) == "0" * 16
    assert hamming("f" * 16, "0" * 16) == 64


def test_one_frame_is_known_again_and_others_are_not() -> None:
    hashes = []
    for seed in range(30):
        picture = scene(seed)
        small = cv2.resize(picture, (200, 112), interpolation=cv2.INTER_AREA)
        again = opened(jpeg(picture, 160, 40))
        brighter = np.clip(picture.astype(int) * 0.9 + 12, 0, 255).astype(np.uint8)
        for other in (small, again, brighter):
            assert hamming(dhash(picture), dhash(np.asarray(other, np.uint8))) <= 6
        hashes.append(dhash(picture))
    apart = [hamming(a, b) for i, a in enumerate(hashes) for b in hashes[:i]]
    assert min(apart) > 10


def test_luma_and_rgb_agree() -> None:
    picture = scene(1)
    grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)
    assert hamming(dhash(picture), dhash(grey)) == 0


@given(st.integers(1, 40), st.integers(1, 40), st.booleans())
def test_any_size_has_a_hash_and_a_thumbnail(width: int, height: int, grey: bool) -> None:
    shape = (height, width) if grey else (height, width, 3)
    picture = np.random.default_rng(width * 41 + height).integers(0, 256, shape).astype(np.uint8)
    assert len(dhash(picture)) == 16
    back = opened(jpeg(picture, 20))
    assert max(back.shape[:2]) == min(20, max(width, height))


hexes = st.integers(0, (1 << 64) - 1).map(lambda value: f"{value:016x}")


@given(hexes, hexes, hexes)
def test_hamming_is_a_distance(a: str, b: str, c: str) -> None:
    assert hamming(a, a) == 0
    assert hamming(a, b) == hamming(b, a)
    assert hamming(a, c) <= hamming(a, b) + hamming(b, c)


def test_a_thumbnail_keeps_shape_and_colour() -> None:
    picture = np.full((360, 640, 3), (200, 40, 40), np.uint8)
    back = opened(jpeg(picture, 320, 90))
    assert back.shape == (180, 320, 3)
    np.testing.assert_allclose(back.mean(axis=(0, 1)), (200, 40, 40), atol=4)
    assert len(jpeg(scene(0), 320, 30)) < len(jpeg(scene(0), 320, 95))


def test_misuse_is_the_callers() -> None:
    picture = scene(0)
    for wrong in (picture.astype(np.float32), picture[..., :2], picture[:0]):
        with pytest.raises(ValueError):
            jpeg(wrong)  # type: ignore[arg-type]  # wrong on purpose
    for arguments in ((0, 80), (100, 0), (100, 101)):
        with pytest.raises(ValueError):
            jpeg(picture, *arguments)
    with pytest.raises(ValueError):
        dhash(np.zeros(5, np.uint8))
    with pytest.raises(ValueError):
        hamming("ff", "00")
