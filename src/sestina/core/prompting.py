"""What a model is asked and how: frames with their times, a question, and the form that the reply must have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sestina.core.frames import Picture


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """One call to a model.

    Args:
        question: what is asked, in words; the instructions of whoever asks, never text found in a video.
        frames: in order of time; each is shown with its time before it.
        material: text found in the video (speech, on-screen text), by name. It is data: a model is given it quoted and
            delimited, and told that nothing in it is an instruction.
        system: who the model is to be.
        schema: JSON Schema of the reply; None for free text.
        max_tokens: of the reply.
        temperature: 0 for the likeliest reply.
        seed: of the drawing, where the model draws.
    """

    question: str
    frames: tuple[Picture, ...] = ()
    material: Mapping[str, str] = field(default_factory=dict)
    system: str = ""
    schema: Mapping[str, Any] | None = None
    max_tokens: int = 1024
    temperature: float = 0.0
    seed: int = 0


@dataclass(frozen=True, kw_only=True)
class ModelSetting:
    """Which model, and how it runs; what a registered model is made from.

    Args:
        name: of the weights or of the served model: a hub id, a folder, or what the server calls it; "": the default.
        base_url: http only: address of the server, such as http://localhost:8000/v1.
        key_env: http only: name of the environment variable that holds the key; the key itself is never stored.
        device: local only: cpu, cuda, mps; "" chooses.
        dtype: local only: float32, bfloat16, float16; "" chooses.
        quantise: local only: "" or 4bit or 8bit.
        timeout_s: of one call.
        attempts: http only: how often a retryable failure is tried in all.
        concurrency: http only: calls under way at the same time.
        allow_download: whether weights may be fetched; without it a missing model is an error with size and licence.
        options: anything further that one kind of model knows.
    """

    name: str = ""
    base_url: str = ""
    key_env: str = "OPENAI_API_KEY"
    device: str = ""
    dtype: str = ""
    quantise: str = ""
    timeout_s: float = 120.0
    attempts: int = 4
    concurrency: int = 4
    allow_download: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What a model takes: frames in one call, tokens of context, tokens that one frame costs at least; 0: not known."""

    frames: int = 0
    context_tokens: int = 0
    tokens_per_frame: int = 0
