"""Sound at its time: start, gaps, overlaps, channels and rates."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from sestina.core.frames import AudioBlock
from sestina.media.decode import audio_blocks
from sestina.media.probe import probe
from sestina.media.timeline import Problems
from tests.media import make


def heard(path: Path, rate_hz: int = 48_000, channels: int = 2, block_s: float = 1.0) -> list[AudioBlock]:
    return list(audio_blocks(path, probe(path), rate_hz=rate_hz, channels=channels, block_s=block_s))


def joined(blocks: list[AudioBlock]) -> make.F32:
    return np.concatenate([block.samples for block in blocks], axis=1)


def pitch(samples: make.F32, rate_hz: int) -> float:
    """Strongest frequency of one channel, Hz."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum) * rate_hz / len(samples))


def test_pcm_comes_back_exactly(tmp_path: Path) -> None:
    sound = make.tone(2.5)
    blocks = heard(make.wave(tmp_path / "a.wav", sound))
    assert [b.start_s for b in blocks] == [0.0, 1.0, 2.0]
    assert [b.samples.shape for b in blocks] == [(2, 48_000), (2, 48_000), (2, 24_000)]
    assert all(b.samples.dtype == np.float32 and b.samples.flags.c_contiguous for b in blocks)
    np.testing.assert_allclose(joined(blocks), sound, atol=1 / 16_000)


@pytest.mark.parametrize("block_s", [0.01, 0.3, 1.0, 60.0])
def test_blocks_cut_but_do_not_change(tmp_path: Path, block_s: float) -> None:
    path = make.wave(tmp_path / "a.wav", make.tone(1.25, 44_100), 44_100)
    blocks = heard(path, block_s=block_s)
    assert np.array_equal(joined(blocks), joined(heard(path)))
    assert all(b.samples.shape[1] == round(block_s * 48_000) for b in blocks[:-1])
    at = 0
    for block in blocks:
        assert block.start_s == pytest.approx(at / 48_000, abs=1e-6)
        at += block.samples.shape[1]


@pytest.mark.parametrize("source_hz", [8000, 11_025, 16_000, 44_100, 96_000])
def test_resampling_keeps_length_pitch_and_level(tmp_path: Path, source_hz: int) -> None:
    samples = joined(heard(make.wave(tmp_path / "a.wav", make.tone(2.0, source_hz), source_hz)))
    assert samples.shape[1] == pytest.approx(96_000, abs=3)
    assert pitch(samples[0], 48_000) == pytest.approx(440, abs=1)
    assert np.abs(samples[:, 4800:-4800]).max() == pytest.approx(0.5, abs=0.01)


def test_resampling_keeps_time(tmp_path: Path) -> None:
    """A click at 1 s in the file is a click at 1 s in the blocks."""
    sound = np.zeros((1, 88_200), np.float32)
    sound[0, 44_100] = 1
    samples = joined(heard(make.wave(tmp_path / "click.wav", sound, 44_100)))
    assert abs(int(np.argmax(np.abs(samples[0]))) - 48_000) <= 1


def test_mono_becomes_two_equal_channels_of_the_same_level(tmp_path: Path) -> None:
    path = make.wave(tmp_path / "mono.wav", make.tone(0.5, channels=1))
    samples = joined(heard(path))
    assert samples.shape == (2, 24_000)
    assert np.array_equal(samples[0], samples[1])
    assert np.abs(samples).max() == pytest.approx(0.5, abs=0.01)
    assert joined(heard(path, channels=1)).shape == (1, 24_000)


def test_stereo_becomes_the_mean_in_mono(tmp_path: Path) -> None:
    sound = make.tone(0.5)
    sound[1] = 0
    samples = joined(heard(make.wave(tmp_path / "left.wav", sound), channels=1))
    assert np.abs(samples).max() == pytest.approx(0.25, abs=0.01)


def test_five_one_is_mixed_down(tmp_path: Path) -> None:
    """Centre goes to both sides at -3 dB (ITU-R BS.775)."""
    sound = np.zeros((6, 48_000), np.float32)
    sound[2] = make.tone(1.0)[0]
    path = make.video(tmp_path / "six.mkv", [], sound=sound, sound_codec="flac", sound_only=True)
    info = probe(path)
    assert info.audio is not None
    assert (info.audio.channels, info.audio.layout) == (6, "5.1")
    samples = joined(heard(path))
    assert samples.shape[0] == 2
    np.testing.assert_allclose(np.abs(samples).max(axis=1), 0.5 * 0.7071, atol=0.01)


@pytest.mark.parametrize("count", [3, 5, 8, 9, 16])
def test_any_number_of_channels_is_heard(tmp_path: Path, count: int) -> None:
    blocks = heard(make.wave(tmp_path / "many.wav", make.tone(0.5, channels=count)))
    assert joined(blocks).shape == (2, 24_000)
    assert np.abs(joined(blocks)).max() > 0.4


def test_aac_in_mp4_starts_at_zero_without_priming(tmp_path: Path) -> None:
    """The encoder's 1024 samples of run-in are cut by the edit list: a click stays where it was."""
    sound = np.zeros((2, 48_000), np.float32)
    sound[:, 24_000:24_020] = 0.9
    path = make.video(tmp_path / "a.mp4", make.numbered(25), sound=sound)
    blocks = heard(path)
    assert blocks[0].start_s == 0
    assert abs(int(np.argmax(np.abs(joined(blocks)[0]))) - 24_010) < 30


def test_a_delayed_start(tmp_path: Path) -> None:
    path = tmp_path / "late.mkv"
    make.video(path, make.numbered(25), sound=make.tone(0.5), sound_codec="flac", sound_pts=12_000)
    blocks = heard(path)
    assert blocks[0].start_s == pytest.approx(0.25, abs=0.001)
    assert joined(blocks).shape[1] == pytest.approx(24_000, abs=100)


def with_pts(path: Path, starts: list[int], size: int = 4800, codec: str = "pcm_s16le") -> Path:
    """Write runs of `size` loud samples beginning at the given sample positions (48 kHz)."""
    with av.open(str(path), "w") as out:
        stream: Any = out.add_stream(codec, rate=48_000, layout="mono")
        for start in starts:
            run = np.full((1, size), 16_000, np.int16)
            frame = av.AudioFrame.from_ndarray(run, format="s16", layout="mono")
            frame.sample_rate, frame.pts = 48_000, start
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path


def loud(samples: make.F32) -> list[tuple[int, int]]:
    """Runs of loud samples as (start, end)."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], (np.abs(samples[0]) > 0.2).astype(int), [0]))))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def test_gaps_are_filled_with_silence(tmp_path: Path) -> None:
    path = with_pts(tmp_path / "gap.mkv", [0, 4800, 48_000, 52_800])
    problems = Problems()
    blocks = list(audio_blocks(path, probe(path), channels=1, problems=problems))
    assert loud(joined(blocks)) == [(0, 9600), (48_000, 57_600)]
    assert problems.lines() == ("gap in the sound, filled with silence (at 0.20 s)",)


def test_gaps_stay_at_their_time_after_resampling(tmp_path: Path) -> None:
    path = with_pts(tmp_path / "gap.mkv", [0, 96_000, 192_000])
    found = loud(joined(list(audio_blocks(path, probe(path), channels=1, rate_hz=16_000))))
    assert [start for start, _ in found] == pytest.approx([0, 32_000, 64_000], abs=3)


def test_eight_channels_packed_and_planar(tmp_path: Path) -> None:
    """AAC decodes 7.1 to a plane a channel, of which PyAV can count no eight."""
    sound = make.tone(0.3, channels=8)
    path = make.video(tmp_path / "eight.mkv", [], sound=sound, sound_codec="pcm_s16le", sound_only=True)
    planar = tmp_path / "planar.mp4"
    make.video(planar, [], sound=sound, sound_codec="aac", sound_only=True)
    for file in (path, planar):
        assert joined(heard(file)).shape[0] == 2


def test_overlaps_are_cut(tmp_path: Path) -> None:
    path = with_pts(tmp_path / "over.mkv", [0, 2400, 9600])
    samples = joined(list(audio_blocks(path, probe(path), channels=1)))
    assert loud(samples) == [(0, 7200), (9600, 14_400)]


def test_small_disagreements_are_rounding(tmp_path: Path) -> None:
    path = with_pts(tmp_path / "jitter.mkv", [0, 4810, 9590, 14_400])
    problems = Problems()
    blocks = list(audio_blocks(path, probe(path), channels=1, problems=problems))
    assert joined(blocks).shape[1] == 4 * 4800
    assert problems.lines() == ()


def test_misuse_is_the_callers(tmp_path: Path) -> None:
    silent = make.video(tmp_path / "silent.mp4", make.numbered(2))
    with pytest.raises(ValueError, match="no sound"):
        next(audio_blocks(silent, probe(silent)))
    path = make.wave(tmp_path / "a.wav", make.tone(0.1))
    wrongs: list[dict[str, Any]] = [{"channels": 3}, {"rate_hz": 0}, {"block_s": 0.0}]
    for wrong in wrongs:
        with pytest.raises(ValueError, match="cannot give"):
            next(audio_blocks(path, probe(path), **wrong))
