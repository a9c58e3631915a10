"""Parts of speech and chunks for the sample's closed vocabulary.

Good enough to fill CoNLL's second and third column plausibly: a word list, a guess from the
ending, and a few rules over the neighbours. It is no tagger for other text.
"""

from __future__ import annotations

import re

# Words that the rules below would guess wrong; everything else ends in NN, NNS, VBD ...
LEXICON = {
    "DT": "a an the this that these those no some each every both all another neither",
    "IN": (
        "of in on at by for from with after before since until into over under between near "
        "along against as than if because during outside off about through among behind "
        "below like without within whether according opposite aboard unlike"
    ),
    "CC": "and or but nor",
    "TO": "to",
    "MD": "will would could must can may",
    "PRP": "he she it they we i you him them us me itself themselves",
    "PRP$": "his her its their our my your",
    "POS": "'s '",
    "WP": "who what whom",
    "WP$": "whose",
    "WDT": "which",
    "WRB": "where when why",
    "EX": "there",
    "RB": (
        "not too very again never still also only once twice now then already just back "
        "away later so early far even here overnight home ago"
    ),
    "RP": "up down out",
    "CD": "two three four five six seven nine ten dozen million billion one",
    "VB": (
        "be have do say go pay look build buy take give leave meet play choose run vote "
        "join appeal strike speak sleep hang find read listen travel please cut change "
        "expect comment vouch resign visit fly decide host follow sell celebrate stay fear "
        "rise grow compete confirm import remember trust drive burn hope overflow withdraw "
        "defend earn carry protest use want name wait"
    ),
    "VBZ": (
        "is has does means wants hopes costs grows buys knows keeps lives pays blocks lies "
        "trusts retires opens runs weighs begins follows climbs speaks plays meets leads "
        "flies holds employs carries takes succeeds lands sends loses wins beats warns cuts "
        "doubles quits sells bans hits denies copies hangs leaves fails chooses lasts"
    ),
    "VBP": "are have do am compete sell",
    "VBD": (
        "was were had did said told beat won lost scored came gave led went fell rose took "
        "made left met sank began saw found kept sat stood slid spoke knew wrote grew "
        "thought shook sang burst flew held sent sold bought paid ran wept broke put lent "
        "heard spent shot taught hit bred stole felt swore cried brought set outlived read "
        "chose let retook"
    ),
    "VBN": (
        "been known seen gone written born caught sent drawn built swallowed heard broken "
        "taken named divided married cleared injured hurt fallen flown shown forgotten "
        "repaid beaten stolen"
    ),
    "JJ": (
        "former first second third fourth fifth sixth last next good better best worst same "
        "other new old small largest loud angry dull early final young key net dead missing "
        "high higher low lower main own full dark cold wet slippery late international "
        "foreign northern free strong heavy visiting shy funny bad open impossible official "
        "senior careful innocent guilty long little few many more most much enough several "
        "such nervous safe dry mostly icy green yellow brown short one-day ten-year "
        "available cautious cloudy sunny nice expensive thin doubtful general mobile fast "
        "closer lighter dearer smaller alive negative loyal giant responsible leading "
        "prepared worthless empty unclear famous usual longer worse fastest faster deeper "
        "biggest youngest driest wrong possible favourite special single"
    ),
    "NNS": "people mice children women metres minutes seconds shares police cattle sheep points",
    "NN": (
        "news loss surplus minus series tennis bus press virus rain witness hour morning "
        "meeting warning nothing reading anything seed need landing railway way comment "
        "harvest basis"
    ),
    "VBG": "being",
}
# Nouns by the list above that are verbs after `to`.
NOUNS_AND_VERBS = """
    answer bat catch clear comment cost damage end help kick laugh lead move publish question reach
    support win
"""
VERBS = set(NOUNS_AND_VERBS.split())
TAG_OF = {word: tag for tag, entries in LEXICON.items() for word in entries.split()}
CALENDAR = """
    January February March April May June July August September October November December
    Monday Tuesday Wednesday Thursday Friday Saturday Sunday Mondays Christmas
"""
MONTHS_DAYS = set(CALENDAR.split())
NUMBER = re.compile(r"[\d.,:-]*\d[\d.,:-]*")
PUNCTUATION = {",": ",", ".": ".", "?": ".", ":": ":", ";": ":", "-": ":", "(": "(", ")": ")"}
ENDINGS = [("ly", "RB"), ("ing", "VBG"), ("ed", "VBD"), ("ss", "NN"), ("s", "NNS")]
BE_HAVE = {"was", "were", "is", "are", "be", "been", "has", "have", "had", "being", "by"}

Row = tuple[str, str, str]


def guess(word: str) -> str:
    """The tag of a word outside names, from the list or from its ending."""
    if word in PUNCTUATION:
        return PUNCTUATION[word]
    if NUMBER.fullmatch(word):
        return "CD"
    if word in ('"', "$"):
        return word
    if word.title() in MONTHS_DAYS and word[0].isupper() and word.lower() != "may":
        return "NNP"
    lower = word.lower()
    if lower in TAG_OF:
        return TAG_OF[lower]
    return next((tag for ending, tag in ENDINGS if lower.endswith(ending)), "NN")


def tag_name(word: str, tag: str) -> str:
    """The tag of a word inside a name."""
    if word in ("of", "for"):
        return "IN"
    if word in ("The", "A", "the"):
        return "DT"
    if word in ("&", "'s", "'"):
        return "CC" if word == "&" else "POS"
    if NUMBER.fullmatch(word):
        return "CD"
    adjective = tag == "B-MISC" and word.lower().endswith(("an", "ish", "ese", "ch", "ic"))
    return "JJ" if adjective else "NNP"


def tag_words(rows: list[Row]) -> list[str]:
    """Parts of speech for (word, IOB2 tag, tag that the template gave)."""
    tags: list[str] = []
    for i, (word, entity, given) in enumerate(rows):
        pos = given or (guess(word) if entity == "O" else tag_name(word, entity))
        before = [w.lower() for w, _, _ in rows[max(0, i - 2) : i]]
        if pos == "VBD" and not given:
            pos = verb_form(word, before, tags)
        elif word == "that" and tags and tags[-1].startswith(("VB", "NN")):
            pos = "IN"
        elif pos == "MD" and word == "May":
            pos = "NNP"
        elif pos in ("VBZ", "VB") and tags and tags[-1] in ("DT", "JJ", "PRP$", "POS", "CD"):
            pos = "NNS" if pos == "VBZ" else "NN"
        elif pos == "NN" and tags and (tags[-1] == "MD" or (tags[-1] == "TO" and word in VERBS)):
            pos = "VB"
        elif pos == "VBG" and tags and tags[-1] in ("DT", "JJ", "PRP$", "POS"):
            pos = "NN"
        tags.append(pos)
    return tags


def verb_form(word: str, before: list[str], tags: list[str]) -> str:
    """A past tense that is a participle after be and have, an adjective after an article."""
    if BE_HAVE & set(before):
        return "VBN"
    if word.endswith("ed") and tags and tags[-1] in ("DT", "PRP$", "IN"):
        return "VBN"
    return "VBD"


def family(tag: str, before: str) -> str:
    """The kind of chunk that a tag belongs to; "" for none."""
    if tag in ("JJ", "JJR") and before == "VP":
        return "ADJP"
    if tag in ("DT", "JJ", "JJR", "CD", "PRP$", "POS", "$") or tag.startswith(("NN", "PRP")):
        return "NP"
    if tag in ("WP", "WDT", "EX", "WP$"):
        return "NP"
    if tag.startswith("VB") or tag in ("MD", "TO"):
        return "VP"
    return {"IN": "PP", "RB": "ADVP", "WRB": "ADVP", "RP": "PRT", "CC": ""}.get(tag, "")


def chunk(tags: list[str]) -> list[str]:
    """IOB2 chunk tags from the parts of speech."""
    chunks: list[str] = []
    before = ""
    for i, tag in enumerate(tags):
        kind = family(tag, before)
        following = tags[i + 1] if i + 1 < len(tags) else ""
        if tag == "TO" and not following.startswith("VB"):
            kind = "PP"
        elif tag == "RB" and before == "VP" and following.startswith("VB"):
            kind = "VP"
        elif tag == "JJ" and following.startswith("NN"):
            kind = "NP"
        opens = kind != before or tag in ("DT", "POS", "WP", "WDT", "PRP", "PRP$", "IN")
        chunks.append(f"{'B' if opens else 'I'}-{kind}" if kind else "O")
        before = kind
    return chunks
