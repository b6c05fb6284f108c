"""A tokenizer that needs no file: byte-level BPE without merges, a token a byte, for small random checkpoints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sestina.models._torch import libraries


def byte_tokenizer(specials: Sequence[str], named: Mapping[str, str], *, ends: str = "", **roles: str) -> Any:
    """Return a tokenizer of one token a byte; `specials` come after the bytes, `named` are tokens a processor asks for.

    Args:
        specials: tokens that are never split.
        named: such as `image_token` to `<|image|>`.
        ends: token that every text is given at its end.
        **roles: such as `eos_token`.
    """
    import tokenizers

    _, transformers = libraries()
    alphabet = sorted(tokenizers.pre_tokenizers.ByteLevel.alphabet())
    core = tokenizers.Tokenizer(tokenizers.models.BPE(vocab={one: n for n, one in enumerate(alphabet)}, merges=[]))
    core.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    core.decoder = tokenizers.decoders.ByteLevel()
    core.add_special_tokens(list(specials))
    # As Llama's does: a text gets its first token, so a chat that writes its own must say that none is wanted.
    added = [one for one in (roles.get("bos_token", ""), ends) if one]
    if added:
        core.post_processor = tokenizers.processors.TemplateProcessing(
            single=f"{roles.get('bos_token', '')} $A {ends}".strip(),
            special_tokens=[(one, core.token_to_id(one)) for one in added],
        )
    return transformers.PreTrainedTokenizerFast(tokenizer_object=core, extra_special_tokens=dict(named), **roles)
