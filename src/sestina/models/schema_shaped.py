"""A model that fills whatever schema it is given with the smallest value: right in form, empty in meaning."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sestina.core.card import Card
from sestina.core.exchange import Answer
from sestina.core.prompting import Limits, ModelSetting, Prompt
from sestina.core.registry import models
from sestina.models._schema import smallest


@models.register("schema_shaped", card=Card(summary="Fills any schema with its smallest value; for tests of form."))
class SchemaShaped:
    """Replies with the smallest value of the schema: first labels, lowest numbers, nothing that is optional.

    Args:
        setting: nothing of it matters here.
    """

    limits = Limits()

    def __init__(self, setting: ModelSetting | None = None) -> None:
        del setting

    def describe(self) -> Mapping[str, Any]:
        """Return the kind."""
        return {"kind": "schema_shaped", "name": ""}

    def answer(self, prompt: Prompt) -> Answer:
        """Return the smallest reply of the form asked for; without a schema, an empty sentence."""
        usage = {"wall_s": 0.0}
        if prompt.schema is None:
            return Answer(text=".", usage=usage)
        value = smallest(prompt.schema)
        return Answer(text=json.dumps(value), parsed=value, usage=usage)
