#!/bin/bash
# Two converts into one folder at once, each process number 1 of its container: each file has what
# its own convert wrote. As root: tests/by_hand/two_containers.sh [python]
set -u
python=${1:-python}
files=$(mktemp -d)
trap 'rm -rf "$files"' EXIT
"$python" "$(dirname "$0")/small_files.py" "$files" 2>/dev/null || exit 1
cd "$files" || exit 1

convert() { "$@" "$python" -m spacy ner convert "$name.conll" "$folder/$name.spacy" >/dev/null; }
container() { unshare -p -f --mount-proc "$@"; }

folder=alone
for name in corpus other; do convert env; done
for round in 1 2 3; do
    folder=together
    for name in corpus other; do convert container & done
    wait
    cmp alone/corpus.spacy together/corpus.spacy && cmp alone/other.spacy together/other.spacy \
        && [ "$(ls -A together | wc -l)" = 2 ] && echo "ok       round $round" \
        || echo "NOT OK   round $round: $(ls -A together)"
done
