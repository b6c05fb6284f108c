"""A decoded frame to an RGB picture that a screen can show: right matrix and range, HDR brought down to SDR."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from sestina.core.media_info import VideoInfo

U8 = npt.NDArray[np.uint8]
F32 = npt.NDArray[np.float32]

FULL, LIMITED = 2, 1
"""FFmpeg's AVColorRange."""

SWS_709, SWS_601, SWS_2020 = 1, 5, 9
"""swscale's numbers of the matrices."""

MATRICES = {1: SWS_709, 5: SWS_601, 6: SWS_601, 9: SWS_2020, 10: SWS_2020}
"""ITU-T H.273 matrix coefficients -> swscale's number."""

HD_HEIGHT = 720
"""Where a video does not name its matrix, players take BT.709 from this height on and BT.601 below."""

WHITE_NITS = 203.0
"""HDR reference white (ITU-R BT.2408): becomes the white of SDR, brighter light is compressed above it."""

BT2020_TO_709 = np.array(
    [[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]], np.float32
)
"""Linear light primaries (ITU-R BT.2087)."""

TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}


def rgb_of(frame: Any, video: VideoInfo) -> U8:
    """Return a decoded frame at display size: sRGB uint8 [H,W,3], upright, square pixels, alpha over black.

    Raises av.FFmpegError or ValueError on damage.
    """
    rgb = _tone_mapped(frame, video) if video.hdr else _plain(frame, video)
    upright = (video.display_height, video.display_width)
    stored = upright[::-1] if video.rotation_deg in (90, 270) else upright
    if rgb.shape[:2] != stored:
        shrinks = rgb.shape[0] >= stored[0] and rgb.shape[1] >= stored[1]
        rgb = cv2.resize(rgb, stored[::-1], interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)  # type: ignore[assignment]  # cv2 types all arrays alike
    turn = TURNS.get(video.rotation_deg)
    return np.ascontiguousarray(rgb if turn is None else cv2.rotate(rgb, turn), dtype=np.uint8)


def _plain(frame: Any, video: VideoInfo) -> U8:
    alpha = any(part.is_alpha for part in frame.format.components)
    pixels = np.asarray(_converted(frame, video, "rgba" if alpha else "rgb24").to_ndarray(), np.uint8)
    if not alpha:
        return pixels
    share = pixels[..., 3:].astype(np.float32) / 255
    return np.asarray(np.rint(pixels[..., :3] * share), np.uint8)


def _converted(frame: Any, video: VideoInfo, form: str) -> Any:
    if frame.format.is_rgb or frame.format.has_palette:
        return frame.reformat(format=form)
    matrix = MATRICES.get(frame.colorspace, SWS_709 if min(frame.height, frame.width) >= HD_HEIGHT else SWS_601)
    full = frame.color_range == FULL or video.full_range or frame.format.name.startswith("gray")
    return frame.reformat(
        format=form,
        src_colorspace=matrix,
        dst_colorspace=matrix,
        src_color_range=FULL if full and frame.color_range != LIMITED else LIMITED,
        dst_color_range=FULL,
    )


def _tone_mapped(frame: Any, video: VideoInfo) -> U8:
    """Decode PQ (SMPTE ST 2084) or HLG (ITU-R BT.2100) to light, change primaries, compress highlights, encode sRGB."""
    wide = _converted(frame, video, "rgb48le").to_ndarray().astype(np.float32) / 65535
    light = _pq_light(wide) if video.transfer == "smpte2084" else _hlg_light(wide)
    linear = np.maximum(light @ BT2020_TO_709.T, 0)
    linear = linear * (1 + linear / 16) / (1 + linear)  # Reinhard et al. 2002, white at 4 x reference
    linear = np.clip(linear * 1.6, 0, 1)  # mid tones back to where they were
    encoded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * np.power(linear, 1 / 2.4) - 0.055)
    return np.asarray(np.rint(encoded * 255), np.uint8)


def _pq_light(signal: F32) -> F32:
    power = np.power(signal, 1 / 78.84375)
    light = np.power(np.maximum(power - 0.8359375, 0) / (18.8515625 - 18.6875 * power), 1 / 0.1593017578125)
    return np.asarray(light * (10_000 / WHITE_NITS), np.float32)


def _hlg_light(signal: F32) -> F32:
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    scene = np.where(signal <= 0.5, signal * signal / 3, (np.exp((signal - c) / a) + b) / 12)
    luma = scene @ np.array([0.2627, 0.6780, 0.0593], np.float32)
    display = scene * np.power(np.maximum(luma, 1e-6), 0.2)[..., None]
    return np.asarray(display * (1000 / WHITE_NITS), np.float32)
