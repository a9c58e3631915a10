"""The names of the sample corpus: people, places, bodies and titles made of the lists in names.py.

Names are cut into three pools: one that every split draws from, one for dev only and one for test
only, so that about half of what is met there was never seen in training.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product
from random import Random

import names

SPLITS = ("train", "dev", "test")
# Parts of the pools that only one split draws from, of 100.
HELD_OUT_PERCENT = 18


@dataclass(frozen=True)
class Name:
    """A name: its label, and the forms it is written in ("full", "short", "adj" ...)."""

    label: str
    forms: dict[str, str]


Pools = dict[str, dict[str, list[Name]]]


def words(text: str) -> list[str]:
    """The entries of a list; `_` becomes the space inside a name."""
    return [entry.replace("_", " ") for entry in text.split()]


def cut(rng: Random, items: Iterable) -> dict[str, list]:
    """Shuffle the items and cut them: most are everybody's ("train"), the rest dev's or test's."""
    items = list(items)
    rng.shuffle(items)
    held = max(1, len(items) * HELD_OUT_PERCENT // 100)
    return {"dev": items[:held], "test": items[held : 2 * held], "train": items[2 * held :]}


def name(label: str, full: str, short: str | None = None, **forms: str) -> Name:
    """A name; `short` is what a text calls it from the second mention on."""
    return Name(label, {"full": full, "short": short or full, **forms})


def make_person(rng: Random, given: str, surname: str, female: bool) -> Name:
    """A person, sometimes with two initials, and the pronouns that go with the name."""
    he, his, him = ("she", "her", "her") if female else ("he", "his", "him")
    middle = rng.choice("ABCDEHJKLMPRST")
    full = f"{given} {middle}. {surname}" if rng.random() < 0.05 else f"{given} {surname}"
    letters = f"{given[0]}. {middle}." if rng.random() < 0.5 else f"{given[0]}."
    initials = f"{letters} {surname}"
    return name("PER", full, surname, initials=initials, given=given, he=he, his=his, him=him)


def make_people(rng: Random, number: dict[str, int]) -> dict[str, list[Name]]:
    """`number` people a split; surnames are cut first, so a held-out person has an unseen one."""
    pools: dict[str, list[Name]] = {split: [] for split in SPLITS}
    for men, women, surnames in names.PEOPLE.values():
        for split, own in cut(rng, words(surnames)).items():
            for _ in range(number[split]):
                female = rng.random() < 0.5
                given = rng.choice(words(women if female else men))
                pools[split].append(make_person(rng, given, rng.choice(own), female))
    return pools


def make_namesakes(rng: Random) -> list[Name]:
    """People whose surname is better known as a place's."""
    surnames = words("Washington Jordan Lincoln Houston Madison Austin Georgia York Lancaster Chad")
    given = words(" ".join(names.PEOPLE["english"][:2]))
    return [name("PER", f"{rng.choice(given)} {surname}", surname) for surname in surnames * 3]


def make_country(line: str) -> Name:
    """A country from a line of names.COUNTRIES; its cities stay one string until one is drawn."""
    country, adjective, people, cities = (part.replace("_", " ") for part in line.split(";")[:4])
    cities = line.split(";")[3]
    return name(
        "LOC", country, adj=adjective, people=people, cities=cities, capital=words(cities)[0]
    )


def make_org(rng: Random, reach: str, kind: str, field: str) -> Name:
    """A body such as the National Union of Rail Engineers, with its initials."""
    full = f"{reach} {kind} {field}" if rng.random() < 0.6 else f"{kind} {field}"
    letters = "".join(word[0] for word in full.split() if word[0].isupper())
    return name("ORG", full, letters)


def make_clubs(towns: list[str], rng: Random) -> list[Name]:
    """Football clubs: known ones by one word, the others by town and type."""
    real = [name("ORG", club) for club in words(names.REAL_CLUBS)]
    return real + [
        name("ORG", f"{town} {rng.choice(words(names.CLUB_TYPES))}", town) for town in towns
    ]


def make_companies(rng: Random, stems: list[str], surnames: list[str]) -> list[Name]:
    """Companies by stem and type, family firms, and those with an ambiguous name."""
    types = words(names.COMPANY_TYPES)
    by_stem = [name("ORG", f"{stem} {rng.choice(types)}", stem) for stem in stems]
    family = []
    for surname in surnames:
        ending = rng.choice(["& Sons", "Brothers", "& Co", rng.choice(types)])
        family.append(name("ORG", f"{surname} {ending}", surname))
    return by_stem + family


def plain(label: str, forms: Iterable[str]) -> list[Name]:
    """Names with a single form."""
    return [name(label, form) for form in forms]


def pairs(rng: Random, pattern: str, first: list[str], second: list[str], number: int) -> list[str]:
    """`number` different combinations of two lists, put into `pattern`."""
    every = [pattern.format(a, b) for a in first for b in second]
    rng.shuffle(every)
    return every[:number]


def make_towns(rng: Random) -> list[str]:
    """Invented English-looking towns: Ashport, Kelbridge ..."""
    towns = pairs(rng, "{}{}", words(names.TOWN_STARTS), words(names.TOWN_ENDS), 110)
    return [town for town in towns if town not in ("Stonestead", "Redham")]


def real_cities() -> list[str]:
    """Every city of names.COUNTRIES, once."""
    lists = (line.split(";")[3] for line in names.COUNTRIES.split("\n") if line)
    return list(dict.fromkeys(city for cities in lists for city in words(cities)))


def make_bodies(rng: Random, places: list[str], towns: list[str]) -> dict[str, list[Name]]:
    """Organisations that are named after a place or a field."""
    every = list(
        product(words(names.BODY_REACH), words(names.BODY_KINDS), words(names.BODY_FIELDS))
    )
    rng.shuffle(every)
    banks = ["Bank of {}", "{} Savings Bank", "Central Bank of {}", "First Bank of {}"]
    schools = ["University of {}", "{} University", "{} College"]
    return {
        "org": [make_org(rng, *three) for three in every[:70]],
        "bank": plain("ORG", (rng.choice(banks).format(place) for place in places)),
        "university": plain("ORG", (rng.choice(schools).format(place) for place in places)),
        "paper": plain("ORG", pairs(rng, "{} {}", towns, words(names.PAPER_WORDS), 50)),
        "hospital": plain("ORG", pairs(rng, "{} {}", towns, words(names.HOSPITALS), 40)),
        "team": [
            name("ORG", f"{city} {rng.choice(words(names.TEAM_NICKNAMES))}", city)
            for city in words(names.SHARED_CITIES) + towns[:25]
        ],
    }


def make_places(rng: Random, towns: list[str]) -> dict[str, list[Name]]:
    """Regions, waters, mountains, streets and grounds."""
    surnames = words(names.PEOPLE["english"][2])
    sides = ["North {}", "South {}", "West {}", "Upper {}", "{}", "{}"]
    return {
        "region": plain("LOC", (rng.choice(sides).format(p) for p in words(names.PROVINCES))),
        "river": plain("LOC", words(names.WATERS)),
        "mountain": plain("LOC", (f"Mount {peak}" for peak in words(names.PEAKS))),
        "lake": plain(
            "LOC", (f"Lake {peak}" for peak in words(names.PROVINCES + " Victoria Chad"))
        ),
        "street": plain("LOC", pairs(rng, "{} {}", surnames + towns, words(names.STREETS), 70)),
        "venue": plain("LOC", pairs(rng, "{} {}", surnames + towns, words(names.VENUES), 60)),
    }


def make_titles(rng: Random, places: list[str], towns: list[str]) -> dict[str, list[Name]]:
    """What is MISC: events, festivals, works, prizes, pacts, products, languages, faiths, ships."""
    surnames = [s for group in names.PEOPLE.values() for s in words(group[2])]
    tours = [f"Tour of {place}" for place in words(names.PROVINCES)]
    pacts = pairs(rng, "{} {}", words(names.PACTS), places, 35) + pairs(
        rng, "{} {}", places, words(names.PACT_ENDS), 25
    )
    products = pairs(rng, "{} {}", words(names.PRODUCT_STEMS), words(names.PRODUCT_MARKS), 90)
    works = pairs(rng, "{} {}", words(names.WORK_FIRST), words(names.WORK_SECOND), 130)
    return {
        "event": plain("MISC", pairs(rng, "{} {}", places + towns, words(names.RACES), 50)),
        "open": plain("MISC", pairs(rng, "{} {}", places + towns, words(names.TOURNAMENTS), 50)),
        "tour": plain("MISC", tours),
        "cup": plain("MISC", words(names.CUPS)),
        "festival": plain("MISC", (f"{p} {k} Festival" for p in places for k in ("Film", "Book"))),
        "work": plain("MISC", (rng.choice(["The {}", "A {}", "{}"]).format(w) for w in works)),
        "award": plain("MISC", pairs(rng, "{} {}", surnames, words(names.PRIZES), 60)),
        "treaty": plain("MISC", pacts),
        "product": plain("MISC", products),
        "language": plain("MISC", words(names.LANGUAGES)),
        "faith": plain("MISC", words(names.FAITHS)),
        "ship": plain("MISC", words(names.SHIPS)),
    }


def make_pools(rng: Random) -> Pools:
    """kind -> split -> names. The "train" part is for every split, the others for one only."""
    towns, cities = make_towns(rng), real_cities()
    surnames = [s for group in names.PEOPLE.values() for s in words(group[2])]
    rng.shuffle(surnames)
    countries = [make_country(line) for line in names.COUNTRIES.split("\n") if line]
    kinds = {
        "city": plain("LOC", cities + towns),
        "country": countries,
        "company": make_companies(rng, words(names.COMPANY_STEMS), surnames[:40]),
        "club": make_clubs(towns[:45], rng),
        "party": plain("ORG", (f"{word} Party" for word in words(names.PARTY_WORDS))),
        "agency": plain("ORG", words(names.THE_ACRONYMS)),
        "alliance": plain("ORG", words(names.BARE_ACRONYMS)),
        **make_bodies(rng, words(names.PROVINCES) + cities[:40], towns),
        **make_places(rng, towns),
        **make_titles(rng, cities[:45], towns[:30]),
    }
    pools = {kind: cut(rng, members) for kind, members in kinds.items()}
    pools["person"] = make_people(rng, {"train": 40, "dev": 12, "test": 12})
    everybody = pools["person"]
    for kind, pronoun in (("woman", "she"), ("man", "he")):
        pools[kind] = {
            split: [person for person in people if person.forms["he"] == pronoun]
            for split, people in everybody.items()
        }
    # Never held out: the point is to have seen them, with other labels.
    pools["sharedclub"] = {"train": plain("ORG", words(names.SHARED_CITIES))}
    pools["namesake"] = {"train": make_namesakes(rng)}
    pools["sharedcity"] = {"train": plain("LOC", words(names.SHARED_CITIES))}
    pools["sharedcompany"] = {"train": plain("ORG", words(names.SHARED_COMPANIES))}
    return pools
