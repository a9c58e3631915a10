"""Low-rank adapters (Hu et al. 2022), through peft, which only training needs."""

from typing import Any

from torch import Tensor, nn

from spacy_ner_archs.extras import require_extra

ADAPTER = "default"
CANT_BE_MERGED = {"use_dora", "lora_bias", "modules_to_save", "trainable_token_indices"}


def add_lora(encoder: nn.Module, settings: dict[str, Any]) -> None:
    """Give an encoder adapters, if it has none yet; nothing else of it is trained then.

    settings: arguments of `peft.LoraConfig`, such as r, lora_alpha, lora_dropout, target_modules.
    """
    if _adapted(encoder):
        return
    for name in CANT_BE_MERGED & settings.keys():
        raise ValueError(f"lora: {name} can't be merged into the weights; leave it out")
    require_extra("lora", "low-rank adapters")
    from peft import LoraConfig, inject_adapter_in_model

    try:
        inject_adapter_in_model(LoraConfig(**settings), encoder, adapter_name=ADAPTER)
    except Exception as error:  # peft raises all kinds of them
        raise ValueError(f"lora: {' '.join(str(error).split())}") from None
    encoder.eval()


def merged_state(module: nn.Module, state: dict[str, Tensor]) -> dict[str, Tensor]:
    """A module's state as if it had never had adapters, with what they learned in its weights."""
    adapted = _adapted(module)
    merged = {
        name.replace(".base_layer.", "."): weights
        for name, weights in state.items()
        if ".lora_" not in name
    }
    for name, layer in adapted.items():
        key = f"{name}.weight"
        merged[key] = merged[key] + layer.get_delta_weight(ADAPTER).detach()
    return merged


def _adapted(module: nn.Module) -> dict[str, Any]:
    return {name: m for name, m in module.named_modules() if hasattr(m, "lora_A")}
