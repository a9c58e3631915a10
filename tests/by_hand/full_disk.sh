#!/bin/bash
# Each command that writes meets a full disk over an older output: nothing is cut, no draft is left.
# As root, for the disk of 1 MB: tests/by_hand/full_disk.sh [python]
set -u
python=${1:-python}
files=$(mktemp -d) disk=$(mktemp -d)
trap 'umount "$disk" 2>/dev/null; rm -rf "$files" "$disk"' EXIT
"$python" "$(dirname "$0")/small_files.py" "$files" 2>/dev/null || exit 1

state() { (cd "$disk" && find . ! -name filler -type f -exec sha256sum {} + | sort); }

# NAME, the files or folders of an older output, and the command with {} for the disk
try() {
    local name=$1 older=$2; shift 2
    mount -t tmpfs -o size=1m none "$disk"
    mkdir "$disk/out"
    for file in $older; do mkdir -p "$disk/out/$(dirname "$file")"; echo older >"$disk/out/$file"; done
    dd if=/dev/zero of="$disk/filler" bs=4k 2>/dev/null
    truncate -s "-${room}k" "$disk/filler"
    local before status said
    before=$(state)
    said=$("$python" -m spacy ner "${@//\{\}/$disk}" 2>&1 >/dev/null); status=$?
    if [ "$status" != 0 ] && [ "$(wc -l <<<"$said")" = 1 ] && [ "$before" = "$(state)" ] \
        && [ -z "$(find "$disk" -name '*.draft')" ]; then
        echo "ok       $name: $said"
    else
        echo "NOT OK   $name: status $status: $said"; state
    fi
    umount "$disk"
}

room=0  # kilobytes that are left: these two write less than the others
try convert a.spacy convert "$files/corpus.conll" {}/out/a.spacy
try "convert back" a.conll convert "$files/corpus.spacy" {}/out/a.conll
room=8
try report "report.json report.md report.html pictures/labels.svg" \
    report "$files/model" "$files/corpus.spacy" --output {}/out
try compare "comparison.json comparison.md comparison.html" \
    compare "$files/model" "$files/other" "$files/corpus.spacy" --output {}/out
try card "" card "$files/model" "$files/report/report.json" --output {}/out/card
try ensemble "" ensemble "$files/model" "$files/other" --output {}/out/both
