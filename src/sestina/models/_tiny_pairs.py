"""Small random image–text pairs in the published formats; they know nothing, and are made as `_tiny` makes models."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sestina.models._tokens import byte_tokenizer
from sestina.models._torch import libraries

TOWER = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4}
SEEN = {"image_size": 32, "patch_size": 8}
SIZE = {"height": 32, "width": 32}


def siglip() -> tuple[Any, Any]:
    """SigLIP (Zhai et al., 2023): 32 pixels, 16 patches, texts of 64 tokens."""
    _, transformers = libraries()
    tokenizer = byte_tokenizer(("<pad>", "</s>"), {}, ends="</s>", eos_token="</s>", pad_token="<pad>")
    tokenizer.model_input_names = ["input_ids"]
    processor = transformers.SiglipProcessor(transformers.SiglipImageProcessor(size=SIZE), tokenizer)
    config = transformers.SiglipConfig(
        text_config={**TOWER, "vocab_size": len(tokenizer), "max_position_embeddings": 64, "projection_size": 32},
        vision_config={**TOWER, **SEEN},
    )
    return transformers.SiglipModel(config), processor


def clip() -> tuple[Any, Any]:
    """CLIP (Radford et al., 2021): 32 pixels, 16 patches, texts of 77 tokens."""
    _, transformers = libraries()
    tokenizer = byte_tokenizer(("<pad>", "<|endoftext|>"), {}, ends="<|endoftext|>", eos_token="<|endoftext|>",
                               pad_token="<pad>")  # fmt: skip
    pictures = transformers.CLIPImageProcessor(size={"shortest_edge": 32}, crop_size=SIZE)
    config = transformers.CLIPConfig(
        text_config={**TOWER, "vocab_size": len(tokenizer), "eos_token_id": tokenizer.eos_token_id},
        vision_config={**TOWER, **SEEN}, projection_dim=24,
    )  # fmt: skip
    return transformers.CLIPModel(config), transformers.CLIPProcessor(pictures, tokenizer)


def save_perception(folder: Path) -> None:
    """Save a Perception Encoder (Bolya et al., 2025) in open_clip's format: texts of 32 tokens.

    The picture tower has the size of the smallest published one, 6 million weights: open_clip knows towers by name.
    """
    libraries()
    import open_clip
    from safetensors.torch import save_file

    config = {
        "embed_dim": 24,
        "vision_cfg": {
            "image_size": 384, "timm_model_name": "vit_pe_core_tiny_patch16_384", "timm_model_pretrained": False,
            "timm_pool": "map", "timm_proj": None,
        },
        "text_cfg": {"context_length": 32, "vocab_size": 49408, "width": 16, "heads": 2, "layers": 2},
        "custom_text": True,
    }  # fmt: skip
    seen = {"size": [384, 384], "mean": [0.5] * 3, "std": [0.5] * 3, "resize_mode": "squash"}
    network = open_clip.CustomTextCLIP(**{name: value for name, value in config.items() if name != "custom_text"})
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "open_clip_config.json").write_text(json.dumps({"model_cfg": config, "preprocess_cfg": seen}, indent=2))
    save_file({name: one.contiguous() for name, one in network.state_dict().items()},
              folder / "open_clip_model.safetensors")  # fmt: skip
