"""Perception LM: the same numbers as transformers' own processor and model, and the traps known of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sestina.core.frames import Picture
from sestina.core.prompting import ModelSetting, Prompt
from sestina.models.local import Local
from tests.models.conftest import Tiny
from tests.models.noise import noise

SYSTEM = (
    "You are a helpful language and vision assistant. You are able to understand the visual content that the user "
    "provides, and assist the user with a variety of tasks using natural language."
)


def chat(seen: str, question: str) -> str:
    """Return Llama 3's chat as Perception LM is trained on it: system, everything seen, then the words."""
    return (
        f"<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\n{SYSTEM}<|eot_id|>"
        f"<|start_header_id|>user<|end_header_id|>\n\n{seen}{question}<|eot_id|>"
        "<|start_header_id|>assistant<|end_header_id|>\n\n"
    )


@pytest.fixture(scope="module")
def plm(tiny: Tiny) -> Local:
    return Local(ModelSetting(name=str(tiny("plm"))))


def reference(folder: Path, text: str, **seen: Any) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Return the first scores by transformers alone."""
    import torch
    from transformers import AutoModelForImageTextToText, AutoProcessor

    processor = AutoProcessor.from_pretrained(folder)
    network = AutoModelForImageTextToText.from_pretrained(folder).eval()
    inputs = processor(text=[text], add_special_tokens=False, return_tensors="pt", **seen)
    with torch.no_grad():
        return np.asarray(network(**inputs).logits[0, -1].numpy())


@pytest.mark.parametrize("count", [2, 5, 32])
def test_a_video_gives_the_very_numbers_of_transformers(plm: Local, tiny: Tiny, count: int) -> None:
    frames = noise(count)
    video = np.stack([frame.rgb for frame in frames])
    expected = reference(tiny("plm"), chat("<|video|>", "What?"), videos=[video], do_sample_frames=False)
    assert np.array_equal(plm.logits(Prompt(question="What?", frames=frames)), expected)


@pytest.mark.parametrize("size", [(100, 60), (60, 100), (56, 56), (300, 40)])
def test_a_single_picture_in_tiles_too(plm: Local, tiny: Tiny, size: tuple[int, int]) -> None:
    frames = noise(1, size=size)
    expected = reference(tiny("plm"), chat("<|image|>", "What?"), images=[frames[0].rgb])
    assert np.array_equal(plm.logits(Prompt(question="What?", frames=frames)), expected)


@pytest.mark.parametrize(("count", "token"), [(0, ""), (1, "<|image|>" * 20), (3, "<|video|>" * 12)])
def test_the_prompt_is_the_trained_one_with_exact_counts(plm: Local, count: int, token: str) -> None:
    """A frame is (56 / 14 / 2)² = 4 tokens; 100x60 is 2x2 tiles and the whole: 5 x 4. One first token, not two."""
    inputs = plm.inputs(Prompt(question="What?", frames=noise(count)))
    assert plm.processor.tokenizer.decode(inputs["input_ids"][0]) == chat(token, "What?")
    assert plm.limits.tokens_per_frame == 4


GRIDS = {(448, 448): 9472, (640, 480): 9216, (1280, 720): 8448, (300, 800): 9472, (3840, 2160): 7424}


@pytest.mark.parametrize(("size", "tokens"), GRIDS.items())
def test_at_full_size_the_counts_are_the_published_ones(tiny: Tiny, size: tuple[int, int], tokens: int) -> None:
    """448-pixel tiles, at most 36 and the whole before them, 256 tokens each."""
    processor = full_size(tiny("plm"))
    width, height = size
    inputs = processor(text=["<|image|>"], images=[np.zeros((height, width, 3), np.uint8)], add_special_tokens=False)
    assert len(inputs["input_ids"][0]) == tokens


def test_32_frames_at_full_size_are_8192_tokens(tiny: Tiny) -> None:
    processor = full_size(tiny("plm"))
    inputs = processor(
        text=["<|video|>"], videos=[np.zeros((32, 90, 160, 3), np.uint8)], do_sample_frames=False,
        add_special_tokens=False,
    )  # fmt: skip
    assert len(inputs["input_ids"][0]) == 8192


def full_size(folder: Path) -> Any:
    from transformers import AutoProcessor, PerceptionLMImageProcessor, PerceptionLMVideoProcessor

    processor = AutoProcessor.from_pretrained(folder)
    processor.image_processor = PerceptionLMImageProcessor(tile_size=448, max_num_tiles=36)
    processor.video_processor = PerceptionLMVideoProcessor()
    return processor


def first_scores(plm: Local, frames: tuple[Picture, ...]) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Return the first scores inside `generate`, which in transformers 4.55 lost the video."""
    inputs = plm.inputs(Prompt(question="What?", frames=frames))
    out = plm.network.generate(
        **inputs, max_new_tokens=1, do_sample=False, output_scores=True, return_dict_in_generate=True
    )
    return np.asarray(out.scores[0][0].numpy())


def test_another_video_gives_other_scores_and_generation_sees_it(plm: Local) -> None:
    one, other = noise(4, seed=1), noise(4, seed=2)
    assert not np.array_equal(first_scores(plm, one), first_scores(plm, other))
    expected = plm.logits(Prompt(question="What?", frames=one))
    assert np.allclose(first_scores(plm, one), expected, atol=1e-5)


def test_the_order_of_frames_matters(plm: Local) -> None:
    frames = noise(4)
    forward = plm.logits(Prompt(question="What?", frames=frames))
    assert not np.array_equal(forward, plm.logits(Prompt(question="What?", frames=frames[::-1])))


def test_the_frames_given_are_the_frames_seen(plm: Local) -> None:
    """However many, and none of them chosen again: each frame's pixels reach the network once, in order."""
    frames = tuple(
        Picture(rgb=np.full((60, 100, 3), 8 * index, np.uint8), pts=index, time_base=noise(1)[0].time_base)
        for index in range(32)
    )
    pixels = plm.inputs(Prompt(question="What?", frames=frames))["pixel_values_videos"][0]
    seen = (pixels.mean(dim=(1, 2, 3)).numpy() * 0.5 + 0.5) * 255
    assert np.allclose(seen, 8 * np.arange(32), atol=0.01)


def test_a_schema_brings_the_times_and_a_bare_question_does_not(plm: Local) -> None:
    frames = noise(2)
    bare = plm.inputs(Prompt(question="What?", frames=frames))["input_ids"][0]
    asked = plm.inputs(Prompt(question="What?", frames=frames, schema={"type": "string"}))["input_ids"][0]
    assert "0.500 s" not in plm.processor.tokenizer.decode(bare)
    assert "0: 0.500 s, 1: 1.800 s." in plm.processor.tokenizer.decode(asked)


def test_a_region_is_a_red_outline_of_four_pixels_on_its_frame(tiny: Tiny) -> None:
    from sestina.models._region import with_regions

    frames = tuple(Picture(rgb=np.zeros_like(one.rgb), pts=one.pts, time_base=one.time_base) for one in noise(2))
    first, second = with_regions(frames, [(1.8, 20, 10, 60, 40)])
    assert not first.rgb.any()
    red = (second.rgb == (255, 0, 0)).all(axis=2)
    assert red[10:41, 20:61].sum() == red.sum() == 41 * 31 - 33 * 23
    marked = Local(ModelSetting(name=str(tiny("plm")), options={"regions": [(1.8, 20, 10, 60, 40)]}))
    plain = Local(ModelSetting(name=str(tiny("plm"))))
    prompt = Prompt(question="What?", frames=frames)
    assert np.array_equal(
        marked.logits(prompt), plain.logits(Prompt(question="What?", frames=(first, second)))
    )
