"""The narrative dimension by rule: readings made by hand, whose opening, beats and words are known."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sestina.core.evidence import Box, Region
from sestina.core.invariants import problems
from sestina.core.reading import Reading
from sestina.core.storyboard import ScreenText, Storyboard, Transcript, Unit, Word
from sestina.core.time import Span
from sestina.core.track import Track
from sestina.dimensions.dissemination.retention import Retention, interrupts
from sestina.dimensions.narrative._lexicon import BEATS, TACTICS, matches
from sestina.dimensions.narrative._lines import lines
from sestina.dimensions.narrative.beats import Beat, Beats, tiled
from sestina.dimensions.narrative.hook import Hook, hook_span
from sestina.dimensions.narrative.opening import Opening
from sestina.dimensions.narrative.structure import Structure, Words
from sestina.dimensions.narrative.tension import Tension, peaks, standardised
from tests.core.boards import media

Parser = Callable[[Reading], Iterator[Unit | Track]]


def text(words: str, start_s: float, end_s: float, height: float = 0.05) -> ScreenText:
    box = Region(box=Box.of(0.1, 0.1, 0.8, height))
    return ScreenText(id=f"t{start_s}", text=words, span=Span.of(start_s, end_s), region=box, confidence=0.9)


def reading(
    cuts: Sequence[float] = (), texts: Sequence[ScreenText] = (), words: Sequence[Word] = (), seconds: float = 20.0
) -> Reading:
    """Return a reading of a 25 fps video with hard cuts at `cuts`, and tracks that press harder after 12 s."""
    times = np.arange(round(seconds * 25)) / 25
    late = np.where(times > 12, 1.0, 0.1)
    tracks = {
        name: Track(name=name, unit="", times_s=times, values=values)
        for name, values in {
            "motion.speed": 0.1 * late,
            "motion.residual": 0.2 * late,
            "motion.log_scale_rate": np.zeros_like(times),
            "difference.luma": 0.05 * late,
            "luma.mean": np.where(times < 0.5, 0.0, 0.5),
        }.items()
    }
    known = Reading(media=media(seconds), tracks=tracks, transcript=Transcript(screen=tuple(texts), words=tuple(words)))
    edges = [0.0, *cuts, seconds]
    units = [
        known.unit("edit.shot", label="shot", span=Span.of(a, b), evidence=[known.frame(a)]) for a, b in pairwise(edges)
    ]
    units += [
        known.unit("edit.transition", label="hard_cut", span=Span.at(c), evidence=[known.frame_pair(c - 0.04, c)])
        for c in cuts
    ]
    return known.with_(units=tuple(units))


def run(known: Reading, *parsers: Parser) -> tuple[Reading, list[Unit]]:
    """Return the reading after the parsers ran in turn, and the units they made; the document must be valid."""
    made: list[Unit] = []
    for parser in parsers:
        for item in parser(known):
            if isinstance(item, Track):
                known.tracks[item.name] = item  # type: ignore[index]  # the pipeline shares this mapping too
            else:
                made.append(item)
        known = known.with_(units=tuple({u.id: u for u in (*known.units, *made)}.values()))
    board = Storyboard(media=known.media, items=tuple(known.units), transcript=known.transcript)
    assert problems(board) == []
    return known, made


def labels(units: Sequence[Unit], facet: str) -> list[str | None]:
    return [unit.label for unit in units if unit.facet == facet and unit.status != "abstain"]


def value(units: Sequence[Unit], facet: str) -> float | None:
    return next((unit.value for unit in units if unit.facet == facet), None)


class TestOpening:
    def test_measures_when_things_first_come(self) -> None:
        words = [Word(text="Stop", start_s=0.8, end_s=1.0), Word(text="now", start_s=4.0, end_s=4.2)]
        _, units = run(reading([2.0, 4.0], [text("3 tips", 0.4, 2.0)], words), Opening())
        assert value(units, "narr.hook.t_first_cut") == 2.0
        assert value(units, "narr.hook.t_first_text") == 0.4
        assert value(units, "narr.hook.t_first_word") == 0.8
        assert value(units, "narr.hook.words_first_3s") == 1
        assert value(units, "narr.hook.chars_on_screen_first_3s") == 5
        assert value(units, "narr.hook.shots_first_3s") == 2
        assert value(units, "narr.hook.shots_first_5s") == 3
        assert value(units, "narr.hook.luma_change_first_1s") == 0.5

    def test_what_never_comes_yields_nothing(self) -> None:
        _, units = run(reading(), Opening())
        made = {unit.facet for unit in units}
        assert "narr.hook.t_first_cut" not in made
        assert "narr.hook.t_first_text" not in made


class TestHook:
    @pytest.mark.parametrize(
        ("cuts", "texts", "end_s"),
        [
            ([2.4, 6.0], [], 2.4),  # the first join after a second
            ([0.5, 3.0], [], 3.0),  # half a second is no hook
            ([], [], 3.0),  # the usual window
            ([2.0, 4.0], [text("wait for it", 0.0, 3.5)], 4.0),  # a join that does not cut the text
            ([12.0], [text("wait for it", 0.0, 4.2)], 4.2),  # no join: to the end of the text
        ],
    )
    def test_ends_at_a_join_or_with_its_text(self, cuts: list[float], texts: list[ScreenText], end_s: float) -> None:
        assert hook_span(reading(cuts, texts)) == Span.of(0, end_s)

    def test_a_short_video_is_all_hook(self) -> None:
        assert hook_span(reading(seconds=2.0)) == Span.of(0, 2)

    def test_names_tactic_channel_and_device_with_quotes(self) -> None:
        _, units = run(reading([2.4], [text("5 mistakes you make", 0.2, 2.2, height=0.12)]), Opening(), Hook())
        assert labels(units, "narr.hook.tactic") == ["listicle_number"]
        assert labels(units, "narr.hook.tactic.primary") == ["listicle_number"]
        assert set(labels(units, "narr.hook.modality")) == {"visual", "text", "combined"}
        assert {"text_slam", "black_start"} <= set(labels(units, "narr.hook.visual_device"))

    def test_without_words_the_tactic_abstains(self) -> None:
        _, units = run(reading([2.4]), Opening(), Hook())
        tactic = next(unit for unit in units if unit.facet == "narr.hook.tactic")
        assert tactic.status == "abstain"
        assert "no words" in (tactic.reason or "")


class TestLexicon:
    @pytest.mark.parametrize(
        ("line", "tactic"),
        [
            ("5 mistakes you make", "listicle_number"),
            ("How to fold a shirt", "how_to"),
            ("STOP scrolling", "warning"),
            ("POV: it is 2015", "relatability_pov"),
            ("If you love coffee", "if_then"),
            ("Wait for it...", "curiosity_gap"),
            ("73% of people fail", "statistic"),
            ("¿Listo?", "question"),
            ("Antes y después", "contrast_before_after"),
        ],
    )
    def test_tactics(self, line: str, tactic: str) -> None:
        assert matches(TACTICS, line)[0] == tactic

    @pytest.mark.parametrize(
        ("line", "beat"),
        [
            ("3 ways to sleep better", "promise"),
            ("Step 2: stir", "development"),
            ("1. Wash", "development"),
            ("The final result", "reveal_payoff"),
            ("Sponsored by a bank", "sponsor_read"),
        ],
    )
    def test_beats(self, line: str, beat: str) -> None:
        assert matches(BEATS, line)[0] == beat

    @pytest.mark.parametrize("line", ["", "Blue", "The cat sat", "2024"])
    def test_plain_lines_propose_nothing(self, line: str) -> None:
        assert matches(TACTICS, line) == []
        assert matches(BEATS, line) == []


spans = st.tuples(st.floats(0, 20), st.floats(0, 20)).map(lambda pair: Span.of(min(pair), max(pair)))


class TestBeats:
    def test_words_and_hook_make_beats_that_tile(self) -> None:
        known = reading([2.4, 6.0, 10.0, 14.0], [text("Step 1: wash", 6.0, 9.9), text("The final result", 14.1, 18.0)])
        _, units = run(known, Opening(), Tension(), Hook(), Beats())
        beats = [(unit.label, unit.span.start_s, unit.span.end_s) for unit in units if unit.facet == "narr.beat"]
        assert beats[0] == ("hook", 0.0, 2.4)
        assert ("reveal_payoff", 14.0, 18.0) in beats
        assert "development" in [label for label, _, _ in beats]

    def test_without_any_sign_the_rest_is_low_confidence_development(self) -> None:
        _, units = run(reading([2.0, 9.0]), Opening(), Hook(), Beats())
        beats = [unit for unit in units if unit.facet == "narr.beat"]
        assert [beat.label for beat in beats] == ["hook", "development"]
        assert beats[1].confidence < 0.3

    @given(st.lists(st.tuples(spans, st.floats(0.26, 1)), max_size=8))
    def test_any_proposals_tile_the_video(self, proposed: list[tuple[Span, float]]) -> None:
        known = reading([5.0, 10.0])
        names = ("hook", "promise", "proof", "cta", "problem", "recap", "climax", "resolution")
        beats = [Beat(name, span, sure, (known.frame(0),)) for name, (span, sure) in zip(names, proposed, strict=False)]
        made = tiled(known, sorted(beats, key=lambda beat: -beat.confidence))
        assert made[0].span.start_s == 0
        assert made[-1].span.end_s == 20
        assert all(a.span.end_s == b.span.start_s for a, b in pairwise(made))


class TestTension:
    def test_rises_where_motion_and_cuts_do(self) -> None:
        known, units = run(reading([13.0, 14.0, 15.0, 16.0]), Tension())
        curve = known.track("tension.curve")
        assert curve.reduce("mean", Span.of(13, 17)) > curve.reduce("mean", Span.of(2, 10)) + 0.2
        assert all(unit.span.start_s >= 11 for unit in units if unit.facet == "narr.tension.peak")

    def test_a_still_video_has_no_peak(self) -> None:
        flat = Track(name="tension.curve", unit="", kind="sampled", times_s=np.arange(10.0), values=np.full(10, 0.5))
        assert peaks(flat) == []

    def test_peaks_keep_their_distance(self) -> None:
        values = np.array([0.1, 0.9, 0.8, 0.85, 0.1, 0.1, 0.7, 0.1])
        curve = Track(name="tension.curve", unit="", kind="sampled", times_s=np.arange(0, 4, 0.5), values=values)
        assert peaks(curve) == [(0.5, 0.9), (3.0, 0.7)]

    def test_what_never_varies_standardises_to_zero(self) -> None:
        assert standardised(np.full(5, 3.0)).tolist() == [0] * 5


class TestWords:
    def test_person_loops_and_repetition(self) -> None:
        texts = [text("Do you know what you want?", 0, 2), text("you decide", 4, 5), text("you decide", 8, 9)]
        _, units = run(reading([], texts), Words())
        assert labels(units, "narr.perspective") == ["second_person_you"]
        assert labels(units, "narr.open_loop.type") == ["question"]
        assert labels(units, "narr.repetition") == ["text"]

    def test_too_few_pronouns_abstain(self) -> None:
        _, units = run(reading([], [text("You", 0, 2)]), Words())
        assert labels(units, "narr.perspective") == []

    def test_the_form_is_read_off_the_beats(self) -> None:
        texts = [text("Do I need this?", 0, 2), text("3 ways to sleep", 5, 9), text("The final result", 12, 16)]
        _, units = run(reading([2.5, 5.0, 9.0, 12.0], texts), Opening(), Hook(), Beats(), Structure())
        assert labels(units, "narr.structure") == ["question_answer"]
        assert value(units, "narr.payoff_delay") == 7.0


class TestRetention:
    def test_interrupts_are_cuts_and_texts_close_ones_once(self) -> None:
        assert interrupts(reading([2.0, 6.0], [text("a", 2.1, 4), text("b", 9, 10)])) == [2.0, 6.0, 9.0]

    def test_density_and_longest_gap(self) -> None:
        _, units = run(reading([2.0, 6.0]), Retention())
        assert value(units, "diss.retention.interrupts_per_10s") == 1.0
        assert value(units, "diss.retention.longest_static_gap") == 14.0

    def test_devices_from_texts(self) -> None:
        _, units = run(reading([2.0], [text("Wait for it", 0, 2), text("Part 2", 5, 6)]), Retention())
        assert labels(units, "diss.retention") == ["wait_for_it_text", "part_n_series"]


class TestLines:
    def test_captions_that_follow_each_other_are_one_line(self) -> None:
        texts = [text("Anyone know what", 0, 1), text("this pocket is for?", 1.04, 2), text("I do", 2.04, 3)]
        assert [line.text for line in lines(reading([], texts))] == ["Anyone know what this pocket is for?", "I do"]

    def test_a_title_and_a_caption_stay_apart(self) -> None:
        title = text("Morning news", 0, 4)
        low = Region(box=Box.of(0.1, 0.8, 0.8, 0.05))
        caption = text("It rained", 1, 2).model_copy(update={"region": low})
        assert len(lines(reading([], [title, caption]))) == 2

    def test_speech_breaks_at_pauses_and_full_stops(self) -> None:
        words = [("Hi.", 0.0, 0.3), ("We", 0.4, 0.5), ("cook", 0.5, 0.8), ("rice", 2.0, 2.3)]
        spoken = [Word(text=t, start_s=a, end_s=b) for t, a, b in words]
        assert [line.text for line in lines(reading([], [], spoken))] == ["Hi.", "We cook", "rice"]

    def test_the_hook_lasts_until_its_sentence_ends(self) -> None:
        texts = [text("Anyone know what", 0, 1.2), text("this pocket is for?", 1.24, 2.2)]
        _, units = run(reading([8.0], texts), Opening(), Hook())
        assert next(unit.span.end_s for unit in units if unit.facet == "narr.hook") == 2.2
        assert labels(units, "narr.hook.tactic") == ["question"]
