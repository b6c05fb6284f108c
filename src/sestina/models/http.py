"""Models behind an OpenAI-compatible address: vLLM, SGLang, llama.cpp, Ollama, hosted ones.

Frames go as JPEG pictures, each after its time, or as one video; a schema goes as `response_format` where the server
takes it and in words where it does not, and a reply without the form is sent back once.
"""

from __future__ import annotations

import base64
import os
import time
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from sestina.core.card import Card
from sestina.core.errors import SestinaError
from sestina.core.exchange import Answer
from sestina.core.frames import Picture
from sestina.core.prompting import Limits, ModelSetting, Prompt
from sestina.core.registry import models
from sestina.models._schema import parsed
from sestina.models._wire import CallFailed, Reply, Wire
from sestina.models._wording import question_text, quoted, repair_text, time_label

OPTIONS: Mapping[str, Any] = {
    "frames_as": "images", "side_px": 768, "quality": 85, "schema_as": "auto", "stream": False, "per_minute": 0.0,
    "backoff_s": 1.0, "served_as": "", "max_tokens_as": "max_tokens", "most_frames": 0, "context_tokens": 0,
    "usd_per_million_input": 0.0, "usd_per_million_output": 0.0,
}  # fmt: skip
"""Settings of this kind beyond the common ones, with their defaults; docs/models.md explains them."""
FREE = {"stream", "per_minute", "backoff_s", "usd_per_million_input", "usd_per_million_output"}
"""Options that a reply does not depend on."""
REPAIRED = 4000
"""Letters of a reply that are sent back when it has not the form."""
CHOICES = {"frames_as": ("images", "video"), "schema_as": ("auto", "schema", "object", "words")}


@models.register(
    "http",
    card=Card(summary="Any OpenAI-compatible server, on this machine or elsewhere.", needs=("network", "models")),
    packages=("openai",),
)
class Http:
    """See the module.

    Args:
        setting: `name` as the server calls the model ("": its only one), `base_url` ("": OPENAI_BASE_URL), and options.
        on_text: given text as it is written; the reply is then streamed.

    Raises MissingExtra without `openai`; SestinaError without an address, for one that holds a password, for an option
    that is none, and where `name` is left out and the server does not say which model is meant.
    """

    def __init__(self, setting: ModelSetting, *, on_text: Callable[[str], None] | None = None) -> None:
        self._options = _checked(setting.options)
        address = _checked_address(setting.base_url or os.environ.get("OPENAI_BASE_URL", ""))
        key = os.environ.get(setting.key_env, "")
        self._wire = Wire(
            address, key, timeout_s=setting.timeout_s, attempts=setting.attempts, concurrency=setting.concurrency,
            per_minute=self._options["per_minute"], backoff_s=self._options["backoff_s"],
        )  # fmt: skip
        self._address, self._on_text = address, on_text
        self._name = setting.name or self._only_name()
        self._schema_as = str(self._options["schema_as"])
        self.limits = Limits(
            frames=int(self._options["most_frames"]), context_tokens=int(self._options["context_tokens"])
        )

    def describe(self) -> Mapping[str, Any]:
        """Return kind, name, address, and the options that a reply depends on."""
        options = {name: value for name, value in self._options.items() if name not in FREE}
        return {"kind": "http", "name": self._name, "base_url": self._address, **options}

    def answer(self, prompt: Prompt) -> Answer:
        """Return the reply; `usage`: wall_s, calls, attempts, the server's tokens, cut_off, off_form, usd."""
        begun_s, usage = time.monotonic(), {"calls": 0.0, "attempts": 0.0}
        try:
            answer = self._answer(prompt, usage)
        except CallFailed as failure:
            hint = f" ({failure.hint})" if failure.hint else ""
            answer = Answer(error=self._wire.clean(f"{failure}{hint}"))
        usage["wall_s"] = time.monotonic() - begun_s
        return Answer(text=answer.text, parsed=answer.parsed, error=answer.error, usage=self._priced(usage))

    def _answer(self, prompt: Prompt, usage: dict[str, float]) -> Answer:
        reply = self._call(prompt, self._messages(prompt), usage)
        error = self._unusable(reply)
        if error or prompt.schema is None:
            return Answer(text=reply.text, error=error or None)
        value, wrong = parsed(reply.text, prompt.schema)
        if not wrong:
            return Answer(text=reply.text, parsed=value)
        second = self._call(prompt, [*self._messages(prompt), *_repair(reply.text, wrong, prompt.schema)], usage)
        better, still = parsed(second.text, prompt.schema)
        failed = self._unusable(second) or ("" if better is not None else still)
        if failed and value is None:
            cut = " (cut off: raise max_tokens)" if second.finish == "length" else ""
            return Answer(text=second.text, error=f"no reply of the form asked for: {failed}{cut}")
        if failed or still:
            usage["off_form"] = 1.0
        return Answer(text=reply.text, parsed=value) if failed else Answer(text=second.text, parsed=better)

    def _call(self, prompt: Prompt, messages: list[dict[str, Any]], usage: dict[str, float]) -> Reply:
        """Return one reply, by schema or, once the server refuses that and takes words, in words from then on."""
        body = self._body(prompt, messages)
        usage["calls"] += 1
        try:
            reply = self._wire.ask(body, self._on_text)
        except CallFailed as failure:
            if failure.status not in (400, 422, 501) or self._schema_as != "auto" or "response_format" not in body:
                raise self._explained(failure) from None
            self._schema_as = "words"
            try:
                return self._call(prompt, self._messages(prompt), usage)
            except CallFailed:
                self._schema_as = "auto"  # it was not the schema that was refused
                raise failure from None
        usage["attempts"] += reply.attempts
        if reply.finish == "length":
            usage["cut_off"] = 1.0
        for name, count in reply.tokens.items():
            usage[name] = usage.get(name, 0.0) + count
        return reply

    def _body(self, prompt: Prompt, messages: list[dict[str, Any]]) -> dict[str, Any]:
        body = {
            "model": self._name, "messages": messages, "temperature": prompt.temperature, "seed": prompt.seed,
            self._options["max_tokens_as"]: prompt.max_tokens,
        }  # fmt: skip
        if prompt.schema is not None and self._schema_as in ("auto", "schema"):
            form = {"name": "reply", "schema": prompt.schema}
            body["response_format"] = {"type": "json_schema", "json_schema": form}
        elif prompt.schema is not None and self._schema_as == "object":
            body["response_format"] = {"type": "json_object"}
        if self._options["stream"] or self._on_text is not None:
            body |= {"stream": True, "stream_options": {"include_usage": True}}
        return body

    def _messages(self, prompt: Prompt) -> list[dict[str, Any]]:
        content = self._video(prompt.frames) if self._options["frames_as"] == "video" else self._images(prompt.frames)
        in_words = self._schema_as in ("words", "object")
        content.append({"type": "text", "text": question_text(
            prompt, schema_in_words=in_words, times_in_words=self._options["frames_as"] == "video",
        )})  # fmt: skip
        system = [{"role": "system", "content": prompt.system}] if prompt.system else []
        return [*system, {"role": "user", "content": content}]

    def _images(self, frames: tuple[Picture, ...]) -> list[dict[str, Any]]:
        parts: list[dict[str, Any]] = []
        for frame in frames:
            data = jpeg(frame, side_px=self._options["side_px"], quality=self._options["quality"])
            parts.append({"type": "text", "text": time_label(frame)})
            parts.append({"type": "image_url", "image_url": {"url": _data_url("image/jpeg", data)}})
        return parts

    def _video(self, frames: tuple[Picture, ...]) -> list[dict[str, Any]]:
        from sestina.models._clip import mp4

        if not frames:
            return []
        data = mp4(frames, side_px=self._options["side_px"])
        return [{"type": "video_url", "video_url": {"url": _data_url("video/mp4", data)}}]

    def _unusable(self, reply: Reply) -> str:
        """Return why a reply is no answer at all, or ""."""
        if reply.refusal or reply.finish == "content_filter":
            return f"the model refused: {reply.refusal[:200] or 'content filter'}"
        if not self._is_asked(reply.served):
            return f"asked {self._name!r}, but {reply.served!r} answered (option served_as names what it may be)"
        return "" if reply.text.strip() else "the reply is empty"

    def _is_asked(self, served: str) -> bool:
        """Return whether the server's own name is the model's: equal or longer, folders and letter case aside."""
        wanted = str(self._options["served_as"]) or self._name
        ours, theirs = wanted.lower().rpartition("/")[2], served.lower().rpartition("/")[2]
        return not served or wanted == "*" or theirs.startswith(ours)

    def _only_name(self) -> str:
        names = self._wire.names()
        if len(names) != 1:
            raise SestinaError(f"the server has {len(names)} models", hint=f"name one of: {', '.join(names[:20])}")
        return names[0]

    def _explained(self, failure: CallFailed) -> CallFailed:
        """Return the failure; for a model that is not there, with those that are."""
        if failure.status != 404:
            return failure
        try:
            names = self._wire.names()
        except CallFailed:
            return failure
        if self._name in names:
            return failure
        hint = f"it has: {', '.join(names[:20])}"
        return CallFailed(f"the server knows no model {self._name!r}", hint=hint, status=404)

    def _priced(self, usage: dict[str, float]) -> dict[str, float]:
        prices = {way: float(self._options[f"usd_per_million_{way}"]) for way in ("input", "output")}
        if any(prices.values()):
            usage["usd"] = sum(usage.get(f"{way}_tokens", 0.0) * price for way, price in prices.items()) / 1e6
        return usage


def jpeg(picture: Picture, *, side_px: int, quality: int) -> bytes:
    """Return a picture as JPEG, its longer side at most `side_px`; the same picture gives the same bytes."""
    from PIL import Image

    image = Image.fromarray(picture.rgb)
    image.thumbnail((side_px, side_px), Image.Resampling.LANCZOS)
    stream = BytesIO()
    image.save(stream, "JPEG", quality=quality)
    return stream.getvalue()


def _repair(reply: str, wrong: str, schema: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the turns that ask for a reply once more; the first one goes back quoted."""
    return [
        {"role": "assistant", "content": quoted(reply[:REPAIRED])},
        {"role": "user", "content": repair_text(wrong, schema)},
    ]


def _checked(options: Mapping[str, Any]) -> dict[str, Any]:
    for name, value in options.items():
        if name not in OPTIONS:
            raise SestinaError(f"http has no option {name!r}", hint=f"it has: {', '.join(OPTIONS)}")
        if name in CHOICES and value not in CHOICES[name]:
            raise SestinaError(f"{name} cannot be {value!r}", hint=f"one of: {', '.join(CHOICES[name])}")
    return {**OPTIONS, **options}


def _checked_address(address: str) -> str:
    """Return an address that holds no secret: it is shown in errors, in the log and by `describe`."""
    if not address:
        raise SestinaError("no address of a server", hint="--base-url http://localhost:8000/v1, or OPENAI_BASE_URL")
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise SestinaError(f"{parts.path!r} is no address", hint="such as http://localhost:8000/v1")
    if "@" in parts.netloc or parts.query:
        hint = "put the key into an environment variable and name it by key_env"
        raise SestinaError("the address holds a password or a query", hint=hint)
    return address


def _data_url(kind: str, data: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode('ascii')}"
