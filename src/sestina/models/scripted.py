"""A model that says what it was told to say: for tests and examples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sestina.core.card import Card
from sestina.core.exchange import Answer
from sestina.core.prompting import Limits, ModelSetting, Prompt
from sestina.core.registry import models
from sestina.models._schema import parsed


@models.register("scripted", card=Card(summary="Says the replies it was given, in order; for tests."))
class Scripted:
    """Replies in order, the last one again and again; what it was asked is kept in `prompts`.

    Args:
        setting: `options["replies"]`: what is said, a list of texts; a reply is read as a real model's would be.
        replies: the same, in Python.
    """

    limits = Limits()

    def __init__(self, setting: ModelSetting | None = None, *, replies: Sequence[str] = ()) -> None:
        given = tuple(replies) or tuple((setting.options if setting else {}).get("replies", ()))
        self._replies = tuple(str(reply) for reply in given)
        self.prompts: list[Prompt] = []

    def describe(self) -> Mapping[str, Any]:
        """Return the kind and every reply."""
        return {"kind": "scripted", "name": "", "replies": list(self._replies)}

    def answer(self, prompt: Prompt) -> Answer:
        """Return the next reply, parsed where a schema was asked for; one of the wrong form is an error."""
        self.prompts.append(prompt)
        if not self._replies:
            return Answer(error="the script is empty", usage={"wall_s": 0.0})
        text = self._replies[min(len(self.prompts), len(self._replies)) - 1]
        usage = {"wall_s": 0.0}
        if not text.strip():
            return Answer(error="the reply is empty", usage=usage)
        if prompt.schema is None:
            return Answer(text=text, usage=usage)
        value, wrong = parsed(text, prompt.schema)
        if value is None:
            return Answer(text=text, error=f"no reply of the form asked for: {wrong}", usage=usage)
        return Answer(text=text, parsed=value, usage={**usage, "off_form": 1.0} if wrong else usage)
