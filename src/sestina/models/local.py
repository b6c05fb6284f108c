"""Models in this process, through transformers: Perception LM, Qwen-VL, SmolVLM2, InternVL and their like.

The frames that are given are the frames that are seen: no processor samples again. A schema goes in words, and a reply
without the form is sent back once.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from sestina.core.card import Card
from sestina.core.errors import SestinaError
from sestina.core.exchange import Answer
from sestina.core.prompting import Limits, ModelSetting, Prompt
from sestina.core.registry import models
from sestina.models._families import FAMILIES, OTHER, Shown, shown, text_part
from sestina.models._load import Loaded, load
from sestina.models._region import with_regions
from sestina.models._schema import parsed
from sestina.models._wording import quoted, repair_text

OPTIONS: Mapping[str, Any] = {"times": "auto", "regions": (), "revision": None}
"""Settings of this kind beyond the common ones: docs/models.md explains them."""
TIMES = ("auto", "listed", "none")
REPAIRED = 4000
"""Letters of a reply that are sent back when it has not the form."""


@models.register(
    "local",
    card=Card(summary="Models of transformers in this process, on CPU, CUDA or MPS.", needs=("local",)),
    packages=("torch", "torchvision", "transformers"),
)
class Local:
    """See the module.

    Args:
        setting: `name` is a hub id or a folder; device, dtype and quantise as they say; options `times`, `regions`
            (rows of time_s, x1, y1, x2, y2 in pixels, outlined in red) and `revision`.

    Raises MissingExtra without torch and transformers; ModelError for weights that are not here, not of a model that
    looks at pictures, damaged, or too large; SestinaError for an option that is none.
    """

    def __init__(self, setting: ModelSetting) -> None:
        self._options = _checked(setting.options)
        self._setting = setting
        self._loaded: Loaded = load(setting)
        self.processor, self.network = self._loaded.processor, self._loaded.network
        self.family = FAMILIES.get(self._loaded.model_type, OTHER)
        self._lock = threading.Lock()
        self._commands = self._special_tokens()
        self.limits = Limits(
            frames=self.family.frames, context_tokens=self._context(), tokens_per_frame=self._tokens_per_frame()
        )

    def describe(self) -> Mapping[str, Any]:
        """Return kind, name, a fingerprint of the weights, number format, device, and the options."""
        loaded, setting = self._loaded, self._setting
        return {
            "kind": "local", "name": setting.name, "architecture": loaded.model_type, "weights": loaded.fingerprint,
            "dtype": str(loaded.dtype).removeprefix("torch."), "quantise": setting.quantise, "device": loaded.device,
            "transformers": loaded.version, **self._options,
        }  # fmt: skip

    def inputs(self, prompt: Prompt) -> Mapping[str, Any]:
        """Return what the network is given for a prompt: tensors by name, a batch of one. Raises ValueError."""
        return self._inputs(self._shown(prompt))

    def logits(self, prompt: Prompt) -> npt.NDArray[np.float32]:
        """Return the scores of the first word of a reply, float32 [vocabulary]. Raises ValueError, RuntimeError."""
        torch = self._loaded.torch
        with torch.inference_mode(), self._lock:
            scores = self.network(**self.inputs(prompt)).logits[0, -1]
        return np.asarray(scores.float().cpu().numpy(), np.float32)

    def answer(self, prompt: Prompt) -> Answer:
        """Return the reply; `usage`: wall_s, calls, tokens, cut_off where max_tokens ended it, off_form."""
        return self.answers([prompt])[0]

    def answers(self, prompts: Sequence[Prompt]) -> list[Answer]:
        """Return one reply a prompt, in order; inputs of equal shapes go through the network together."""
        found: dict[int, Answer] = {}
        groups: dict[Any, list[tuple[int, Mapping[str, Any]]]] = defaultdict(list)
        for index, prompt in enumerate(prompts):
            try:
                inputs = self._fitting(prompt, self._shown(prompt))
            except (ValueError, RuntimeError) as error:
                found[index] = Answer(error=_line(error), usage={"wall_s": 0.0})
                continue
            groups[self._alike(prompt, inputs, index)].append((index, inputs))
        for group in groups.values():
            asked = [prompts[index] for index, _ in group]
            for (index, _), answer in zip(group, self._together(asked, [one for _, one in group]), strict=True):
                found[index] = answer
        return [found[index] for index in range(len(prompts))]

    def _alike(self, prompt: Prompt, inputs: Mapping[str, Any], index: int) -> Any:
        """Return what prompts that go together have in common; what is drawn goes alone, each with its seed."""
        shapes = tuple((name, tuple(value.shape)) for name, value in inputs.items())
        return shapes, prompt.max_tokens, index if prompt.temperature > 0 else -1

    def _together(self, prompts: list[Prompt], inputs: list[Mapping[str, Any]]) -> list[Answer]:
        begun_s = time.monotonic()
        try:
            drafts = self._generate(prompts[0], inputs)
        except (ValueError, RuntimeError) as error:
            return [Answer(error=_line(error), usage={"wall_s": time.monotonic() - begun_s})] * len(prompts)
        share_s = (time.monotonic() - begun_s) / len(prompts)
        drafts = [replace(one, usage={**one.usage, "wall_s": share_s}) for one in drafts]
        return [self._formed(prompt, draft) for prompt, draft in zip(prompts, drafts, strict=True)]

    def _formed(self, prompt: Prompt, draft: Answer) -> Answer:
        """Return a draft in the form asked for, after one repair if need be."""
        if prompt.schema is None or draft.error:
            return draft
        value, wrong = parsed(draft.text or "", prompt.schema)
        if not wrong:
            return replace(draft, parsed=value)
        begun_s = time.monotonic()
        try:
            again = self._shown(prompt).then(
                {"role": "assistant", "content": [text_part(quoted((draft.text or "")[:REPAIRED]))]},
                {"role": "user", "content": [text_part(repair_text(wrong, prompt.schema))]},
            )
            second = self._generate(prompt, [self._fitting(prompt, again)])[0]
        except (ValueError, RuntimeError) as error:
            second = Answer(error=_line(error))
        better, still = parsed(second.text or "", prompt.schema)
        both = (draft.usage, second.usage, {"wall_s": time.monotonic() - begun_s})
        usage = {name: sum(one.get(name, 0.0) for one in both) for one in both for name in one}
        failed = second.error or ("" if better is not None else still)
        if failed and value is None:
            cut = " (cut off: raise max_tokens)" if second.usage.get("cut_off") else ""
            text = second.text or draft.text
            return Answer(text=text, error=f"no reply of the form asked for: {failed}{cut}", usage=usage)
        if failed or still:
            usage["off_form"] = 1.0
        return replace(draft if failed else second, parsed=value if failed else better, usage=usage)

    def _generate(self, prompt: Prompt, inputs: list[Mapping[str, Any]]) -> list[Answer]:
        """Return one unparsed reply an input; all inputs have equal shapes. Raises ValueError, RuntimeError."""
        torch, tokenizer = self._loaded.torch, self.processor.tokenizer
        batch = {name: torch.cat([one[name] for one in inputs]) for name in inputs[0]}
        likeliest = {"do_sample": False, "temperature": None, "top_p": None, "top_k": None}
        how = {"do_sample": True, "temperature": prompt.temperature} if prompt.temperature > 0 else likeliest
        begun_s = time.monotonic()
        with self._lock, torch.inference_mode(), torch.random.fork_rng():
            torch.manual_seed(prompt.seed)
            tokens = self.network.generate(
                **batch, max_new_tokens=prompt.max_tokens, max_time=self._setting.timeout_s,
                pad_token_id=self._loaded.pad_id, **how,
            )  # fmt: skip
        late = time.monotonic() - begun_s > self._setting.timeout_s
        asked = batch["input_ids"].shape[1]
        return [self._draft(tokenizer, row[asked:].tolist(), asked, prompt.max_tokens, late) for row in tokens]

    def _draft(self, tokenizer: Any, new: list[int], asked: int, most: int, late: bool) -> Answer:
        ended = next((index for index, token in enumerate(new) if token in self._loaded.end_ids), None)
        kept = new if ended is None else new[:ended]
        text = tokenizer.decode(kept, skip_special_tokens=True).strip()
        usage = {"calls": 1.0, "input_tokens": float(asked), "output_tokens": float(len(kept))}
        if ended is None and len(new) < most and late:
            return Answer(text=text, error=f"no whole reply within {self._setting.timeout_s:g} s", usage=usage)
        if ended is None:
            usage["cut_off"] = 1.0
        return Answer(text=text, error=None if text else "the reply is empty", usage=usage)

    def _shown(self, prompt: Prompt) -> Shown:
        for said in (prompt.question, prompt.system):
            token = next((one for one in self._commands if one in said), None)
            if token is not None:
                raise ValueError(f"the question holds {token}, which the model reads as a command: leave it out")
        marked = replace(prompt, frames=with_regions(prompt.frames, self._options["regions"]))
        return shown(marked, self.family, times=self._options["times"])

    def _inputs(self, what: Shown) -> Mapping[str, Any]:
        text = self.processor.apply_chat_template(what.turns, add_generation_prompt=True, tokenize=False)
        seen: dict[str, Any] = {"images": what.images} if what.images else {}
        if what.videos:
            seen |= {"videos": what.videos, "video_metadata": what.metadata, "do_sample_frames": False}
        begins = self.processor.tokenizer.bos_token
        # A chat that writes its own first token must not get a second one.
        found = self.processor(
            text=[text], return_tensors="pt", add_special_tokens=not (begins and text.startswith(begins)), **seen
        )
        return self._loaded.placed(found)

    def _fitting(self, prompt: Prompt, what: Shown) -> Mapping[str, Any]:
        """Return the inputs. Raises ValueError where they and the reply are longer than the context."""
        inputs = self._inputs(what)
        count, most = int(inputs["input_ids"].shape[1]), self.limits.context_tokens
        if most and count + prompt.max_tokens > most:
            raise ValueError(
                f"{count} tokens of frames and words and {prompt.max_tokens} of reply, but the context holds {most}: "
                "show fewer frames"
            )
        return inputs

    def _context(self) -> int:
        text = self.network.config.get_text_config()
        return int(getattr(text, "max_position_embeddings", 0) or 0)

    def _tokens_per_frame(self) -> int:
        """Return the tokens of one video frame where that is a fixed number: Perception LM's; else 0."""
        if self._loaded.model_type != "perception_lm":
            return 0
        size, step = self.processor.video_processor.size, self.processor.patch_size
        ratio = self.processor.pooling_ratio
        return int((size["height"] // step // ratio) * (size["width"] // step // ratio))

    def _special_tokens(self) -> tuple[str, ...]:
        tokens = self.processor.tokenizer.added_tokens_decoder.values()
        return tuple(str(token) for token in tokens if token.special)


def _checked(options: Mapping[str, Any]) -> dict[str, Any]:
    strange = sorted(set(options) - set(OPTIONS))
    if strange:
        raise SestinaError(f"local has no option {strange[0]!r}", hint=f"it has: {', '.join(OPTIONS)}")
    checked = {**OPTIONS, **options}
    if checked["times"] not in TIMES:
        raise SestinaError(f"times cannot be {checked['times']!r}", hint=f"one of: {', '.join(TIMES)}")
    if any(len(row) != 5 for row in checked["regions"]):
        raise SestinaError("a region is time_s, x1, y1, x2, y2", hint="five numbers a row")
    return checked


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())[:300] or type(error).__name__
