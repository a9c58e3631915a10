"""Check the project's settings for training, in one line each, and remove an earlier log."""

import argparse
import sys
from pathlib import Path

from spacy.util import load_config, registry
from thinc.api import require_gpu

from spacy_ner_archs.packages import is_pipeline


def main(config: Path, log: Path, vectors: str, encoder: str, seed: int, gpu_id: int) -> None:
    """Exit with one line where training could not begin with these settings. Otherwise remove the
    log, which spaCy doesn't write over."""
    if vectors != "null" and not is_pipeline(vectors):
        sys.exit(
            f"vectors: no pipeline folder or package {vectors}; make a folder from a text file "
            "with: python -m spacy project run vectors . --vars.vectors_file FILE"
        )
    if seed < 0:
        sys.exit(f"seed: {seed} is below 0")
    if gpu_id >= 0:
        try:
            require_gpu(gpu_id)
        except Exception as error:
            reason = str(error).splitlines()[0]
            sys.exit(f"gpu_id: GPU {gpu_id} can't be used: {reason} (-1 is the CPU)")
    components = load_config(config, overrides={"paths.encoder": encoder}).interpolate()[
        "components"
    ]
    model = components.get("transformer", {}).get("model", {})
    if model.get("@architectures") == "spacy-ner-archs.TransformerModel.v1":
        try:
            registry.resolve({"model": model})["model"].initialize()
        except (ImportError, ValueError) as error:
            sys.exit(str(error))
    log.unlink(missing_ok=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, usage=argparse.SUPPRESS)
    parser.add_argument("config", type=Path)
    parser.add_argument("log", type=Path, help="of an earlier training")
    parser.add_argument("--encoder", help="a transformer's folder or name")
    parser.add_argument("--vectors", help="folder or package with word vectors, or null")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--gpu-id", type=int, help="-1 for the CPU")
    main(**vars(parser.parse_args()))
