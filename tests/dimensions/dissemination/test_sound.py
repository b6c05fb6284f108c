"""Packaging of the sound: silence, its start, loudness for playing online, sudden peaks."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from sestina.core.evidence import MetadataEvidence
from sestina.core.media_info import VideoInfo
from sestina.core.reading import Reading
from sestina.core.registry import parsers
from sestina.core.storyboard import Unit
from sestina.dimensions.dissemination.sound import wanted_loudness
from sestina.pipeline.parse import parse
from sestina.pipeline.sweep import Gathered
from tests.dimensions.audible import Clip, found, gain, labels
from tests.signals.sounds import F32, info, noise, silence, sine, tune


def parsed(sound: F32) -> list[Unit]:
    return Clip(sound).parse("aesthetics.audio", "dissemination.sound")


def test_a_video_without_sound_is_silent_by_its_metadata() -> None:
    media = info(5).model_copy(update={"audio": None})
    units = parse(Gathered(media=media), [parsers.get("dissemination.sound")])
    assert [(unit.facet, unit.label) for unit in units] == [("diss.sound", "silent")]
    assert units[0].evidence == (MetadataEvidence(key="audio", value="none"),)


def test_a_sound_track_that_holds_nothing_is_silent_too() -> None:
    units = parsed(silence(4))
    assert labels(units, "diss.sound") == ["silent"]
    (start,) = found(units, "diss.silent_start", abstaining=True)
    assert start.status == "abstain"


@pytest.mark.parametrize("before_s", [0.0, 0.7, 2.5])
def test_seconds_until_the_first_sound(before_s: float) -> None:
    (start,) = found(parsed(np.concatenate([silence(before_s), noise(3, -25)])), "diss.silent_start")
    assert start.value == pytest.approx(before_s, abs=0.03)


def test_a_click_of_one_hundredth_is_no_start() -> None:
    sound = np.concatenate([silence(3), noise(2, -25)])
    sound[48_000 : 48_000 + 240] = 0.5
    (start,) = found(parsed(sound), "diss.silent_start")
    assert start.value == pytest.approx(3.0, abs=0.05)


@pytest.mark.parametrize(
    ("dbfs", "label", "signal"),
    [
        (-14.0, "true", "loudness.integrated"),
        (-30.0, "false", "loudness.integrated"),
        (-6.0, "false", "loudness.integrated"),
    ],
)
def test_loudness_for_playing_online(dbfs: float, label: str, signal: str) -> None:
    (unit,) = found(parsed(sine(997, 6, dbfs)), "diss.sound.loudness_ok")
    assert unit.label == label
    assert signal in {item.signal for item in unit.evidence if item.type == "metric"}
    assert unit.attributes["profiles"] == ["any"], "there is no picture whose shape a profile fits"


def test_the_profiles_of_the_pictures_shape_set_the_limits() -> None:
    upright = VideoInfo(
        codec="h264", pixel_format="yuv420p", width=720, height=1280, display_width=720, display_height=1280,
        frame_rate=Fraction(25), time_base=Fraction(1, 25), frame_count_from_content=25,
    )  # fmt: skip
    names, low, high = wanted_loudness(Reading(media=info(1).model_copy(update={"video": upright})))
    assert any(name.startswith("tiktok_infeed ") for name in names)
    assert -24 <= low < high <= -8


def test_music_under_everything_is_a_bed_by_inference_only() -> None:
    (bed,) = found(parsed(tune(110, 8)), "diss.sound")
    assert (bed.label, bed.status) == ("licensed_music_bed", "inferred")
    assert bed.confidence <= 0.6


def test_a_bang_in_a_quiet_programme_is_a_loud_peak() -> None:
    sound = np.concatenate([noise(10, -35), gain(noise(0.2, -35), 25), noise(10, -35)])
    (peak,) = found(parsed(sound), "diss.safety.loud_peak")
    assert peak.span.contains(10.1)
    assert found(parsed(noise(10, -20)), "diss.safety.loud_peak") == []
