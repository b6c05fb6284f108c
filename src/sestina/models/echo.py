"""A model that repeats what it was asked and shown: for tests of what reaches a model, and for a dry run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sestina.core.card import Card
from sestina.core.exchange import Answer
from sestina.core.prompting import Limits, ModelSetting, Prompt
from sestina.core.registry import models
from sestina.models._wording import question_text, time_label


@models.register("echo", card=Card(summary="Repeats the prompt in words: what a model would be told, and when."))
class Echo:
    """Says everything a model is told, frames by their times. With a schema it has no reply of that form: an error.

    Args:
        setting: nothing of it matters here.
    """

    limits = Limits()

    def __init__(self, setting: ModelSetting | None = None) -> None:
        del setting

    def describe(self) -> Mapping[str, Any]:
        """Return the kind."""
        return {"kind": "echo", "name": ""}

    def answer(self, prompt: Prompt) -> Answer:
        """Return the words of the prompt; with a schema that takes a text, those words as that text."""
        frames = [time_label(frame) for frame in prompt.frames]
        text = "\n".join([prompt.system, *frames, question_text(prompt, schema_in_words=True)]).strip()
        usage = {"wall_s": 0.0}
        if prompt.schema is None:
            return Answer(text=text, usage=usage)
        if prompt.schema.get("type") == "string":
            return Answer(text=json.dumps(text), parsed=text, usage=usage)
        return Answer(text=text, error="no reply of the form asked for: echo says words only", usage=usage)
