"""Organisations: companies, clubs, bodies, parties, banks, schools, papers."""

from __future__ import annotations

from itertools import product
from random import Random

from naming import Name, filled, name, pairs, plain
from word_lists import read_lists

FAMILY_ENDINGS = ("& Sons", "Brothers", "& Co")


def make_body(rng: Random, reach: str, kind: str, field: str) -> Name:
    """A body such as the National Union of Rail Engineers, with its initials."""
    full = f"{reach} {kind} {field}" if rng.random() < 0.6 else f"{kind} {field}"
    letters = "".join(word[0] for word in full.split() if word[0].isupper())
    return name("ORG", full, letters)


def make_bodies(rng: Random) -> dict[str, list[Name]]:
    """Bodies by their whole names and by their initials."""
    lists = read_lists("bodies")
    every = list(product(lists["reach"], lists["kinds"], lists["fields"]))
    rng.shuffle(every)
    invented = [make_body(rng, *three) for three in every[:160]]
    return {
        "org": invented + plain("ORG", lists["known bodies"] * 2),
        "body": plain("ORG", lists["known bodies"]),
        "agency": plain("ORG", lists["the acronyms"]),
        "alliance": plain("ORG", lists["bare acronyms"]),
        "party": plain("ORG", [f"{word} Party" for word in lists["party words"]]),
        "front": plain("ORG", lists["fronts"]),
    }


def make_local(rng: Random, places: list[str], towns: list[str]) -> dict[str, list[Name]]:
    """Organisations that are named after a place."""
    lists, papers = read_lists("bodies"), read_lists("companies")
    local = pairs(rng, "{} {}", towns, papers["paper words"], 40)
    hospitals = pairs(rng, "{} {}", towns + places[:40], lists["hospital kinds"], 60)
    return {
        "bank": plain("ORG", filled(rng, lists["bank patterns"], places[:120])),
        "university": plain("ORG", filled(rng, lists["school patterns"], places)),
        "paper": plain("ORG", local + papers["newspapers"]),
        "wire": plain("ORG", papers["news agencies"] + ["Reuters"] * 8),
        "hospital": plain("ORG", hospitals),
    }


def make_companies(rng: Random) -> dict[str, list[Name]]:
    """Known companies, invented ones by stem and type, family firms, and brokers."""
    lists = read_lists("companies")
    surnames = list(read_lists("people")["english surnames"])
    rng.shuffle(surnames)
    types = lists["types"]
    stems = [name("ORG", f"{stem} {rng.choice(types)}", stem) for stem in lists["stems"] * 2]
    family = [
        name("ORG", f"{surname} {rng.choice([*FAMILY_ENDINGS, *types])}", surname)
        for surname in surnames[:70]
    ]
    known = plain("ORG", lists["companies"])
    long = [name("ORG", f"{c} {rng.choice(types)}", c) for c in lists["companies"][::3]]
    brokers = pairs(rng, "{} {}", surnames[70:110], lists["broker words"], 60)
    return {
        "company": stems + family + known + long,
        "known": known,
        "broker": plain("ORG", brokers),
        "sharedcompany": plain("ORG", lists["shared companies"]),
    }


def make_clubs(rng: Random, towns: list[str], cities: list[str]) -> dict[str, list[Name]]:
    """Clubs: known ones, invented ones by town and type or nickname, ball teams, counties."""
    lists = read_lists("clubs")
    invented = [
        name("ORG", f"{town} {rng.choice(lists['club types'])}", town) for town in towns[:30]
    ]
    teams = [
        name("ORG", f"{city} {rng.choice(lists['team nicknames'])}", city)
        for city in cities + towns[:25]
    ]
    known = lists["english clubs"] + lists["scottish clubs"]
    abroad = lists["european clubs"] + lists["world clubs"]
    ball = [team.split(";") for team in lists["american teams"]]
    return {
        "club": plain("ORG", known + abroad) + invented,
        "british": plain("ORG", known),
        "abroad": plain("ORG", abroad),
        "county": plain("ORG", lists["counties and provinces"]),
        "rugby": plain("ORG", lists["rugby clubs"]),
        "ball": [name("ORG", f"{city} {nick}", city, nick=nick) for city, nick in ball],
        "college": plain("ORG", lists["colleges"]),
        "motor": plain("ORG", lists["motor teams"]),
        "cycling": plain("ORG", lists["cycling teams"]),
        "team": teams,
        "sharedclub": plain("ORG", read_lists("places")["shared cities"]),
    }
