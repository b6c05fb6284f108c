"""One call to an OpenAI-compatible server: paced, retried where that can help, bounded in time and in bytes.

The `openai` client does the talking; its own retries are off, because which failures are tried again is decided here:
429, 5xx and broken connections, with waits that double (Retry-After goes first), never a refusal and never a timeout.
"""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from importlib import import_module
from typing import Any

from sestina.core.errors import MissingExtra, SestinaError

MOST_WAIT_S = 60.0
"""A server that asks for a longer wait is left alone."""
MOST_BYTES = 4_000_000
"""A reply that is longer is not read on."""
SHOWN = 300
"""Letters of a server's own words that an error repeats."""


class CallFailed(SestinaError):
    """A server could not be made to answer.

    Args:
        status: HTTP status, 0 where there was none.
        again: whether trying again can help.
        after_s: seconds the server asks to wait first, None where it says nothing.
    """

    def __init__(
        self, message: str, *, hint: str = "", status: int = 0, again: bool = False, after_s: float | None = None
    ) -> None:
        super().__init__(message, hint=hint)
        self.status = status
        self.again = again
        self.after_s = after_s


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What a server wrote: `text`, why it stopped, which model it says it is, tokens by name, calls it took."""

    text: str
    finish: str = ""
    refusal: str = ""
    served: str = ""
    tokens: Mapping[str, float] = field(default_factory=dict)
    attempts: int = 1


class Wire:
    """Calls to one server.

    Args:
        base_url: such as http://localhost:8000/v1.
        key: sent with every call, "" for none; never shown, and taken out of whatever the server says.
        timeout_s: of one call, all of it.
        attempts: how often in all a call is tried.
        concurrency: calls under way at the same time, over all threads.
        per_minute: calls begun in a minute at most; 0: any number.
        backoff_s: the first wait; it doubles.

    Raises MissingExtra without the `openai` package.
    """

    def __init__(
        self, base_url: str, key: str, *, timeout_s: float = 120.0, attempts: int = 4, concurrency: int = 4,
        per_minute: float = 0.0, backoff_s: float = 1.0,
    ) -> None:  # fmt: skip
        try:
            import openai
        except ImportError as error:
            raise MissingExtra("calling a server needs openai", hint="pip install 'sestina[models]'") from error
        self._openai: Any = openai
        # openai 3 stands on httpx2, earlier ones on httpx: whichever its own Timeout was written in.
        self._transport: Any = import_module(openai.Timeout.__init__.__module__.partition(".")[0])
        # A server on this machine usually asks for no key, but the client will not go without one.
        self._client = openai.OpenAI(base_url=base_url, api_key=key or "none", timeout=timeout_s, max_retries=0)
        self._key, self._url, self._timeout_s = key, base_url, timeout_s
        self._attempts, self._backoff_s = max(1, attempts), backoff_s
        self._gap_s = 60.0 / per_minute if per_minute > 0 else 0.0
        self._free = threading.BoundedSemaphore(max(1, concurrency))
        self._lock, self._next_s = threading.Lock(), 0.0

    def names(self) -> tuple[str, ...]:
        """Return what the server calls its models. Raises CallFailed."""
        with self._named_failures():
            return tuple(str(one.id) for one in self._client.models.list().data)

    def ask(self, body: Mapping[str, Any], on_text: Callable[[str], None] | None = None) -> Reply:
        """Return the reply to one request of /chat/completions; `on_text` is given text as it comes.

        Raises CallFailed when it cannot be had.
        """
        attempt = 1
        while True:
            try:
                with self._free:
                    self._pace()
                    return self._once(body, attempt, on_text)
            except CallFailed as failure:
                wait_s = self._backoff_s * 2 ** (attempt - 1) * random.uniform(0.5, 1.0)
                wait_s = wait_s if failure.after_s is None else failure.after_s
                if not failure.again or attempt >= self._attempts or wait_s > MOST_WAIT_S:
                    raise
            time.sleep(wait_s)  # the server asked for it, or is given time to recover; no place of others is held
            attempt += 1

    def _pace(self) -> None:
        """Wait for this call's turn."""
        with self._lock:
            now_s = time.monotonic()
            turn_s = max(now_s, self._next_s)
            self._next_s = turn_s + self._gap_s
        time.sleep(turn_s - now_s)  # calls are spaced by the rate that was allowed; the lock is free meanwhile

    def _once(self, body: Mapping[str, Any], attempt: int, on_text: Callable[[str], None] | None) -> Reply:
        until_s = time.monotonic() + self._timeout_s
        create = self._client.chat.completions.with_streaming_response.create
        with self._named_failures(), create(**body) as response:
            kind = response.headers.get("content-type", "")
            parts = self._bounded(response.iter_bytes(), until_s)
            if kind.startswith("text/event-stream"):
                return _from_events(parts, attempt, on_text)
            reply = _from_body(b"".join(parts), kind, attempt)
        if on_text is not None:
            on_text(reply.text)
        return reply

    def _bounded(self, parts: Iterator[bytes], until_s: float) -> Iterator[bytes]:
        """Yield the parts of a body as long as there is time and they are not too many."""
        size = 0
        for part in parts:
            size += len(part)
            if size > MOST_BYTES:
                raise CallFailed(f"the reply is longer than {MOST_BYTES} bytes", hint="lower max_tokens")
            if time.monotonic() > until_s:
                raise self._late()
            yield part

    def _late(self) -> CallFailed:
        hint = "raise the timeout, or show fewer frames"
        return CallFailed(f"no whole reply within {self._timeout_s:g} s", hint=hint)

    def _named_failures(self) -> _Named:
        return _Named(self)

    def failure(self, error: BaseException) -> CallFailed | None:
        """Return what an error of the client or of its transport means; None for any other error."""
        if isinstance(error, self._openai.APITimeoutError | self._transport.TimeoutException):
            return self._late()
        if isinstance(error, self._openai.APIStatusError):
            return self._refused(error)
        if isinstance(error, self._openai.APIConnectionError | self._transport.HTTPError):
            hint = "is the server running, and the address right? It usually ends in /v1"
            return CallFailed(f"no connection to {self._url}: {self._clean(str(error))}", hint=hint, again=True)
        if isinstance(error, self._openai.OpenAIError | ValueError):
            return CallFailed(f"the server's reply cannot be read: {self._clean(str(error))}")
        return None

    def _refused(self, error: Any) -> CallFailed:
        status = int(error.status_code)
        hints = {
            401: "is the key in the environment variable that key_env names?", 404: "is the model's name right?",
            429: "wait, or lower per_minute and concurrency", 413: "show fewer or smaller frames",
        }  # fmt: skip
        said = self._clean(str(error.message))
        return CallFailed(
            f"the server refused with {status}: {said}", hint=hints.get(status, ""), status=status,
            again=status == 429 or status >= 500, after_s=_seconds(error.response.headers.get("retry-after")),
        )  # fmt: skip

    def clean(self, text: str) -> str:
        """Return a text without the key."""
        return text.replace(self._key, "***") if self._key else text

    def _clean(self, text: str) -> str:
        """Return a server's words in short, on one line, without the key."""
        return " ".join(self.clean(text).split())[:SHOWN]


class _Named:
    """Turns the client's errors into ours."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if error is None or isinstance(error, CallFailed):
            return
        failure = self._wire.failure(error)
        if failure is not None:
            # The client's own error is not chained: its request carries the key.
            raise failure from None


def _seconds(header: str | None) -> float | None:
    """Return Retry-After in seconds from now (RFC 9110: seconds, or a date); None where it says nothing."""
    if not header:
        return None
    try:
        return max(0.0, float(header))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(header).timestamp() - time.time())
    except ValueError:
        return None


def _from_body(body: bytes, kind: str, attempt: int) -> Reply:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError) as error:
        shown = " ".join(body[:SHOWN].decode("utf-8", "replace").split())
        hint = "is the address the one of the API? It usually ends in /v1"
        raise CallFailed(f"the reply is no JSON but {kind or 'untyped'}: {shown!r}", hint=hint) from error
    choice = _first(said)
    message = _object(choice.get("message"))
    return Reply(
        text=_text(message.get("content")), finish=_text(choice.get("finish_reason")),
        refusal=_text(message.get("refusal")), served=_text(said.get("model")), tokens=_tokens(said.get("usage")),
        attempts=attempt,
    )  # fmt: skip


def _from_events(parts: Iterator[bytes], attempt: int, on_text: Callable[[str], None] | None) -> Reply:
    """Return the reply that server-sent events add up to."""
    texts: list[str] = []
    refusal, finish, served = "", "", ""
    tokens: dict[str, float] = {}
    for event in _events(parts):
        served = _text(event.get("model")) or served
        tokens = _tokens(event.get("usage")) or tokens
        choice = _first(event) if event.get("choices") or "error" in event else {}
        delta = _object(choice.get("delta"))
        finish = _text(choice.get("finish_reason")) or finish
        refusal += _text(delta.get("refusal"))
        text = _text(delta.get("content"))
        texts.append(text)
        if text and on_text is not None:
            on_text(text)
    if not finish:
        raise CallFailed("the stream ended before the reply did", again=True)
    return Reply(text="".join(texts), finish=finish, refusal=refusal, served=served, tokens=tokens, attempts=attempt)


def _events(parts: Iterator[bytes]) -> Iterator[dict[str, Any]]:
    left = b""
    for part in parts:
        *lines, left = (left + part).split(b"\n")
        for line in lines:
            data = line.strip().removeprefix(b"data:").strip()
            if not line.startswith(b"data:") or data == b"[DONE]":
                continue
            try:
                event = json.loads(data)
            except (ValueError, RecursionError) as error:
                raise CallFailed(f"an event of the stream is no JSON: {data[:SHOWN]!r}") from error
            if isinstance(event, dict):
                yield event


def _first(said: Any) -> dict[str, Any]:
    """Return the first choice of a reply. Raises CallFailed for an error inside it, or none."""
    if isinstance(said, dict) and said.get("error"):
        raise CallFailed(f"the server says: {json.dumps(said['error'])[:SHOWN]}")
    choices = said.get("choices") if isinstance(said, dict) else None
    if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
        raise CallFailed("the reply has no choices", hint="does the server speak OpenAI's chat completions?")
    return choices[0]


def _tokens(usage: Any) -> dict[str, float]:
    """Return the tokens that a server counted; none where it counted none."""
    names = {"prompt_tokens": "input_tokens", "completion_tokens": "output_tokens"}
    found = usage if isinstance(usage, dict) else {}
    return {ours: float(found[theirs]) for theirs, ours in names.items() if isinstance(found.get(theirs), int | float)}


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
