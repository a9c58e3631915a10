import contextlib
from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor, nn
from transformers import AutoConfig, AutoModel
from transformers.modeling_utils import no_init_weights
from transformers.utils import logging

from spacy_ner_archs.torch_layers.encoder_layers import layer_numbers, top_layer
from spacy_ner_archs.torch_layers.lora import add_lora, merged_state
from spacy_ner_archs.torch_layers.window_encoder import WindowEncoder

NO_LIMIT = 1_000_000_000
COUNTS_FROM_PADDING = "create_position_ids_from_inputs_embeds"


class TransformerEncoder(WindowEncoder):
    """A pretrained transformer (Devlin et al. 2019) over windows of sub-words.

    config: the transformer's settings, as Hugging Face's `PretrainedConfig.to_dict` gives them.
    pad_id: the sub-word that fills up shorter windows.
    max_padded: sub-words of a batch within one call, padding included.
    freeze_embeddings, freeze_layers: don't train the embeddings and the n lowest layers.
    learn_rate_factor: the optimizer's learning rate times this is that of the top layer.
    layer_decay: what each layer below has of the rate of the one above (Howard & Ruder 2018).
    lora: None, or arguments of `peft.LoraConfig`: then adapters are trained, and nothing else.

    Weights are single precision. `state_dict` has the adapters merged into them.
    """

    def __init__(
        self,
        *,
        config: dict[str, Any],
        pad_id: int,
        max_padded: int,
        freeze_embeddings: bool,
        freeze_layers: int,
        learn_rate_factor: float,
        layer_decay: float,
        lora: dict[str, Any] | None,
    ):
        super().__init__(pad_id=pad_id, max_padded=max_padded)
        self.freeze_embeddings = freeze_embeddings
        self.freeze_layers = freeze_layers
        self.learn_rate_factor = learn_rate_factor
        self.layer_decay = layer_decay
        self.lora = lora
        if lora is not None and (freeze_embeddings or freeze_layers):
            raise ValueError(
                "lora: trains adapters only; leave out freeze_embeddings and freeze_layers"
            )
        with no_init_weights():  # those of the pretrained encoder or of the stored one will come
            self._use(AutoModel.from_config(AutoConfig.for_model(**config)))

    def load_pretrained(self, name: str) -> None:
        """Take the weights of a folder, or of a model on the Hugging Face hub. Raises ValueError
        where they aren't those of such an encoder."""
        verbosity = logging.get_verbosity()
        logging.set_verbosity_error()  # it warns of a missing pooler
        try:
            encoder, info = AutoModel.from_pretrained(
                name, config=self.encoder.config, output_loading_info=True
            )
        finally:
            logging.set_verbosity(verbosity)
        missing = [key for key in info["missing_keys"] if "pooler" not in key]
        missing += [str(key) for key in info["mismatched_keys"]]
        if missing:
            raise ValueError(f"{len(missing)} weights aren't there, such as {missing[0]}")
        self._use(encoder.to(self.encoder.device))

    def add_adapters(self) -> None:
        """Have low-rank adapters, where they are wanted and aren't there yet. A stored encoder has
        none: they are added when training goes on."""
        if self.lora is not None:
            add_lora(self.encoder, self.lora)

    @property
    def max_positions(self) -> int:
        """Sub-words that the encoder has positions for; a huge number where they don't matter."""
        embeddings = getattr(self.encoder, "embeddings", None)
        # RoBERTa and its kin count from behind the padding's index
        first = self.pad_id + 1 if hasattr(embeddings, COUNTS_FROM_PADDING) else 0
        return getattr(self.encoder.config, "max_position_embeddings", NO_LIMIT) - first

    def _use(self, encoder: Any) -> None:
        if getattr(encoder, "pooler", None) is not None:
            encoder.pooler = None  # for sentences: it would never be trained
        self.encoder: Any = encoder.float().eval()
        self._set_trainable()

    def _set_trainable(self) -> None:
        n_layers = top_layer(self.encoder)
        if not 0 <= self.freeze_layers <= n_layers:
            raise ValueError(
                f"freeze_layers must be between 0 and the encoder's {n_layers} layers, "
                f"not {self.freeze_layers}"
            )
        for name, layer in layer_numbers(self.encoder).items():
            frozen = self.freeze_embeddings if layer == 0 else layer <= self.freeze_layers
            self.encoder.get_parameter(name).requires_grad_(not frozen)

    @property
    def learn_rate_factors(self) -> dict[str, float]:
        """What each parameter has of the optimizer's learning rate."""
        top = top_layer(self.encoder)
        return {
            f"encoder.{name}": self.learn_rate_factor * self.layer_decay ** max(0, top - layer)
            for name, layer in layer_numbers(self.encoder).items()
        }

    @property
    def width(self) -> int:  # type: ignore[override]
        return self.encoder.config.hidden_size

    @property
    def device(self) -> torch.device:  # type: ignore[override]
        return self.encoder.device

    def forward(
        self, windows: list[Tensor], cores: list[slice], *, has_dropout: bool = False
    ) -> Tensor:
        """As `WindowEncoder`. has_dropout: whether the transformer's own dropout is at work."""
        if windows and torch.is_grad_enabled():
            self.add_adapters()
        with _train_mode(self.encoder, has_dropout):
            return super().forward(windows, cores)

    def encode(self, ids: Tensor, mask: Tensor) -> Tensor:
        output = self.encoder(input_ids=ids, attention_mask=mask.long())
        return output.last_hidden_state.float()

    def state_dict(self, *args: Any, **kwargs: Any) -> Any:
        return merged_state(self, super().state_dict(*args, **kwargs))


@contextlib.contextmanager
def _train_mode(module: nn.Module, has_dropout: bool) -> Iterator[None]:
    """Hugging Face's modules take dropout from their state; but for this it is off."""
    if not has_dropout:
        yield
        return
    module.train()
    try:
        yield
    finally:
        module.eval()
