"""All names of the sample corpus by kind, cut into what every split draws from and what one does.

Most names are in the pool of train, which every split draws from; the rest are in a pool of dev
or of test, so that part of what is met there was never seen in training.
"""

from __future__ import annotations

from random import Random

from naming import Name, plain
from organisations import make_bodies, make_clubs, make_companies, make_local
from people import make_namesakes, make_people
from places import make_countries, make_places, make_towns, real_cities
from titles import make_titles
from vocabulary import make_vocabulary
from word_lists import read_lists

SPLITS = ("train", "dev", "test")
# Of 100 names of a kind, how many only dev has, and as many only test
HELD_OUT_PERCENT = 8

Pools = dict[str, dict[str, list[Name]]]


def cut(rng: Random, members: list[Name]) -> dict[str, list[Name]]:
    """Shuffle the names and cut them by split; a name that stands twice stays on one side."""
    distinct = list({member.forms["full"]: member for member in members})
    rng.shuffle(distinct)
    held = max(1, len(distinct) * HELD_OUT_PERCENT // 100)
    dev, test = set(distinct[:held]), set(distinct[held : 2 * held])
    return {
        "dev": [member for member in members if member.forms["full"] in dev],
        "test": [member for member in members if member.forms["full"] in test],
        "train": [member for member in members if member.forms["full"] not in dev | test],
    }


def of_gender(people: dict[str, list[Name]], pronoun: str) -> dict[str, list[Name]]:
    return {split: [p for p in own if p.forms["he"] == pronoun] for split, own in people.items()}


def shared_by_labels(rng: Random) -> dict[str, list[Name]]:
    """Names that were seen in training with other labels too: none is held out."""
    cities = read_lists("places")["shared cities"]
    return {
        "namesake": make_namesakes(rng),
        "sharedcity": plain("LOC", cities),
        "sharedclub": plain("ORG", cities),
        "sharedcompany": plain("ORG", read_lists("companies")["shared companies"]),
    }


def make_pools(rng: Random) -> Pools:
    """kind -> split -> names. The "train" part is for every split, the others for one only."""
    towns, cities = make_towns(rng), real_cities()
    rng.shuffle(cities)
    people = make_people(rng)
    surnames = [person.forms["short"] for person in people["train"][::40]]
    kinds = {
        **make_companies(rng),
        **make_clubs(rng, towns, cities[:20]),
        **make_bodies(rng),
        **make_local(rng, cities[:160], towns),
        **make_places(rng, towns),
        **make_titles(rng, cities[:90] + towns[:30], surnames),
    }
    for_all = {"country": make_countries(), **make_vocabulary(), **shared_by_labels(rng)}
    return {
        **{kind: cut(rng, members) for kind, members in kinds.items()},
        **{kind: {"train": members} for kind, members in for_all.items()},
        "person": people,
        "woman": of_gender(people, "she"),
        "man": of_gender(people, "he"),
    }
