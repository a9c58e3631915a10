"""What the readers return."""

from dataclasses import dataclass, field


@dataclass
class Sentence:
    """Four lists of one length: a token's word, part of speech, tag and line in the file.

    A token without a part of speech has "" there.
    """

    words: list[str] = field(default_factory=list)
    pos: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)

    def add(self, word: str, pos: str, tag: str, line: int) -> None:
        self.words.append(word)
        self.pos.append("" if pos == "_" else pos)
        self.tags.append(tag)
        self.lines.append(line)

    def __len__(self) -> int:
        return len(self.words)


@dataclass
class Document:
    """Sentences that belong together.

    marked (bool): Whether the file says so, with a document line. The sentences of a file
        without such lines are one unmarked document.
    """

    marked: bool
    sentences: list[Sentence] = field(default_factory=list)

    def new_sentence(self) -> Sentence:
        self.sentences.append(Sentence())
        return self.sentences[-1]
