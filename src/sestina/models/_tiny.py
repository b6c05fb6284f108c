"""Small random checkpoints in the published format: for tests, docs and trying things out; they know nothing.

Architecture, processor and chat layout are the real ones, sizes are not, and every weight is drawn from a seed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sestina.core.errors import unknown
from sestina.models import _tiny_pairs
from sestina.models._tokens import byte_tokenizer
from sestina.models._torch import libraries

LLAMA_CHAT = (
    "{{ bos_token }}{% for message in messages %}<|start_header_id|>{{ message.role }}<|end_header_id|>\n\n"
    "{% if message.content is string %}{{ message.content }}{% else %}"
    "{% for part in message.content if part.type == 'image' %}<|image|>{% endfor %}"
    "{% for part in message.content if part.type == 'video' %}<|video|>{% endfor %}"
    "{% for part in message.content if part.type == 'text' %}{{ part.text }}{% endfor %}"
    "{% endif %}<|eot_id|>{% endfor %}"
    "{% if add_generation_prompt %}<|start_header_id|>assistant<|end_header_id|>\n\n{% endif %}"
)
"""Llama 3's chat, everything seen before everything said, as Perception LM is shown it."""
CHATML = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n"
    "{% if message.content is string %}{{ message.content }}{% else %}{% for part in message.content %}"
    "{% if part.type == 'image' %}{{ image }}{% elif part.type == 'video' %}{{ video }}"
    "{% else %}{{ part.text }}{% endif %}{% endfor %}{% endif %}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
"""Parts in the order they come, as Qwen and InternVL are shown them; `image` and `video` differ."""


def save_tiny(kind: str, folder: Path, *, seed: int = 0) -> None:
    """Save a small random checkpoint of `kind` with its processor into `folder`.

    Raises UnknownComponent for another kind than those of `KINDS`, MissingExtra without torch and transformers.
    """
    if kind not in KINDS:
        raise unknown("tiny checkpoint", kind, KINDS)
    torch, _ = libraries()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        if kind == "perception":
            return _tiny_pairs.save_perception(folder)
        network, processor = MADE[kind]()
    folder.mkdir(parents=True, exist_ok=True)
    network.save_pretrained(folder)
    processor.save_pretrained(folder)
    return None


def _llama(tokenizer: Any) -> Any:
    """Return the settings of a small language model."""
    _, transformers = libraries()
    return transformers.LlamaConfig(
        vocab_size=len(tokenizer), hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2, max_position_embeddings=8192, bos_token_id=None, eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )  # fmt: skip


def _plm() -> tuple[Any, Any]:
    """Perception LM (Cho et al., 2025): 56-pixel tiles, 4 tokens each, at most 4 tiles."""
    _, transformers = libraries()
    specials = (
        "<|begin_of_text|>", "<|end_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>", "<|image|>",
        "<|video|>",
    )  # fmt: skip
    tokenizer = byte_tokenizer(
        specials, {"image_token": "<|image|>", "video_token": "<|video|>"}, bos_token="<|begin_of_text|>",
        eos_token="<|eot_id|>", pad_token="<|end_of_text|>",
    )  # fmt: skip
    size = {"height": 56, "width": 56}
    processor = transformers.PerceptionLMProcessor(
        image_processor=transformers.PerceptionLMImageProcessor(tile_size=56, max_num_tiles=4),
        video_processor=transformers.PerceptionLMVideoProcessor(size=size), tokenizer=tokenizer, patch_size=14,
        pooling_ratio=2, chat_template=LLAMA_CHAT,
    )  # fmt: skip
    vision = {
        "model_type": "timm_wrapper", "architecture": "vit_pe_core_large_patch14_336", "do_pooling": False,
        "num_classes": 0, "global_pool": "",
        "model_args": {
            "embed_dim": 64, "img_size": (56, 56), "depth": 2, "num_heads": 4, "global_pool": "",
            "use_post_transformer_norm": False, "init_values": 0.1, "ref_feat_shape": (4, 4),
        },
    }  # fmt: skip
    config = transformers.PerceptionLMConfig(
        vision_config=vision, text_config=_llama(tokenizer).to_dict(), vision_use_cls_token=True,
        projector_pooling_ratio=2, image_token_id=tokenizer.image_token_id, video_token_id=tokenizer.video_token_id,
    )  # fmt: skip
    return transformers.PerceptionLMForConditionalGeneration(config), processor


def _qwen_tokenizer() -> Any:
    specials = (
        "<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|vision_start|>", "<|vision_end|>", "<|image_pad|>",
        "<|video_pad|>",
    )  # fmt: skip
    named = {
        "image_token": "<|image_pad|>", "video_token": "<|video_pad|>", "vision_start_token": "<|vision_start|>",
        "vision_end_token": "<|vision_end|>",
    }  # fmt: skip
    return byte_tokenizer(specials, named, eos_token="<|im_end|>", pad_token="<|endoftext|>")


def _chatml(image: str, video: str) -> str:
    return CHATML.replace("{{ image }}", image).replace("{{ video }}", video)


QWEN_CHAT = _chatml("<|vision_start|><|image_pad|><|vision_end|>", "<|vision_start|><|video_pad|><|vision_end|>")
QWEN_SIZE = {"shortest_edge": 32 * 32, "longest_edge": 64 * 64 * 64}
"""Pixels of a whole picture or video at least and at most."""


def _qwen3vl() -> tuple[Any, Any]:
    """Qwen3-VL (Bai et al., 2025): 16-pixel patches, two frames a step, each step after its time in words."""
    _, transformers = libraries()
    tokenizer = _qwen_tokenizer()
    processor = transformers.Qwen3VLProcessor(
        image_processor=transformers.Qwen2VLImageProcessor(patch_size=16, size=QWEN_SIZE), tokenizer=tokenizer,
        video_processor=transformers.Qwen3VLVideoProcessor(size=QWEN_SIZE), chat_template=QWEN_CHAT,
    )  # fmt: skip
    text = {
        "vocab_size": len(tokenizer), "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2,
        "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 8, "max_position_embeddings": 8192,
        "rope_parameters": {"rope_type": "default", "rope_theta": 10000.0, "mrope_section": [2, 1, 1],
                            "mrope_interleaved": True},
    }  # fmt: skip
    vision = {
        "depth": 2, "hidden_size": 32, "intermediate_size": 64, "num_heads": 4, "out_hidden_size": 32,
        "num_position_embeddings": 16, "deepstack_visual_indexes": [0, 1],
    }  # fmt: skip
    config = transformers.Qwen3VLConfig(text_config=text, vision_config=vision, **_qwen_ids(tokenizer))
    return transformers.Qwen3VLForConditionalGeneration(config), processor


def _qwen25vl() -> tuple[Any, Any]:
    """Qwen2.5-VL (Bai et al., 2025): 14-pixel patches, two frames a step, time in the positions."""
    _, transformers = libraries()
    tokenizer = _qwen_tokenizer()
    size = {"shortest_edge": 28 * 28, "longest_edge": 56 * 56 * 64}
    processor = transformers.Qwen2_5_VLProcessor(
        image_processor=transformers.Qwen2VLImageProcessor(size=size), tokenizer=tokenizer,
        video_processor=transformers.Qwen2VLVideoProcessor(size=size), chat_template=QWEN_CHAT,
    )  # fmt: skip
    text = {
        "vocab_size": len(tokenizer), "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2,
        "num_attention_heads": 4, "num_key_value_heads": 2, "max_position_embeddings": 8192,
        "rope_parameters": {"rope_type": "default", "rope_theta": 10000.0, "mrope_section": [2, 1, 1]},
    }  # fmt: skip
    vision = {
        "depth": 2, "hidden_size": 32, "intermediate_size": 64, "num_heads": 4, "out_hidden_size": 32,
        "window_size": 56, "fullatt_block_indexes": [1], "tokens_per_second": 2,
    }  # fmt: skip
    config = transformers.Qwen2_5_VLConfig(text_config=text, vision_config=vision, **_qwen_ids(tokenizer))
    return transformers.Qwen2_5_VLForConditionalGeneration(config), processor


def _qwen_ids(tokenizer: Any) -> dict[str, int]:
    names = ("image_token", "video_token", "vision_start_token", "vision_end_token")
    return {f"{name}_id": tokenizer.convert_tokens_to_ids(getattr(tokenizer, name)) for name in names}


def _smolvlm() -> tuple[Any, Any]:
    """SmolVLM2 (Marafioti et al., 2025): 64-pixel frames of 16 patches, 4 tokens each, each after its minute."""
    _, transformers = libraries()
    specials = (
        "<|im_start|>", "<end_of_utterance>", "<image>", "<video>", "<fake_token_around_image>", "<global-img>",
        "<|endoftext|>", *(f"<row_{row}_col_{column}>" for row in range(1, 3) for column in range(1, 3)),
    )  # fmt: skip
    named = {
        "image_token": "<image>", "fake_image_token": "<fake_token_around_image>", "global_image_token": "<global-img>",
        "end_of_utterance_token": "<end_of_utterance>", "video_token": "<video>",
    }  # fmt: skip
    tokenizer = byte_tokenizer(specials, named, eos_token="<end_of_utterance>", pad_token="<|endoftext|>")
    side = {"longest_edge": 64}
    processor = transformers.SmolVLMProcessor(
        transformers.SmolVLMImageProcessor(size={"longest_edge": 128}, max_image_size=side), tokenizer,
        transformers.SmolVLMVideoProcessor(size=side, max_image_size=side, num_frames=64, fps=1), image_seq_len=4,
        chat_template=transformers.models.smolvlm.processing_smolvlm.DEFAULT_CHAT_TEMPLATE,
    )  # fmt: skip
    vision = {
        "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4, "image_size": 64,
        "patch_size": 16,
    }  # fmt: skip
    config = transformers.SmolVLMConfig(
        vision_config=vision, text_config=_llama(tokenizer).to_dict(), scale_factor=2,
        image_token_id=tokenizer.convert_tokens_to_ids("<image>"), pad_token_id=tokenizer.pad_token_id,
    )  # fmt: skip
    return transformers.SmolVLMForConditionalGeneration(config), processor


def _internvl() -> tuple[Any, Any]:
    """InternVL 3 (Zhu et al., 2025): 56-pixel tiles of 16 patches, 4 tokens each, frames numbered in words."""
    _, transformers = libraries()
    specials = ("<|endoftext|>", "<|im_start|>", "<|im_end|>", "<img>", "</img>", "<IMG_CONTEXT>", "<video>")
    named = {
        "start_image_token": "<img>", "end_image_token": "</img>", "context_image_token": "<IMG_CONTEXT>",
        "video_token": "<video>",
    }  # fmt: skip
    tokenizer = byte_tokenizer(specials, named, eos_token="<|im_end|>", pad_token="<|endoftext|>")
    size = {"height": 56, "width": 56}
    processor = transformers.InternVLProcessor(
        image_processor=transformers.GotOcr2ImageProcessor(size=size, max_patches=4, crop_to_patches=True),
        video_processor=transformers.InternVLVideoProcessor(size=size), tokenizer=tokenizer, image_seq_length=4,
        chat_template=_chatml("<IMG_CONTEXT>\n", "<video>\n"),
    )  # fmt: skip
    vision = {
        "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4,
        "image_size": [56, 56], "patch_size": [14, 14],
    }  # fmt: skip
    config = transformers.InternVLConfig(
        vision_config=vision, text_config=_llama(tokenizer).to_dict(), downsample_ratio=0.5, image_seq_length=4,
        image_token_id=tokenizer.convert_tokens_to_ids("<IMG_CONTEXT>"),
    )  # fmt: skip
    return transformers.InternVLForConditionalGeneration(config), processor


MADE: Mapping[str, Callable[[], tuple[Any, Any]]] = {
    "plm": _plm, "qwen3vl": _qwen3vl, "qwen25vl": _qwen25vl, "smolvlm": _smolvlm, "internvl": _internvl,
    "siglip": _tiny_pairs.siglip, "clip": _tiny_pairs.clip,
}  # fmt: skip
KINDS = (*MADE, "perception")
"""Kinds of checkpoints; the last three are embedders."""
