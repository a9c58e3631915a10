"""Memory and speed of `spacy ner convert`: 200 MB of text in 512 MB, at 5 MB a second.

    python tests/by_hand/convert_200_mb.py

The 512 MB are beyond the size of the result, and hold the libraries, too: what these cost by
themselves is told first. The text is synthetic; its words are as frequent as those of English
are, and as many (Zipf's law).
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np

MB = 1_000_000
N_BYTES = 200 * MB
N_WORDS = 300_000
SYLLABLES = [a + b for a in "bdfgklmnprst" for b in "aeiou"]
TAGS = ["O", "B-PER", "B-ORG", "B-LOC", "I-PER"]
POS = ["NN", "NNP", "VBZ", "IN", "DT"]


class Cost(NamedTuple):
    """Seconds by the clock and of the processor, and the peak of the memory in MB."""

    wall: float
    processor: float
    memory: float


def make_word(number: int) -> str:
    word = ""
    while number >= 0:
        number, syllable = divmod(number, len(SYLLABLES))
        word += SYLLABLES[syllable]
        number -= 1
    return word


def blocks_of_text() -> Iterator[str]:
    """A million tokens at a time, in sentences of 20 on average. Every tenth word is a name, and
    one in twenty of its tokens is O."""
    rng = np.random.default_rng(0)
    words = [make_word(i) for i in range(N_WORDS)]
    shares = np.cumsum(1 / (np.arange(N_WORDS) + 3.7))
    while True:
        places = np.searchsorted(shares, rng.random(MB) * shares[-1])
        is_name = (places % 10 == 3) & (rng.random(MB) > 0.05)
        tags = np.where(is_name, 1 + places % 3, 0)
        is_last = rng.random(MB) < 0.05
        goes_on = (tags == TAGS.index("B-PER")) & ~is_last
        tags[1:][goes_on[:-1] & (tags[1:] == TAGS.index("B-PER"))] = TAGS.index("I-PER")
        yield "".join(
            f"{words[place]} {POS[place % len(POS)]} {TAGS[tag]}\n{end}"
            for place, tag, end in zip(
                places.tolist(), tags.tolist(), np.where(is_last, "\n", "").tolist(), strict=True
            )
        )


def write_text(path: Path) -> None:
    n_bytes = 0
    with path.open("w") as file:
        for text in blocks_of_text():
            n_bytes += file.write(text)
            if n_bytes > N_BYTES:
                return


def run(*arguments: str) -> Cost:
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    if status:
        sys.exit(f"{' '.join(arguments)}: failed")
    # kilobytes on Linux, bytes on macOS
    unit = 1024 if sys.platform == "linux" else 1
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit / MB)


def main() -> None:
    bare = run("-c", "import spacy_ner_archs.cli.main")
    print(f"import alone: {bare.processor:.1f} s of the processor, {bare.memory:.0f} MB")
    with TemporaryDirectory() as folder:
        text, result = Path(folder, "in.conll"), Path(folder, "out.spacy")
        write_text(text)
        size = text.stat().st_size / MB
        arguments = ["convert", str(text), str(result), "--group", "sentence"]
        cost = run("-m", "spacy", "ner", *arguments)
        written = result.stat().st_size / MB
    print(f"text: {size:.0f} MB; result: {written:.0f} MB")
    print(f"MB a second: {size / cost.wall:.1f} by the clock, {size / cost.processor:.1f} of the")
    print(f"processor; at least 5 (clock {cost.wall:.1f} s, processor {cost.processor:.1f} s)")
    print(f"peak: {cost.memory:.0f} MB, {cost.memory - written:.0f} beyond the result; at most 512")


if __name__ == "__main__":
    main()
