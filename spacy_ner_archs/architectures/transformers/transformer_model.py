from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, Literal

from spacy.tokens import Doc
from thinc.api import Model
from torch import Tensor, nn

from spacy_ner_archs.architectures.checks import at_least
from spacy_ner_archs.architectures.transformers.subword_tokenizer import Subwords, SubwordTokenizer
from spacy_ner_archs.architectures.transformers.subword_windows import windows_of_doc
from spacy_ner_archs.architectures.transformers.transformer_embed import (
    replace_listener,
    replace_listener_cfg,
)
from spacy_ner_archs.extras import require_extra
from spacy_ner_archs.thinc_layers.conversion import to_lists
from spacy_ner_archs.thinc_layers.torch_shim import TorchShim, shim_of
from spacy_ner_archs.torch_layers.precision import Dtype, check_dtype


def TransformerModel(
    name: str | None,
    window: int = 256,
    context: int = 32,
    unit: Literal["doc", "sentence"] = "doc",
    max_padded: int = 2048,
    freeze_embeddings: bool = False,
    freeze_layers: int = 0,
    learn_rate_factor: float = 1.0,
    layer_decay: float = 1.0,
    lora: dict[str, Any] | None = None,
    dtype: Dtype = "float32",
    mixed_precision: bool | None = None,
    tokenizer_config: dict[str, Any] | None = None,
    transformer_config: dict[str, Any] | None = None,
) -> Model[list[Doc], Any]:
    """A pretrained transformer (Devlin et al. 2019) for spacy-transformers' `transformer`
    component, in place of its own `TransformerModel`.

    Docs are read in windows that are counted in sub-words, so that nothing is cut off: each word's
    vectors come from one window, which reads some sub-words around it, too. With unit = "sentence"
    a window is a sentence and its neighbours (Schweter & Akbik 2020, FLERT); sentences must be set
    by a component before this one.

    name (Optional[str]): Folder of the encoder, or its name on the Hugging Face hub. It is read at
        initialisation only, and stored in the pipeline.
    window (int): Sub-words of a window at most, the special ones included; less where the encoder
        can't read as many.
    context (int): Sub-words that a window reads at most on either side of what it is for.
    unit (str): What a window is for: a "doc", or a part of it where it is longer; or a "sentence".
    max_padded (int): Sub-words of a batch at most, padding included. Windows are sorted by length.
    freeze_embeddings (bool): Don't train the embeddings of the sub-words.
    freeze_layers (int): Number of layers, from the lowest, that aren't trained.
    learn_rate_factor (float): The top layer's learning rate, as a share of the optimizer's.
    layer_decay (float): Each lower layer's learning rate, as a share of that above it.
    lora (Optional[Dict[str, Any]]): Train low-rank adapters (Hu et al. 2022) and nothing else of
        the transformer: arguments of `peft.LoraConfig`, such as r, lora_alpha, lora_dropout and
        target_modules. They are merged into the weights that are stored.
    dtype (str): What the encoder computes in: "float32", "bfloat16", or "auto", which is bfloat16
        where the processor or GPU is made for it. Weights are float32.
    mixed_precision (Optional[bool]): Of configs from before there was a dtype: true is "auto",
        false is "float32".
    tokenizer_config (Optional[Dict[str, Any]]): Arguments for the tokenizer's `from_pretrained`.
    transformer_config (Optional[Dict[str, Any]]): Settings of the encoder that are to differ from
        its own, such as hidden_dropout_prob. Its dropout is at work where training has any.
    """
    require_extra("transformers", "transformers")
    check_windows(window, context, unit)
    at_least(1, "TransformerModel", max_padded=max_padded)
    shim_config = {
        "max_padded": max_padded,
        "freeze_embeddings": freeze_embeddings,
        "freeze_layers": freeze_layers,
        "learn_rate_factor": learn_rate_factor,
        "layer_decay": layer_decay,
        "lora": lora,
        "transformer_config": transformer_config or {},
    }
    return windowed_model(
        "transformer",
        forward,
        TorchShim(
            build_encoder,
            shim_config,
            all_threads=True,
            dtype=_dtype_of(dtype, mixed_precision),
        ),
        partial(init, name=name, transformer_config=transformer_config or {}),
        partial(read_docs, window=window, context=context, unit=unit),
        SubwordTokenizer({}, tokenizer_config or {}),
    )


def windowed_model(
    name: str,
    forward: Callable,
    shim: TorchShim,
    init: Callable,
    read_docs: Callable,
    tokenizer: SubwordTokenizer,
) -> Model[list[Doc], Any]:
    """A model whose shim has a `WindowEncoder`."""
    return Model(
        name,
        forward,
        init=init,
        dims={"nO": None},
        attrs={
            "tokenizer": tokenizer,
            "read_docs": read_docs,
            "dropout_rate": 0.0,
            "replace_listener": replace_listener,
            "replace_listener_cfg": replace_listener_cfg,
        },
        shims=[shim],
    )


def _dtype_of(dtype: Dtype, mixed_precision: bool | None) -> Dtype:
    check_dtype(dtype)
    if mixed_precision is None:
        return dtype
    if dtype != "float32":
        raise ValueError(
            f'dtype = "{dtype}" takes the place of mixed_precision: set mixed_precision = null'
        )
    return "auto" if mixed_precision else "float32"


def build_encoder(
    *, config: dict[str, Any], transformer_config: dict[str, Any], **settings: Any
) -> nn.Module:
    from spacy_ner_archs.torch_layers.transformer_encoder import TransformerEncoder

    settings.pop("mixed_precision", None)  # older versions stored it
    return TransformerEncoder(config={**config, **transformer_config}, **settings)


def forward(model: Model, docs: list[Doc], is_train: bool) -> tuple[Any, Callable]:
    from spacy_ner_archs.architectures.transformers.subword_batch import SubwordBatch

    words, windows, cores = model.attrs["read_docs"](model, docs)
    dropout = {"has_dropout": True} if is_train and model.attrs["dropout_rate"] > 0 else {}
    Y, backprop_torch = shim_of(model)((windows, cores), is_train, **dropout)
    lengths = [sum(len(word.ids) for word in doc) for doc in words]
    batch = SubwordBatch.of_docs(to_lists(model, Y, lengths), words)

    def backprop(d_batch: SubwordBatch) -> list[Doc]:
        if windows:  # else no doc has any sub-words
            backprop_torch(d_batch.model_output["last_hidden_state"][0])
        return docs

    return batch, backprop


def read_docs(
    model: Model, docs: list[Doc], *, window: int, context: int, unit: str
) -> tuple[list[list[Subwords]], list[Tensor], list[slice]]:
    """Sub-words of each doc's words; the windows of all docs, and the core of each."""
    tokenizer: SubwordTokenizer = model.attrs["tokenizer"]
    special = tokenizer.special_ids
    limit = min(window, tokenizer.max_length, shim_of(model).module.max_positions)
    room = limit - sum(len(ids) for ids in special)
    if room < 4:
        raise ValueError(f"the encoder reads {limit} sub-words at most, which is too few")
    context = min(context, room // 4)
    words = tokenizer.split_docs(docs, max_subwords=room - 2 * context)
    windows, cores = [], []
    for doc, doc_words in zip(docs, words, strict=True):
        if doc_words:
            units = _units(doc, unit)
            for ids, core in windows_of_doc(doc_words, units, special, room, context):
                windows.append(ids)
                cores.append(core)
    return words, windows, cores


def _units(doc: Doc, unit: str) -> list[tuple[int, int]]:
    if unit == "doc":
        return [(0, len(doc))]
    if not doc.has_annotation("SENT_START"):
        raise ValueError(
            "the transformer reads sentences (unit = sentence), and none are set: put a component "
            "that sets them, such as sentencizer, before it, and among annotating_components"
        )
    return [(sentence.start, sentence.end) for sentence in doc.sents]


def init(
    model: Model,
    X: list[Doc] | None = None,
    Y: Any = None,
    *,
    name: str | None,
    transformer_config: dict[str, Any],
) -> None:
    if shim_of(model).is_built:  # loaded, or trained
        return
    from transformers import AutoConfig

    if not name:
        raise ValueError(
            "no encoder: set its folder or name, as in --paths.encoder bert-base-cased"
        )
    with _failing_to_load(name):
        own = AutoConfig.from_pretrained(name)
        config, unknown = AutoConfig.from_pretrained(
            name, **transformer_config, return_unused_kwargs=True
        )
        tokenizer = SubwordTokenizer.from_pretrained(name, model.attrs["tokenizer"].settings)
    if unknown:
        raise ValueError(f"transformer_config: encoder {name} has no {', '.join(unknown)}")
    shim_of(model).build(config=own.to_dict(), pad_id=tokenizer.pad_id)
    with _failing_to_load(name):
        shim_of(model).module.load_pretrained(name)
    shim_of(model).module.add_adapters()
    model.attrs["tokenizer"] = tokenizer
    model.set_dim("nO", config.hidden_size)


@contextmanager
def _failing_to_load(name: str) -> Iterator[None]:
    try:
        yield
    except Exception as error:  # transformers raises all kinds of them
        reason = " ".join(str(error).split())
        raise ValueError(
            f"encoder {name}: neither a folder with an encoder nor a model that could be fetched; "
            "without a network give a folder that has config.json, weights and tokenizer "
            f"({reason:.200})"
        ) from None


def check_windows(window: int, context: int, unit: str) -> None:
    if unit not in ("doc", "sentence"):
        raise ValueError(f"unit must be doc or sentence, not {unit}")
    if not 0 <= 4 * context <= window or window < 8:
        raise ValueError(
            f"window must be at least 8, and context at most a quarter of it, not {window} and "
            f"{context}"
        )
