"""The http model against a real server of somebody else: `transformers serve` with a small random checkpoint."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

import pytest

from sestina.core.errors import SestinaError
from sestina.core.prompting import ModelSetting, Prompt
from sestina.models.http import Http
from sestina.models.local import Local
from tests.models.conftest import Tiny
from tests.models.noise import noise
from tests.models.transformers_serve import transformers_serving

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def address(tiny: Tiny) -> Iterator[str]:
    folder = tiny("qwen3vl")
    missing = [name for name in ("openai", "fastapi", "uvicorn") if find_spec(name) is None]
    if missing:
        pytest.skip(f"transformers serve needs {', '.join(missing)}")
    with transformers_serving(folder) as found:
        yield found


def http(address: str, tiny: Tiny, **options: Any) -> Http:
    name = str(tiny("qwen3vl"))
    return Http(ModelSetting(name=name, base_url=address, timeout_s=60, options=options))


def test_it_says_what_the_same_weights_say_in_this_process(address: str, tiny: Tiny) -> None:
    """Without pictures, so that no JPEG stands between the two; the server writes marks out that we leave out."""
    prompt = Prompt(question="What is a shot?", max_tokens=12)
    served = http(address, tiny).answer(prompt)
    assert served.error is None
    assert served.text is not None
    local = Local(ModelSetting(name=str(tiny("qwen3vl")))).answer(prompt)
    assert re.sub(r"<\|\w+\|>", "", served.text).strip() == local.text
    assert served.usage["input_tokens"] == local.usage["input_tokens"]


@pytest.mark.parametrize("stream", [False, True])
def test_pictures_reach_it_and_count(address: str, tiny: Tiny, stream: bool) -> None:
    """A picture of 100x60 is 6 tokens between two marks, and its time is in words before it."""
    model = http(address, tiny, stream=stream)
    answers = [model.answer(Prompt(question="?", frames=noise(n), max_tokens=4)) for n in (0, 1, 3)]
    assert [answer.error for answer in answers] == [None] * 3
    counts = [answer.usage["input_tokens"] for answer in answers]
    label = len("Frame at 0.500 s:")
    assert counts[1] - counts[0] == 6 + 2 + label
    assert counts[2] - counts[0] == 3 * (6 + 2 + label)


def test_a_schema_it_does_not_take_goes_in_words(address: str, tiny: Tiny) -> None:
    answer = http(address, tiny).answer(Prompt(question="?", schema={"type": "object"}, max_tokens=6))
    assert "no reply of the form asked for" in (answer.error or "")
    assert answer.usage["calls"] >= 2


def test_a_name_it_does_not_know(address: str, tiny: Tiny) -> None:
    try:
        error = Http(ModelSetting(name="nobody/else", base_url=address, attempts=1)).answer(Prompt(question="?")).error
    except SestinaError as raised:
        error = str(raised)
    assert error
