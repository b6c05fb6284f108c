"""Composed scripts: what their gold claims is said, written or shown in them, and nothing gives a label away."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from sestina.core import vocabulary
from sestina.core.errors import UnknownComponent
from sestina.core.invariants import problems
from sestina.core.storyboard import Unit
from sestina.render.bed import beat_times
from sestina.render.genre import GENRES, compose
from sestina.render.genres.pace import spoken_s, surely_s
from sestina.render.genres.tale import arc, wishes
from sestina.render.parts.note import Note
from sestina.render.parts.sound import Speech
from sestina.render.render import Film, render
from sestina.render.script import Script
from sestina.render.speech import say
from sestina.render.timeline import Timeline
from sestina.render.truth.story import noted

SEEDS = range(31)


@cache
def scripts() -> tuple[Script, ...]:
    return tuple(compose(genre, seed) for genre in GENRES for seed in SEEDS)


def noted_of(script: Script, facet: str) -> list[Note]:
    return [note for note in script.notes if note.facet == facet]


def words_of(script: Script) -> str:
    """All that is said and written."""
    said = [] if script.sound is None else [line.text for line in script.sound.speech]
    return " | ".join([*said, *(overlay.text.replace("\n", " ") for overlay in script.overlays)])


def units(script: Script, facet: str) -> list[Unit]:
    return [unit for unit in noted(script, Timeline(script)) if unit.facet == facet]


def test_a_name_and_a_seed_give_one_script_and_another_seed_another() -> None:
    for genre in GENRES:
        assert compose(genre, 3) == compose(genre, 3)
        assert compose(genre, 3) != compose(genre, 4)


def test_an_unknown_genre_is_named() -> None:
    with pytest.raises(UnknownComponent, match="opera"):
        compose("opera", 0)


def test_scripts_survive_json() -> None:
    adapter = TypeAdapter(Script)
    for genre in GENRES:
        script = compose(genre, 5)
        assert adapter.validate_json(adapter.dump_json(script)) == script


def test_every_note_speaks_the_vocabulary() -> None:
    for script in scripts():
        for note in script.notes:
            known = vocabulary.facet(note.facet)
            assert note.label is None or vocabulary.is_label(note.facet, note.label), note
            assert not note.level or note.level in known.levels, note


def test_clips_are_short_and_their_overlays_fit() -> None:
    for script in scripts():
        film = Film(script)
        assert 6 <= film.timeline.duration_s <= 14.1
        assert min(script.width, script.height) == 360
        assert len(film.overlays.placed) == len(script.overlays)


def test_beats_tile_the_clip_and_each_says_what_it_is() -> None:
    for script in scripts():
        beats = units(script, "narr.beat")
        assert beats[0].span.start_s == 0
        assert beats[-1].span.end_s == Timeline(script).duration_s
        assert all(a.span.end_s == b.span.start_s and a.label != b.label for a, b in pairwise(beats))
        assert len(noted_of(script, "narr.beat.paraphrase")) == len(beats)


def test_single_facets_never_overlap() -> None:
    single = ("narr.beat", "narr.valence", "narr.shot_tension", "narr.hook.tactic.primary", "subject.location")
    for script in scripts():
        for facet in single:
            spans = [unit.span for unit in sorted(units(script, facet), key=lambda unit: unit.order)]
            assert all(a.overlap_s(b) == 0 for a, b in pairwise(spans)), facet


def test_every_beats_words_are_said_or_written() -> None:
    for script in scripts():
        words = words_of(script)
        for note in noted_of(script, "narr.beat.paraphrase"):
            assert note.text is not None
            assert all(part in words for part in re.split(r"(?<=[.?!]) ", note.text)), (note.text, words)


HOOK_WORDS = {
    "question": r"\?", "statistic": r"\d+%", "listicle_number": r"\d+ (?:tips|rules)", "how_to": r"How to",
    "curiosity_gap": r"end", "warning": r"Stop|Don't", "myth_busting": r"[Mm]yth", "price_anchor": r"\$\d+",
}  # fmt: skip


def test_a_hooks_words_hold_its_tactic() -> None:
    seen = set()
    for script in scripts():
        for note in noted_of(script, "narr.hook.tactic.primary"):
            if note.label in HOOK_WORDS:
                seen.add(note.label)
                assert re.search(HOOK_WORDS[note.label], words_of(script)), note.label
    assert seen >= {"question", "statistic", "how_to", "warning"}


def test_a_number_of_things_is_kept() -> None:
    for script in scripts():
        if any(note.label == "listicle_number" for note in noted_of(script, "narr.hook.tactic")):
            found = re.search(r"(\d+) (?:tips|rules)", words_of(script))
            assert found is not None
            steps = {o.text for o in script.overlays if o.kind in ("list_counter", "step_label")}
            assert not steps or len(steps) == int(found[1])


def test_cuts_called_on_the_beat_are() -> None:
    found = 0
    for script in scripts():
        cuts = [unit for unit in units(script, "edit.cut_function") if unit.label == "beat_cut"]
        if not cuts:
            continue
        assert script.sound is not None
        assert script.sound.music is not None
        beats = beat_times(script.sound.music, Timeline(script).duration_s)
        found += len(cuts)
        assert len(cuts) >= 4
        assert all(min(abs(beats - unit.span.start_s)) <= 0.08 for unit in cuts)
    assert found > 50


def test_leading_and_lagging_lines_cross_their_cuts() -> None:
    found = {"j_cut": 0, "l_cut": 0}
    for script in scripts()[::7]:
        lines = () if script.sound is None else script.sound.speech
        for unit in units(script, "edit.cut_function"):
            at_s = unit.span.end_s
            if unit.label == "j_cut":
                assert any(at_s - 0.6 <= line.start_s <= unit.span.start_s - 0.05 for line in lines)
            elif unit.label == "l_cut":
                before = [line for line in lines if line.start_s < at_s]
                assert before[-1].start_s + say(before[-1]).words[-1].end_s >= at_s + 0.15
            if unit.label in found:
                found[unit.label] += 1
    assert all(count > 1 for count in found.values()), found


def test_tension_follows_from_devices() -> None:
    ranks = {"release": 0, "low": 0, "medium": 1, "high": 2, "peak": 3}
    for script in scripts():
        before = 0
        for note in noted_of(script, "narr.shot_tension"):
            assert note.label is not None
            devices = note.attributes["by"]
            assert ranks[note.label] == min(3, len(devices))
            assert note.label != "release" or before > 0
            before = ranks[note.label]


def test_countdowns_and_words_of_danger_are_drawn() -> None:
    for script in scripts():
        kinds = [overlay.kind for overlay in script.overlays]
        devices = [device for note in noted_of(script, "narr.shot_tension") for device in note.attributes["by"]]
        assert kinds.count("countdown_timer") == devices.count("countdown")


def test_every_cut_has_one_primary_reason_among_its_reasons() -> None:
    for script in scripts():
        for number in range(1, len(script.shots)):
            given = [note.label for note in noted_of(script, "edit.cut_rationale") if note.join == number]
            first = [note.label for note in noted_of(script, "edit.cut_rationale.primary") if note.join == number]
            assert len(first) == 1
            assert first[0] in given


def test_punches_are_emphasis_and_jumps_take_time_out() -> None:
    why = {"punch_in": "emphasis", "punch_out": "retention_refresh", "jump_cut": "time_compression"}
    for script in scripts():
        for number, shot in enumerate(script.shots):
            if shot.begin.kind in why:
                labels = [note.label for note in noted_of(script, "edit.cut_rationale") if note.join == number]
                assert why[shot.begin.kind] in labels


def test_a_loop_is_closed_inside_the_clip_or_left_open_to_its_end() -> None:
    for script in scripts():
        end_s = Timeline(script).duration_s
        for unit in units(script, "narr.open_loop"):
            assert unit.label == "closed" or unit.span.end_s == end_s


@pytest.mark.parametrize(
    ("valences", "shape"),
    [
        ((0, 1, 0), "flat"), ((-1, 0, 1), "rise"), ((2, 1, -1), "fall"), ((-1, 1, -1), "rise_fall"),
        ((2, 0, 2), "fall_rise"), ((-2, 2, -2, 2), "oscillating"), ((1,), "flat"),
    ],
)  # fmt: skip
def test_arcs_by_hand(valences: tuple[int, ...], shape: str) -> None:
    assert arc(valences) == shape


@pytest.mark.parametrize("shape", ["rise", "fall", "rise_fall", "fall_rise", "flat", "oscillating"])
def test_what_is_wished_for_has_the_shape(shape: str) -> None:
    assert arc(wishes(shape, 5)) == shape  # type: ignore[arg-type]  # the labels of the parametrization


@pytest.mark.parametrize("natural", [True, False])
@pytest.mark.parametrize("text", ["9 of 10 testers agree.", "Stop. Never ignore brown leaves.", "Shop now."])
def test_no_voice_takes_longer_than_the_slot_or_less_than_the_least(text: str, natural: bool) -> None:
    spoken = say(Speech(text=text, start_s=0.0, words_per_min=185, natural=natural))
    assert surely_s(text) <= spoken.words[-1].end_s <= spoken_s(text)


def test_genres_share_shapes_rates_and_lengths() -> None:
    for genre in GENRES:
        made = [script for script in scripts() if script.genre == genre]
        assert len({(script.width, script.height) for script in made}) == 4
        assert len({script.rate for script in made}) >= 5
        assert len({len(script.shots) for script in made}) >= 4


@pytest.mark.slow
@pytest.mark.parametrize("genre", GENRES)
def test_a_rendered_story_keeps_the_invariants(genre: str, tmp_path: Path) -> None:
    board = render(compose(genre, 2), tmp_path / "clip.mp4")
    assert list(problems(board)) == []
    assert {"narr.beat", "narr.structure", "edit.cut_rationale.primary"} <= {unit.facet for unit in board}
