#!/bin/bash
# Commands are killed (SIGKILL) or told to stop (SIGTERM) when their first draft is there: the older
# output stays as it was, and SIGTERM leaves no draft. tests/by_hand/killed.sh [python]
set -u
python=${1:-python}
files=$(mktemp -d)
trap 'rm -rf "$files"' EXIT
"$python" "$(dirname "$0")/small_files.py" "$files" 2>/dev/null || exit 1

drafts() { find "$files/out" -name '*.draft'; }
state() { (cd "$files/out" && find . -name '*.draft' -prune -o -type f -exec md5sum {} + | sort); }

# NAME and a command that writes to $files/out
try() {
    local name=$1 signal before process; shift
    rm -rf "$files/out"; mkdir "$files/out"
    "$python" -m spacy ner "$@" >/dev/null 2>&1 || { echo "NOT OK   $name: fails"; return; }
    for signal in KILL TERM; do
        before=$(state)
        "$python" -m spacy ner "$@" >/dev/null 2>&1 &
        process=$!
        until [ -n "$(drafts)" ] || ! kill -0 $process 2>/dev/null; do :; done
        if ! kill -$signal $process 2>/dev/null; then
            echo "missed   $name: it was done before SIG$signal"
        elif wait $process 2>/dev/null; [ "$before" != "$(state)" ]; then
            echo "NOT OK   $name, SIG$signal: the older output changed"
        elif [ $signal = TERM ] && [ -n "$(drafts)" ]; then
            echo "NOT OK   $name, SIG$signal: drafts are left: $(drafts)"
        else
            echo "ok       $name, SIG$signal: $(drafts | wc -l) drafts left"
        fi
        drafts | xargs -r rm -rf
    done
}

try report report "$files/model" "$files/corpus.spacy" --output "$files/out"
try convert convert "$files/corpus.conll" "$files/out/a.spacy"
try card card "$files/model" "$files/report/report.json" --output "$files/out/card"
