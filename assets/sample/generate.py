"""Write the sample corpus: train.conll, dev.conll and test.conll.

    python generate.py [folder]

The text is made up by a small grammar (templates/*.txt) over names that pools.py puts together
from word lists (words/*.txt). The same seed gives the same bytes on every machine. A template is
a line of tokens, in which

    [a | b]         is one of the alternatives, and [a] is a or nothing
    {3-40}          is a whole number in that range, {0.1-2.5} one with a decimal
    {VERB}          is a line of the section "# VERB" of this topic's file or of shared.txt
    {person}        is a new name of that kind
    {person1}       is this story's first person: the full name first, a short form later
    {person1.his}   is a given form of that name
    {city^}         is that name in capitals
    {club@LOC}      is that name with another label
    {noun}          is an ordinary word of that part of speech (vocabulary.py)
    Ford@PER        is a name written out, with its label; `_` stands for a space
    {NUM}-month     joins what follows to the last word
    {rank}          is the number of a table's row
    beat/VB         is a word with its part of speech, where lexicon.py would guess wrong
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from random import Random

from lexicon import chunk, tag_words
from naming import Name
from pools import SPLITS, Pools, make_pools
from vocabulary import POS
from word_lists import sections

HERE = Path(__file__).resolve().parent
SEED = 20240229
SENTENCES = {"train": 8000, "dev": 800, "test": 800}
# How often dev and test take a name that training does not have.
HELD_OUT_SHARE = 0.7
# How many times to try for a sentence that is not there yet.
TRIES = 40
# Of 100 sentences, how many are all in capitals, and all in small letters (not counting headlines)
UPPER_PERCENT, LOWER_PERCENT = 3, 3
# How many turns a topic gets, where it isn't one
TURNS = {"briefs": 3}
# The labels of forms that are no name of the kind; None is no entity.
FORM_LABELS = {"adj": "MISC", "people": "MISC", "he": None, "his": None, "him": None}
VOWEL_SOUND = re.compile(r"(?!uni|us|uk|ug|uru|eu|one|un$|u\.)(?:[aeiouéåø]|hour|8|11$|18)", re.I)
# Acronyms that are spelled out: an FBI agent, but a NATO one
SPELLED_OUT = re.compile(r"(?!NATO|FIFA|MERC|MED|NORD|REN|LIK)[FHLMNRSX][A-Z]{1,4}$")

Grammar = dict[str, list[str]]


@dataclass(frozen=True)
class Token:
    """A word with its IOB2 tag, and its part of speech where the template says it."""

    text: str
    tag: str = "O"
    pos: str = ""


Sentence = list[Token]


def entity(text: str, label: str | None, pos: str = "") -> Sentence:
    """The tokens of a name, or of plain words without a label."""
    if label is None:
        return [Token(word, pos=pos) for word in text.split()]
    return [Token(w, ("I-" if i else "B-") + label) for i, w in enumerate(text.split())]


def label_of(named: Name, form: str) -> str | None:
    """The label of a form: `Spanish` is MISC, but `U.S.` and `Hong Kong` remain the place."""
    if form == "adj" and named.forms["adj"] == named.forms["full"]:
        return named.label
    return FORM_LABELS.get(form, named.label)


def relabelled(sentence: Sentence, label: str) -> Sentence:
    """A name with another label than its kind's, if one is given."""
    return [Token(t.text, f"{t.tag[:2]}{label}" if label else t.tag, t.pos) for t in sentence]


def recased(sentence: Sentence, change: Callable[[str], str]) -> Sentence:
    """The sentence with other letters: all capitals, or all small."""
    return [Token(change(token.text), token.tag, token.pos) for token in sentence]


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
        vowel = VOWEL_SOUND.match(following.text) or SPELLED_OUT.match(following.text)
        if token.text in ("a", "A") and token.tag == "O" and vowel:
            fixed[i] = Token(token.text + "n", token.tag, token.pos)
    return fixed


def tidy(sentence: Sentence) -> Sentence:
    """Leave out a comma that another mark or `'s` follows: `the actor , 41 , 's film`."""
    marks = {",", ".", "?", ":", ")", "'s"}
    followed = zip(sentence, [*sentence[1:], Token(".")], strict=True)
    return [
        token for token, following in followed if token.text != "," or following.text not in marks
    ]


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
        return capitalise(fix_articles(tidy(self.expand(template))))

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
            slot, _, label = symbol.rstrip("^").partition("@")
            *first, last = relabelled(self.expand_symbol(slot), label)
            found = [*first, Token(last.text + suffix, last.tag, last.pos)]
            return recased(found, str.upper) if symbol.endswith("^") else found
        if "@" in item:
            text, label = item.split("@")
            return entity(text.replace("_", " "), label)
        tagged = re.fullmatch(r"(.+)/([A-Z]+)", item)
        return [Token(tagged[1], pos=tagged[2])] if tagged else [Token(item)]

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
        return entity(chosen.forms[form], label_of(chosen, form), POS.get(kind, ""))

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
        drawn = [self.rng.choice(pool) for _ in range(4)]
        return next((name for name in drawn if name.forms["short"] not in taken), drawn[0])


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
        """Headline, byline, dateline, lead, then some of the topic's other sentences."""
        story = Story(chooser, topic, self.pools, split)
        sentences = [self.fresh(story, templates) for templates in self.parts(story, split)]
        # The headline is made last, of the people that the text turned out to have.
        headline = self.fresh(story, topic["headline"])
        upper = headline and recased(headline, str.upper)
        below = [self.some_recased(sentence) for sentence in sentences if sentence]
        return [upper, *below] if upper else below

    def parts(self, story: Story, split: str) -> list[list[str]]:
        """The templates to choose from, for each sentence below the headline."""
        topic = story.grammar
        body = topic["body"] + (topic["test"] if split == "test" else [])
        lines = story.chooser.pick_some(body, self.rng.randint(4, 9))
        extras = ("GENERIC", "PLAIN", "PLAIN", "NEWS", "NEWS", "NEWS", "NEWS")
        shuffled = [[line] for line in lines]
        shuffled += [topic[extra] for extra in extras if self.rng.random() < 0.5]
        byline = [topic["byline"]] if self.rng.random() < 0.3 else []
        return [*byline, topic["dateline"], topic["lead"], *shuffled, *self.table(topic)]

    def some_recased(self, sentence: Sentence) -> Sentence:
        chance = self.rng.random() * 100
        if chance < UPPER_PERCENT:
            return recased(sentence, str.upper)
        if chance < UPPER_PERCENT + LOWER_PERCENT:
            return recased(sentence, str.lower)
        return sentence

    def table(self, topic: Grammar) -> list[list[str]]:
        """A results table for some stories: its title, then rows from one template."""
        if "table" not in topic or self.rng.random() < 0.3:
            return []
        row = self.rng.choice(topic["table"])
        rows = range(1, self.rng.randint(3, 9))
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
    """One grammar a topic, each as often as it has turns: its own sections over the shared ones."""
    shared = sections(folder / "shared.txt")
    paths = sorted(path for path in folder.glob("*.txt") if path.name != "shared.txt")
    turns = [path for path in paths for _ in range(TURNS.get(path.stem, 1))]
    return [shared | sections(path) for path in turns]


def main(folder: Path) -> None:
    rng = Random(SEED)
    corpus = Corpus(rng, read_topics(HERE / "templates"), make_pools(rng))
    for split in SPLITS:
        text = to_conll(corpus.write_split(split))
        (folder / f"{split}.conll").write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
