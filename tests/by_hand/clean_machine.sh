#!/bin/bash
# The wheel of a pipeline whose transformer is inside the tagger, installed in an environment of its
# own: pip finds all that it needs. tests/by_hand/clean_machine.sh [python]
set -eu
python=${1:-python}
root=$(cd "$(dirname "$0")/../.." && pwd)
files=$(mktemp -d)
trap 'rm -rf "$files"' EXIT
cd "$files"
PYTHONPATH="$root/tests" "$python" - <<'END'
from pathlib import Path

import spacy
from spacy.cli.package import package
from tagger_table import make_examples
from tiny_encoders import tiny

nlp = spacy.blank("en")
encoder = {"@architectures": "spacy-ner-archs.TransformerModel.v1", "name": tiny("bert")}
nlp.add_pipe("transformer", config={"model": encoder})
nlp.add_pipe("ner_tagger", config={"model": {"@architectures": "spacy-ner-archs.TransformerCRF.v1"}})
nlp.initialize(lambda: make_examples(nlp))
nlp.replace_listeners("transformer", "ner_tagger", ["model.tok2vec"])
nlp.remove_pipe("transformer")
nlp.to_disk("model")
package(Path("model"), Path(), name="tiny", version="1", create_wheel=False, create_sdist=False)
END
"$python" -m pip wheel --quiet --no-deps --wheel-dir wheels "$root" ./en_tiny-1
"$python" -m venv clean
clean/bin/pip install --quiet --constraint "$root/constraints.txt" --find-links wheels en_tiny
clean/bin/python -c "
import en_tiny
nlp = en_tiny.load()
print('ok       ', nlp.pipe_names, len(nlp('Ada sleeps.')), 'tokens')"
