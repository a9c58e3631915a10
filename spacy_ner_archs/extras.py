"""The extras of pyproject.toml, and the line that a user reads where one is missing."""

from importlib.util import find_spec

LABORATORY = ("matplotlib", "rich", "scipy", "seqeval")
#: The modules of an extra that are imported only where it was asked for.
MODULES = {
    "project": LABORATORY,
    "tune": (*LABORATORY, "optuna"),
    "transformers": ("spacy_transformers",),
    "lora": ("peft",),
    "hub": (*LABORATORY, "huggingface_hub"),
    "parquet": ("pyarrow",),
    "ray": ("pyarrow", "ray"),
    "serve": ("fastapi", "prometheus_client", "uvicorn"),
    "onnx": ("spacy_transformers", "onnx", "onnxruntime"),
}


def require_extra(extra: str, what: str) -> None:
    """Raise ImportError, with the command that installs it, where an extra isn't installed.

    extra: one of MODULES. what: to tell, as "reports".
    """
    if any(find_spec(module) is None for module in MODULES[extra]):
        raise ImportError(f'an extra for {what} is missing: pip install "spacy-ner-archs[{extra}]"')
