"""The vocabulary is complete, sound, quick to read, and open to a user's own facets."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sestina.core import vocabulary
from sestina.core.errors import DocumentError, DuplicateComponent, UnknownComponent
from sestina.core.facet import Facet
from sestina.core.vocabulary import Vocabulary, load_definition

# Every facet of the six dimensions, section by section, written down apart from the data. `a{b,c}` is a.b and a.c.
FACETS = {
    "subject": """kind kind.primary count count.max entity entity.name role address view action action.text
        motion_energy emotion emotion.{intensity,channel} location time_of_day speech_mode sound_source product
        product.{category,state} brand brand.{mode,first_seen} costume_props saliency_track language
        language.{speech,text} utterance speech_rate pause_ratio filler_rate""",
    "aes": """light.{key,brightness,brightness.bright_dark,contrast,exposure,quality,direction,effect,source}
        color.{temperature,tint,saturation,dominant,palette,palette.swatch,palette.l,palette.a,palette.b}
        color.{scheme,grade,continuity,continuity.histogram_emd}
        comp.{pattern,balance,headroom,leadroom,clutter} layout focus.{dof,state} texture medium production
        style_reference audio.{dominant,loudness,tempo,intensity,music_mood,genre,quality,accent}
        audio.loudness.{integrated,range,true_peak,onset_jump} audio.tempo.{confidence,beat}
        tech.{resolution,fps,vfr_ratio,duplicate_ratio,bitrate,blur,noise,blockiness,interlace}
        tech.{black,freeze,silence,av_offset,rotation,transfer}""",
    "camera": """scale scale.{from,to} framing pitch roll altitude lens movement movement.{modifier,frame} steadiness
        speed motion_blur support intent scene_dynamics""",
    "edit": """shot transition transition.{duration,colour} cut_function cut_rationale cut_rationale.primary pacing
        pacing.{shots,mean_shot_length,median_shot_length,sd_shot_length,min_shot_length,max_shot_length}
        pacing.{cuts_per_10s,first_cut_at,share_under_1s} pacing_class
        pacing_class.{quick_5in5,dynamic_start_lt3s} rhythm beat_sync beat_sync.{mean_offset,null_p} speed effect
        audio macro broll_ratio shot_reuse unique_setups continuity_break""",
    "narr": """beat beat.paraphrase hook hook.{modality,tactic,tactic.primary,visual_device}
        hook.{t_first_cut,t_first_text,t_first_word,t_first_face,t_first_face_closeup,t_first_motion_peak}
        hook.{t_first_sound_onset,t_first_product,t_first_brand,words_first_3s,chars_on_screen_first_3s}
        hook.{shots_first_3s,shots_first_5s,motion_first_3s,luma_change_first_1s,loudness_first_1s,hook_end}
        open_loop open_loop.{opened_at,quote,closed_at,type} format format.secondary structure tension
        tension.{peak,semantic} shot_tension valence emotion_arc tone perspective persuasion mechanic awareness
        repetition callback topic claim payoff_delay""",
    "diss": """aspect aspect.{storage,active} padding duration_class resolution resolution.{width,height} fps bitrate
        codec hdr file_size loopability loopability.{visual,audio} silent_start sound_off_score
        overlay overlay.{text,kind,position,box,animation,style,font_case,line_count,colour,bg_colour,rotation}
        overlay.{language,script_direction,emoji_count} readability
        readability.{issues,cap_height,contrast,chars_per_s,line_chars,sync_offset} safe_area
        safe_area.{share_covered,profile} cta
        cta.{target,modality,first_at,count,final_10pct,incentive,urgency} brand
        brand.{first_visual,first_text,first_speech,total_on_screen_s,share_of_time,mean_area,mentions}
        brand.{in_first_5s,in_last_5s,packshot_at} retention
        retention.{interrupts_per_10s,longest_static_gap,novelty_curve} sound sound.loudness_ok
        cover cover.{sharpness,exposure,face_size,eyes_open,emotion,text_readability,saliency,brand,uniqueness}
        cover.{in_video,in_video.similarity,text_matches_hook} platform platform_fit
        safety.{photosensitive_flash,loud_peak,pii_visible,third_party_watermark,disclosure}
        safety.minor_present_unverified
        context.{title,description,hashtags,cover,posted_at,sound_id,author,comments}
        context.metrics.{impressions,plays_2s,plays_3s,plays_6s,thruplay_15s,completes,avg_watch,likes}
        context.metrics.{comments,shares,saves,clicks,conversions}
        context.{hook_rate,hold_rate,completion,ctr,retention_curve}""",
}

# Number of labels of the large facets, counted on the page that defines them.
LABEL_COUNTS = {
    "subject.kind": 20, "subject.action": 31, "subject.emotion": 12, "aes.comp.pattern": 18, "aes.layout": 14,
    "camera.scale": 10, "camera.framing": 18, "edit.transition": 49, "edit.cut_function": 24,
    "edit.cut_rationale": 14, "narr.beat": 21, "narr.hook.tactic": 39, "narr.hook.visual_device": 16,
    "narr.format": 45, "diss.overlay.kind": 58, "diss.readability.issues": 13, "diss.cta.target": 18,
    "diss.retention": 15, "diss.platform": 16,
}  # fmt: skip


def written(prefix: str) -> set[str]:
    """Spell out one section of FACETS."""
    ids = set()
    for word in FACETS[prefix].split():
        stem, _, inside = word.rstrip("}").partition("{")
        ids |= {f"{prefix}.{stem}{part}" for part in inside.split(",")}
    return ids


EVERY = vocabulary.facets()


@pytest.mark.parametrize("prefix", FACETS)
def test_every_facet_of_the_design_is_in_the_data(prefix: str) -> None:
    dimension = vocabulary.PREFIXES[prefix]
    assert {facet.id for facet in vocabulary.facets(dimension)} == written(prefix)


@pytest.mark.parametrize(("facet_id", "count"), LABEL_COUNTS.items())
def test_label_counts_of_the_large_facets(facet_id: str, count: int) -> None:
    assert len(vocabulary.facet(facet_id).labels) == count


def test_ids_are_unique_and_match_their_dimension() -> None:
    assert len({facet.id for facet in EVERY}) == len(EVERY)
    for facet in EVERY:
        assert vocabulary.PREFIXES[facet.id.split(".")[0]] == facet.dimension


@pytest.mark.parametrize("facet", EVERY, ids=lambda facet: facet.id)
def test_each_facet_is_fit_for_use(facet: Facet) -> None:
    assert facet.evidence.endswith(".")
    assert len(facet.evidence.split()) >= 2
    assert facet.source
    assert facet.tau_s > 0
    assert all(isinstance(number, float) for number in facet.thresholds.values())
    assert all(name == name.lower() and " " not in name for name in facet.thresholds)
    assert all(text.endswith(".") for text in facet.label_evidence.values())
    if facet.type == "ord":
        assert len(facet.ranks) >= 2
    if facet.type == "num":
        assert facet.scale
        assert facet.unit


def test_parts_stand_below_a_facet_and_share_its_dimension() -> None:
    ids = {facet.id for facet in EVERY}
    plain_groups = {"aes.light", "aes.color", "aes.comp", "aes.focus", "aes.audio", "aes.tech", "diss.safety",
                    "diss.context", "diss.context.metrics"}  # fmt: skip
    for facet in EVERY:
        above = facet.id.rpartition(".")[0]
        assert above in ids | plain_groups | set(FACETS)


def test_what_tiles_and_what_only_heads_parts() -> None:
    assert [facet.id for facet in EVERY if facet.tiles] == ["edit.shot", "narr.beat"]
    headings = [facet for facet in EVERY if facet.heading]
    assert [facet.id for facet in headings] == [
        "subject.language", "aes.audio.loudness", "edit.pacing", "diss.brand",
    ]  # fmt: skip
    assert all(vocabulary.load().parts(facet.id) for facet in headings)


def test_the_shot_scales_have_ranks_and_others_have_none() -> None:
    scales = ["ELS", "LS", "MLS", "MS", "MCU", "CU", "ECU"]
    assert [vocabulary.rank("camera.scale", label) for label in scales] == [0, 1, 2, 3, 4, 5, 6]
    assert vocabulary.rank("camera.scale", "insert") is None
    assert vocabulary.is_label("camera.scale", "insert")
    assert vocabulary.rank("camera.framing", "group") is None


def test_a_child_implies_its_parents() -> None:
    assert vocabulary.parent("camera.movement", "dolly_in") == "inward"
    assert vocabulary.parent("camera.movement", "inward") is None
    assert vocabulary.ancestors("subject.location", "home.kitchen") == ("home", "interior")
    assert vocabulary.facet("edit.transition").children("dissolve") == (
        "cross_dissolve", "additive_dissolve", "morph",
    )  # fmt: skip
    assert vocabulary.facet("subject.location").depth("home.kitchen") == 3


def test_push_is_a_transition_of_its_own_and_a_parent() -> None:
    transition = vocabulary.facet("edit.transition")
    assert transition.is_label("push")
    assert transition.children("push") == ("slide", "cover", "scroll")


def test_trees_have_no_cycle_and_list_parents_first() -> None:
    for facet in EVERY:
        for child, above in facet.parents.items():
            assert facet.labels.index(above) < facet.labels.index(child)


def test_bool_facets_say_false_or_true() -> None:
    assert vocabulary.facet("camera.motion_blur").labels == ("false", "true")


def test_thresholds_of_the_design() -> None:
    expected = {
        ("camera.scale", "mls_cut_min"): 3.2, ("camera.movement", "static_speed_max_fw_per_frame"): 0.003,
        ("camera.steadiness", "very_shaky_min_pct"): 1.2, ("edit.cut_function", "l_cut_lag_min_s"): 0.25,
        ("edit.transition", "punch_in_scale_min"): 1.08, ("aes.light.key", "high_key_p50_min"): 0.6,
        ("subject.motion_energy", "high_min_fw_s"): 0.15, ("narr.beat", "climax_tail_share"): 0.6,
        ("diss.readability.issues", "latin_chars_per_s_max"): 17, ("edit.rhythm", "shots_min"): 6,
    }  # fmt: skip
    for (facet_id, name), value in expected.items():
        assert vocabulary.threshold(facet_id, name) == value
    with pytest.raises(UnknownComponent, match="mls_cut_max"):
        vocabulary.threshold("camera.scale", "mls_cut_max")


def test_aliases_lead_to_labels() -> None:
    scale = vocabulary.facet("camera.scale")
    assert scale.canonical("head_shot") == "CU"
    assert scale.canonical("CU") == "CU"
    with pytest.raises(UnknownComponent):
        scale.canonical("toe_shot")


def test_the_valid_range_of_a_number_includes_its_ends() -> None:
    share = vocabulary.facet("edit.broll_ratio")
    assert [share.in_range(value) for value in (-0.1, 0, 0.5, 1, 1.1)] == [False, True, True, True, False]
    assert vocabulary.facet("edit.pacing.mean_shot_length").in_range(1e9)  # open above
    assert vocabulary.facet("camera.scale").in_range(-1)  # declares none


def test_source_per_label() -> None:
    transition = vocabulary.facet("edit.transition")
    assert transition.source_of("hard_cut") == "S"
    assert transition.source_of("morph") == "V"


def test_all_ten_cut_types_of_moviecuts_are_mapped() -> None:
    assert len(vocabulary.facet("edit.cut_function").mappings["MovieCuts"]) == 10
    assert vocabulary.facet("camera.scale").mappings["MovieShots"]["CS"] == ("MCU", "CU")


@pytest.mark.parametrize(
    ("wrong", "near"), [("camera.movment", "camera.movement"), ("edit.transitions", "edit.transition")]
)
def test_an_unknown_facet_is_told_its_nearest_names(wrong: str, near: str) -> None:
    with pytest.raises(UnknownComponent, match=wrong) as caught:
        vocabulary.facet(wrong)
    assert near in caught.value.hint
    assert caught.value.hint.count(",") == 2


def test_an_unknown_label_or_dimension_is_told_its_nearest_names() -> None:
    with pytest.raises(UnknownComponent) as caught:
        vocabulary.ancestors("camera.movement", "pan_lefft")
    assert "pan_left" in caught.value.hint
    with pytest.raises(UnknownComponent, match="sound"):
        vocabulary.facets("sound")


def test_facets_are_frozen_hashable_and_survive_pickling() -> None:
    facet = vocabulary.facet("camera.scale")
    with pytest.raises(ValueError):
        facet.type = "nom"  # type: ignore[misc]  # the point of the test
    assert len({facet, facet}) == 1
    assert pickle.loads(pickle.dumps(facet)) == facet


def test_a_vocabulary_does_not_take_one_id_twice() -> None:
    facet = vocabulary.facet("camera.scale")
    with pytest.raises(DuplicateComponent, match=r"camera\.scale"):
        Vocabulary([facet, facet], version="1.0")
    assert "camera.scale" in Vocabulary([facet], version="1.0")


def test_version_is_one_for_all_files() -> None:
    assert vocabulary.version() == vocabulary.load().version == "1.0"
    assert repr(vocabulary.load()) == f"Vocabulary(version='1.0', facets={len(EVERY)})"


# --- speed -----------------------------------------------------------------------------------------------------


def test_importing_reads_no_file_and_one_facet_reads_one() -> None:
    code = (
        "import sys; from sestina.core import vocabulary as v; assert 'yaml' not in sys.modules; "
        "v.facet('camera.scale'); print(v._read.cache_info().currsize)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "1"


def test_reading_everything_is_quick() -> None:
    """About 30 ms of CPU on one slow core; the limit leaves room for a busy machine."""
    spent = []
    for _ in range(3):
        for cached in (vocabulary._builtin, vocabulary._by_id, vocabulary._read, vocabulary._document):
            cached.cache_clear()
        start = time.process_time()
        vocabulary.load()
        spent.append(time.process_time() - start)
    assert min(spent) < 0.3


# --- a user's own facets ---------------------------------------------------------------------------------------

MASCOT = {
    "id": "diss.mascot",
    "level": "event",
    "description": "What our mascot does.",
    "type": "nom",
    "labels": ["waves", "jumps", "sleeps"],
    "source": "V",
    "prompt": "What does the fox do?",
    "evidence": "The fox is seen, and the frames in which it moves are cited.",
}


def definition(folder: Path, **changes: object) -> Path:
    """Write MASCOT with some fields changed (None removes one) and return the file."""
    body = {key: value for key, value in {**MASCOT, **changes}.items() if value is not None}
    path = folder / "mascot.yaml"
    path.write_text(json.dumps(body), encoding="utf-8")
    return path


def test_a_definition_file_becomes_a_facet(tmp_path: Path) -> None:
    facet = load_definition(definition(tmp_path))
    assert (facet.id, facet.dimension, facet.levels) == ("diss.mascot", "dissemination", ("event",))
    assert facet.is_label("waves")
    assert facet.prompt == "What does the fox do?"


def test_a_definition_may_nest_its_labels(tmp_path: Path) -> None:
    tree = {"awake": {"moving": ["waves", "jumps"], "still": None}, "asleep": []}
    facet = load_definition(definition(tmp_path, type="tree", labels=tree))
    assert facet.labels == ("awake", "moving", "waves", "jumps", "still", "asleep")
    assert facet.ancestors("jumps") == ("moving", "awake")


def test_a_defined_facet_is_known_until_it_is_forgotten(tmp_path: Path) -> None:
    facet = vocabulary.define(load_definition(definition(tmp_path)))
    try:
        assert vocabulary.facet("diss.mascot") is facet
        assert facet in vocabulary.facets("dissemination")
        with pytest.raises(DuplicateComponent, match=r"diss\.mascot"):
            vocabulary.define(facet)
    finally:
        vocabulary.forget("diss.mascot")
    with pytest.raises(UnknownComponent):
        vocabulary.facet("diss.mascot")
    with pytest.raises(UnknownComponent):
        vocabulary.forget("diss.mascot")


def test_a_built_in_facet_cannot_be_defined_again(tmp_path: Path) -> None:
    facet = load_definition(definition(tmp_path, id="camera.scale"))
    with pytest.raises(DuplicateComponent, match=r"camera\.scale"):
        vocabulary.define(facet)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"evidence": None}, "evidence: Field required"),
        ({"source": "X"}, "source"),
        ({"id": "mascot"}, "id"),
        ({"id": "fox.mascot"}, "dimension: Field required"),
        ({"level": "clip"}, "levels"),
        ({"colour": "red"}, "colour: Extra inputs"),
        ({"labels": []}, "needs labels"),
        ({"labels": ["waves", "waves"]}, "labels appear twice: waves"),
        ({"labels": [1, 2]}, "labels"),
        ({"type": "ord", "labels": ["low"]}, "at least two ranks"),
        ({"type": "num", "labels": None, "unit": "s"}, "needs a unit and a scale"),
        ({"type": "num", "unit": "s", "scale": 1}, "has no labels"),
        ({"type": "num", "labels": None, "unit": "s", "scale": 1, "valid": [3, 2]}, "valid range is empty"),
        ({"scale": 1}, "for num facets"),
        ({"off_scale": ["waves"]}, "for ord facets"),
        ({"labels": {"awake": ["waves"]}}, "nested labels are for tree"),
        ({"type": "bool"}, "false and true"),
        ({"label_evidence": {"swims": "It swims."}}, "label_evidence names labels that are not there: swims"),
        ({"aliases": {"hops": "swims"}}, "aliases names labels that are not there"),
        ({"aliases": {"waves": "jumps"}}, "aliases hide labels: waves"),
        ({"mappings": {"Zoo": {"hop": "swims"}}}, "mappings names labels"),
        ({"confusion": {"waves": {"jumps": 2}}}, "confusion weights"),
        ({"confusion": {"waves": {"jumps": 0.5}, "jumps": {"waves": 0.4}}}, "each pair of different labels once"),
        ({"thresholds": {"speed_min": "fast"}}, r"thresholds\.speed_min"),
    ],
)
def test_a_faulty_definition_is_told_what_is_wrong(tmp_path: Path, changes: dict[str, object], message: str) -> None:
    with pytest.raises(DocumentError, match=message) as caught:
        load_definition(definition(tmp_path, **changes))
    assert "mascot" in str(caught.value)


def test_a_file_that_is_no_definition(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="cannot be read"):
        load_definition(tmp_path / "none.yaml")
    path = tmp_path / "list.yaml"
    path.write_text("- a\n- b\n", encoding="utf-8")
    with pytest.raises(DocumentError, match="is a mapping, not list"):
        load_definition(path)
    path.write_text("id: [", encoding="utf-8")
    with pytest.raises(DocumentError, match="not YAML or JSON"):
        load_definition(path)
