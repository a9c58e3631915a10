"""Write the sample corpus: train.conll, dev.conll and test.conll.

    python generate.py [folder]

The text is made up by a small grammar (templates/*.txt) over made-up names (names.py, pools.py).
The same seed gives the same bytes on every machine. A template is a line of tokens, in which

    [a | b]         is one of the alternatives, and [a] is a or nothing
    {3-40}          is a whole number in that range, {0.1-2.5} one with a decimal
    {VERB}          is a line of the section "# VERB" of this topic's file or of shared.txt
    {person}        is a new name of that kind
    {person1}       is this story's first person: the full name first, a short form later
    {person1.his}   is a given form of that name
    Ford@PER        is a name written out, with its label; `_` stands for a space
    {NUM}-month     joins what follows to the last word
    {rank}          is the number of a table's row
    beat/VB         is a word with its part of speech, where lexicon.py would guess wrong
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from random import Random

from lexicon import chunk, tag_words
from pools import SPLITS, Name, Pools, make_pools

HERE = Path(__file__).resolve().parent
SEED = 20240229
SENTENCES = {"train": 1800, "dev": 300, "test": 300}
# How often dev and test take a name that training does not have.
HELD_OUT_SHARE = 0.68
# How many times to try for a sentence that is not there yet.
TRIES = 40
# What is written in a form other than the name's own label; None is no entity.
FORM_LABELS = {"adj": "MISC", "people": "MISC", "he": None, "his": None, "him": None}
VOWEL_SOUND = re.compile(r"(?!uni|us|uk|ug|uru|eu|one|un$)(?:[aeiouéåø]|hour|8|11$|18)", re.I)

Grammar = dict[str, list[str]]


@dataclass(frozen=True)
class Token:
    """A word with its IOB2 tag, and its part of speech where the template says it."""

    text: str
    tag: str = "O"
    pos: str = ""


Sentence = list[Token]


def read_grammar(path: Path) -> Grammar:
    """The sections of a template file: `# name`, then one template a line."""
    grammar: Grammar = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            lines = grammar.setdefault(line[2:].strip(), [])
        elif line.strip():
            lines.append(line.strip())
    return grammar


def entity(text: str, label: str | None) -> Sentence:
    """The tokens of a name."""
    if label is None:
        return [Token(text)]
    return [Token(w, ("I-" if i else "B-") + label) for i, w in enumerate(text.split())]


def capitalise(sentence: Sentence) -> Sentence:
    """Raise the first letter of the first word (of the quotation, if it starts with one)."""
    at = 1 if sentence[0].text == '"' and len(sentence) > 1 else 0
    first = sentence[at]
    text = first.text[0].upper() + first.text[1:]
    return [*sentence[:at], Token(text, first.tag, first.pos), *sentence[at + 1 :]]


def fix_articles(sentence: Sentence) -> Sentence:
    """`a` before a vowel sound is `an`."""
    fixed = list(sentence)
    for i, (token, following) in enumerate(pairwise(sentence)):
        if token.tag == "O" and token.text == "a" and VOWEL_SOUND.match(following.text):
            fixed[i] = Token("an", token.tag, token.pos)
    return fixed


class Chooser:
    """Picks templates at random among those used least so far, so that all get their turn."""

    def __init__(self, rng: Random):
        self.rng = rng
        self.used: Counter[str] = Counter()

    def pick(self, templates: list[str]) -> str:
        return self.pick_some(templates, 1)[0]

    def pick_some(self, templates: list[str], number: int) -> list[str]:
        order = list(templates)
        self.rng.shuffle(order)
        order.sort(key=self.used.__getitem__)
        self.used.update(order[:number])
        return order[:number]


class Story:
    """Expands templates for one document, and remembers who is in it."""

    def __init__(self, chooser: Chooser, grammar: Grammar, pools: Pools, split: str):
        self.chooser = chooser
        self.rng = chooser.rng
        self.grammar = grammar
        self.pools = pools
        self.split = split
        self.cast: dict[str, Name] = {}
        self.introduced: set[str] = set()

    def sentence(self, template: str) -> Sentence:
        return capitalise(fix_articles(self.expand(template)))

    def expand(self, template: str) -> Sentence:
        """A template's tokens, after choosing at every bracket, number and symbol."""
        bracket = re.compile(r"\[([^\[\]]*)\]")
        while bracket.search(template):
            template = bracket.sub(self.choose, template, count=1)
        template = re.sub(r"\{(\d+)-(\d+)\}", self.whole_number, template)
        template = re.sub(r"\{(\d+\.\d+)-(\d+\.\d+)\}", self.decimal, template)
        return [token for item in template.split() for token in self.expand_item(item)]

    def choose(self, match: re.Match) -> str:
        options = match[1].split("|")
        return self.rng.choice(options if len(options) > 1 else [*options, ""])

    def whole_number(self, match: re.Match) -> str:
        return str(self.rng.randint(int(match[1]), int(match[2])))

    def decimal(self, match: re.Match) -> str:
        places = len(match[1].split(".")[1])
        return f"{self.rng.uniform(float(match[1]), float(match[2])):.{places}f}"

    def expand_item(self, item: str) -> Sentence:
        if item.startswith("{"):
            symbol, suffix = item[1:].split("}")
            *first, last = self.expand_symbol(symbol)
            return [*first, Token(last.text + suffix, last.tag, last.pos)]
        if "@" in item:
            text, label = item.split("@")
            return entity(text.replace("_", " "), label)
        word, _, pos = item.partition("/")
        return [Token(word, pos=pos)]

    def expand_symbol(self, symbol: str) -> Sentence:
        if symbol.isupper():
            return self.expand(self.chooser.pick(self.grammar[symbol]))
        slot, _, form = symbol.partition(".")
        kind = slot.rstrip("0123456789")
        chosen = self.find(slot, kind)
        if form == "he" and slot not in self.introduced:
            # Nobody to refer back to yet: the name itself.
            form = ""
        if form == "city":
            return entity(self.rng.choice(chosen.forms["cities"].split()).replace("_", " "), "LOC")
        if not form:
            form = "short" if slot in self.introduced else "full"
            if slot != kind:
                self.introduced.add(slot)
        return entity(chosen.forms[form], FORM_LABELS.get(form, chosen.label))

    def find(self, slot: str, kind: str) -> Name:
        """The name in a slot; a slot without a number takes a new name each time."""
        if slot not in self.cast or slot == kind:
            self.cast[slot] = self.draw(kind)
        return self.cast[slot]

    def draw(self, kind: str) -> Name:
        """A name of this kind that the story does not have yet."""
        own = self.pools[kind].get(self.split, [])
        held_out = self.split != "train" and own and self.rng.random() < HELD_OUT_SHARE
        pool = own if held_out else self.pools[kind]["train"]
        taken = {known.forms["short"] for known in self.cast.values()}
        free = [name for name in pool if name.forms["short"] not in taken]
        return self.rng.choice(free or pool)


class Corpus:
    """Writes stories for every split, no sentence twice."""

    def __init__(self, rng: Random, topics: list[Grammar], pools: Pools):
        self.rng = rng
        self.topics = topics
        self.pools = pools
        self.seen: set[tuple[str, ...]] = set()

    def fresh(self, story: Story, templates: list[str]) -> Sentence | None:
        """A sentence from one of the templates that is nowhere in the corpus yet."""
        for _ in range(TRIES):
            introduced = set(story.introduced)
            sentence = story.sentence(story.chooser.pick(templates))
            key = tuple(token.text for token in sentence)
            if key not in self.seen:
                self.seen.add(key)
                return sentence
            story.introduced = introduced
        return None

    def document(self, chooser: Chooser, topic: Grammar, split: str) -> list[Sentence]:
        """Headline, dateline, lead, then some of the topic's other sentences."""
        story = Story(chooser, topic, self.pools, split)
        body = topic["body"] + (topic["test"] if split == "test" else [])
        chosen = chooser.pick_some(body, self.rng.randint(4, 9))
        parts = [topic["dateline"], topic["lead"], *([line] for line in chosen)]
        extras = ("GENERIC", "PLAIN", "PLAIN")
        parts += [topic[extra] for extra in extras if self.rng.random() < 0.45]
        parts += self.table(topic)
        # The headline is made last, of the people that the text turned out to have.
        sentences = [self.fresh(story, templates) for templates in parts]
        headline = self.fresh(story, topic["headline"])
        upper = headline and [Token(t.text.upper(), t.tag, t.pos) for t in headline]
        return [sentence for sentence in [upper, *sentences] if sentence]

    def table(self, topic: Grammar) -> list[list[str]]:
        """A results table for some stories: its title, then rows from one template."""
        if "table" not in topic or self.rng.random() < 0.4:
            return []
        row = self.rng.choice(topic["table"])
        rows = range(1, self.rng.randint(3, 7))
        return [topic["results"], *([row.replace("{rank}", str(rank))] for rank in rows)]

    def write_split(self, split: str) -> list[list[Sentence]]:
        """Documents, the topics in turn, until there are sentences enough."""
        documents: list[list[Sentence]] = []
        chooser = Chooser(self.rng)
        while sum(map(len, documents)) < SENTENCES[split]:
            topic = self.topics[len(documents) % len(self.topics)]
            documents.append(self.document(chooser, topic, split))
        return documents


def to_conll(documents: list[list[Sentence]]) -> str:
    """The four columns of CoNLL-2003: word, part of speech, chunk, entity."""
    blocks = []
    for document in documents:
        blocks.append("-DOCSTART- -X- -X- O\n")
        blocks += [sentence_to_conll(sentence) for sentence in document]
    return "\n".join(blocks) + "\n"


def sentence_to_conll(sentence: Sentence) -> str:
    tags = tag_words([(token.text, token.tag, token.pos) for token in sentence])
    rows = zip(sentence, tags, chunk(tags), strict=True)
    return "".join(f"{token.text} {pos} {part} {token.tag}\n" for token, pos, part in rows)


def read_topics(folder: Path) -> list[Grammar]:
    """One grammar a topic: its own sections over the shared ones."""
    shared = read_grammar(folder / "shared.txt")
    names = sorted(path.name for path in folder.glob("*.txt") if path.name != "shared.txt")
    # The briefs hold most of the ambiguous names; three turns show each with all its labels.
    return [shared | read_grammar(folder / name) for name in [*names, "briefs.txt", "briefs.txt"]]


def main(folder: Path) -> None:
    rng = Random(SEED)
    corpus = Corpus(rng, read_topics(HERE / "templates"), make_pools(rng))
    for split in SPLITS:
        text = to_conll(corpus.write_split(split))
        (folder / f"{split}.conll").write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
