"""What people call facets and labels, beyond the vocabulary's own names and aliases."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from sestina.core import vocabulary
from sestina.core.errors import UnknownComponent

Topic = tuple[str, str | None]
"""A facet, and one label of it or None for any."""

FACETS: Mapping[str, tuple[str, ...]] = {
    "edit.shot": ("shot", "take", "scene", "image"),
    "edit.transition": ("transition", "kind of transition", "edit", "cut between", "scene change", "shot change"),
    "edit.transition.duration": ("length of the transition", "duration of the transition"),
    "edit.cut_function": ("function of the cut", "cut function"),
    "edit.cut_rationale.primary": ("reason for the cut", "main reason for the cut", "cut rationale"),
    "edit.pacing_class": (
        "pace", "pacing", "pace of the editing", "cutting pace", "how fast is the editing",
    ),
    "edit.pacing.cuts_per_10s": ("cutting rate", "cuts in ten seconds"),
    "edit.pacing.mean_shot_length": ("average shot length", "mean shot length"),
    "edit.pacing.median_shot_length": ("median shot length",),
    "edit.pacing.max_shot_length": ("length of the longest shot",),
    "edit.pacing.min_shot_length": ("length of the shortest shot",),
    "edit.rhythm": ("rhythm", "rhythm of the editing"),
    "edit.speed": ("speed of the footage", "playback speed", "footage speed"),
    "edit.audio": ("sound edit", "audio edit"),
    "camera.movement": (
        "camera movement", "movement of the camera", "movement", "does the camera do",
        "camera motion",
    ),
    "camera.scale": ("shot scale", "shot size", "framing size", "how close", "shot type"),
    "camera.pitch": ("vertical angle of the camera", "camera angle", "camera pitch"),
    "camera.roll": ("tilt of the camera", "camera roll", "tilted horizon", "dutch angle"),
    "camera.steadiness": ("steadiness", "steadiness of the camera", "how steady", "stable", "stability"),
    "camera.speed": ("speed of the camera", "camera speed"),
    "camera.support": ("camera support",),
    "camera.framing": ("framing",),
    "aes.light.brightness": ("brightness", "brightness of the picture", "how bright", "how dark"),
    "aes.light.key": ("lighting key", "key of the light", "lighting"),
    "aes.light.contrast": ("contrast",),
    "aes.light.exposure": ("exposure",),
    "aes.color.temperature": ("colour temperature", "color temperature", "temperature of the colours"),
    "aes.color.saturation": ("saturation", "saturation of the colours", "how colourful"),
    "aes.color.dominant": ("dominant colour", "main colour", "dominant color", "main color", "colours dominate",
        "colors dominate", "dominant colours", "main colours"),
    "aes.color.scheme": ("colour scheme", "color scheme"),
    "aes.color.grade": ("colour grade", "color grade", "grading"),
    "aes.focus.state": ("focus", "sharpness", "in focus", "out of focus"),
    "aes.layout": ("layout",),
    "aes.audio.tempo": ("tempo", "beats per minute", "bpm"),
    "aes.audio.dominant": ("dominant sound", "sound"),
    "aes.audio.loudness.integrated": ("loudness", "integrated loudness", "how loud"),
    "aes.tech.fps": ("frame rate", "frames per second", "fps"),
    "aes.tech.black": ("black frame", "black picture"),
    "aes.tech.freeze": ("frozen picture", "freeze frame", "freeze"),
    "aes.tech.silence": ("silence", "silent", "quiet"),
    "subject.count": ("number of people", "number of people in view", "people", "person", "face", "anybody", "anyone",
        "somebody", "someone"),
    "subject.kind.primary": ("main subject", "kind of subject"),
    "subject.motion_energy": ("amount of motion", "amount of motion of the subject", "subject motion"),
    "subject.speech_rate": ("speech rate", "speaking rate", "how fast does someone speak"),
    "subject.speech_mode": ("speech mode", "kind of speech"),
    "subject.action": ("action",),
    "subject.location": ("location", "place of the scene", "where was it filmed", "setting"),
    "subject.product": ("product",),
    "subject.brand": ("brand",),
    "narr.beat": ("narrative beat", "beat of the story", "story beat"),
    "narr.format": ("format of the video", "format", "kind of video"),
    "narr.structure": ("structure of the story", "story structure", "structure"),
    "narr.hook": ("hook",),
    "narr.hook.tactic.primary": ("tactic of the hook", "hook tactic"),
    "narr.hook.t_first_cut": ("time of the first cut",),
    "narr.hook.t_first_text": ("first text", "first caption"),
    "narr.hook.t_first_word": ("first word",),
    "narr.hook.t_first_face": ("first face",),
    "narr.shot_tension": ("tension of the shot", "shot tension", "tension"),
    "narr.valence": ("emotional valence", "valence"),
    "narr.tone": ("tone", "mood"),
    "narr.open_loop": ("open loop", "loop"),
    "narr.topic": ("topic", "subject of the video"),
    "diss.overlay": (
        "overlay", "text on screen", "text on the screen", "on-screen text", "on screen text", "caption", "subtitle",
        "title on screen", "text",
    ),
    "diss.overlay.kind": ("kind of overlay", "kind of overlay on screen", "overlay kind"),
    "diss.overlay.position": ("place of the overlay", "place of the overlay on screen", "position of the overlay",
        "position of the text", "where is the text", "where on the screen is the text"),
    "diss.overlay.colour": ("colour of the text", "color of the text", "colour is the text", "color is the text"),
    "diss.overlay.style": ("style of the overlay", "overlay style"),
    "diss.overlay.animation": ("animation of the overlay", "overlay animation"),
    "diss.padding": ("filling around the picture", "padding", "black bars", "bars around the picture"),
    "diss.aspect": ("aspect ratio", "shape of the picture", "orientation"),
    "diss.cta": ("call to action", "cta", "request"),
    "diss.cta.target": ("action the viewer is asked for", "viewer is asked", "asked to do",
        "viewer is asked to do", "viewer asked to do"),
    "diss.retention": ("retention device",),
    "diss.safe_area": ("safe area",),
    "diss.safety.photosensitive_flash": ("flashing", "photosensitive flash"),
    "diss.resolution": ("resolution",),
    "diss.file_size": ("file size",),
    "diss.loopability": ("loopability",),
    "diss.silent_start": ("silent start",),
    "diss.duration_class": ("duration class",),
    "subject.time_of_day": ("time of day",),
}
"""Facet to the phrases that mean it."""

LABELS: Mapping[str, Topic] = {
    "cut": ("edit.transition", None),
    "dissolve": ("edit.transition", "cross_dissolve"),
    "crossfade": ("edit.transition", "cross_dissolve"),
    "close up": ("camera.scale", "CU"),
    "close-up": ("camera.scale", "CU"),
    "extreme close up": ("camera.scale", "ECU"),
    "medium close up": ("camera.scale", "MCU"),
    "medium shot": ("camera.scale", "MS"),
    "long shot": ("camera.scale", "LS"),
    "wide shot": ("camera.scale", "LS"),
    "panning": ("camera.movement", "pan_left"),
    "shaky": ("camera.steadiness", "very_shaky"),
    "steady": ("camera.steadiness", "locked"),
    "blurry": ("aes.focus.state", "soft"),
    "dark": ("aes.light.brightness", "dark"),
    "bright": ("aes.light.brightness", "bright"),
    "medium close-up": ("camera.scale", "MCU"),
    "extreme close-up": ("camera.scale", "ECU"),
    "extreme long shot": ("camera.scale", "ELS"),
    "medium long shot": ("camera.scale", "MLS"),
    "title card": ("diss.overlay.kind", "title_card"),
    "night": ("subject.time_of_day", "night"),
    "product cost": ("diss.overlay.kind", "price_tag"),
    "cost": ("diss.overlay.kind", "price_tag"),
    "price": ("diss.overlay.kind", "price_tag"),
    "slow motion": ("edit.speed", "slow_motion"),
    "music": ("aes.audio.dominant", "music"),
    "speech": ("aes.audio.dominant", "speech"),
    "two people": ("subject.count", "2"),
    "nobody": ("subject.count", "0"),
}
"""Phrase to a label of a facet, or to a facet that the phrase means loosely."""

SEVERAL: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "vertical": ("diss.aspect", ("9:16", "3:4", "4:5")),
    "portrait": ("diss.aspect", ("9:16", "3:4", "4:5")),
    "horizontal": ("diss.aspect", ("4:3", "16:9", "1.85", "2.39")),
    "landscape": ("diss.aspect", ("4:3", "16:9", "1.85", "2.39")),
    "square": ("diss.aspect", ("1:1",)),
    "fast paced": ("edit.pacing_class", ("fast", "hyper")),
    "slow paced": ("edit.pacing_class", ("slow", "single_take")),
}
"""Phrase to a facet and those of its labels that it means."""
SHORT = ("hdr", "codec", "bitrate", "readability", "palette", "perspective", "genre", "rotation")
"""Names of one word that are a facet's own."""
STILL = ("static", "virtual")
MOVING = ("camera moving", "camera move", "moving camera")

COMMON = frozenset((
    "none", "other", "normal", "mixed", "text", "first", "none of these", "clean", "true", "false", "low", "high",
    "medium", "list", "start", "end", "natural", "still", "shot", "rise", "fall", "box", "plain", "save", "share",
    "like", "visual", "vertical", "lateral", "question", "group", "fast", "slow", "quick", "present", "talk", "white",
    "black",
))  # fmt: skip
"""Label names that are everyday words: they mean their label only where their facet is spoken of."""


def phrases() -> Mapping[str, tuple[Topic, ...]]:
    """Return every phrase, lower case with single spaces, and the facets or labels that it may mean.

    A label with a direction is meant by the phrase without it too: `pan` means both pans. Facets that a user defines
    are known by their names and labels.
    """
    return _phrases(vocabulary.defined())


@cache
def _phrases(defined: tuple[str, ...]) -> Mapping[str, tuple[Topic, ...]]:
    found: dict[str, list[Topic]] = {}
    for facet_id, names in FACETS.items():
        for name in (*names, facet_id.replace(".", " ").replace("_", " ")):
            found.setdefault(name, []).append((facet_id, None))
    for facet in vocabulary.facets():
        own = said(facet.id.partition(".")[2])
        if facet.id not in FACETS and (" " in own or own in SHORT or facet.id in defined):
            found.setdefault(own, []).append((facet.id, None))
    for phrase, topic in LABELS.items():
        if topic[1] is None or vocabulary.is_label(topic[0], topic[1]):
            found.setdefault(phrase, []).append(topic)
    for phrase, (facet_id, labels) in SEVERAL.items():
        found.setdefault(phrase, []).extend((facet_id, label) for label in labels)
    movement = vocabulary.facet("camera.movement")
    moves = [one for one in movement.labels if movement.parent(one) is None and one not in STILL]
    for phrase in MOVING:
        found.setdefault(phrase, []).extend((movement.id, label) for label in moves)
    for facet in vocabulary.facets():
        for label in (*facet.labels, *facet.aliases):
            spoken = said(label)
            if spoken not in COMMON and len(spoken) > 2 and not spoken.replace(" ", "").isdigit():
                found.setdefault(spoken, []).append((facet.id, facet.aliases.get(label, label)))
                stem = re.sub(r" (left|right|up|down|in|out)$", "", spoken)
                if stem != spoken and stem not in COMMON:
                    found.setdefault(stem, []).append((facet.id, facet.aliases.get(label, label)))
    return {phrase: tuple(dict.fromkeys(topics)) for phrase, topics in found.items()}


def said(label: str) -> str:
    """Return a label as people say it: spaces for underscores, lower case; dots stay in numbers only."""
    return re.sub(r"(?<!\d)\.|\.(?!\d)", " ", label.replace("_", " ")).casefold()


def claim_of(facet_id: str, claim: str) -> str:
    """Return what a unit claims as people say it: words as they stand, numbers short, abbreviations spelt out."""
    try:
        facet = vocabulary.facet(facet_id)
    except UnknownComponent:  # defined by a user, elsewhere
        return said(claim)
    if facet.type == "text":
        return claim
    number = re.fullmatch(r"(-?[\d.]+(?:e[+-]?\d+)?)( .*)?", claim)
    if facet.type == "num" and number:
        return f"{float(number[1]):.4g}{number[2] or ''}"
    full = SCALES.get(claim) if facet_id.startswith("camera.scale") else None
    return f"{full} ({claim})" if full else said(claim)


SCALES: Mapping[str, str] = {
    "ELS": "extreme long shot", "LS": "long shot", "MLS": "medium long shot", "MS": "medium shot",
    "MCU": "medium close-up", "CU": "close-up", "ECU": "extreme close-up",
}  # fmt: skip
"""Abbreviation of a shot scale to its name."""


def name_of(facet_id: str) -> str:
    """Return what a facet is called in an answer: its first phrase, or its id without the dimension."""
    return FACETS[facet_id][0] if facet_id in FACETS else said(facet_id.partition(".")[2])
