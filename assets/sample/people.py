"""People: a given name and a surname of the same origin, so that most sound like somebody."""

from __future__ import annotations

from random import Random

from naming import Name, name
from word_lists import read_lists

# Surnames that are better known as a place's
PLACE_SURNAMES = "Washington Jordan Lincoln Houston Madison Austin Georgia York Lancaster Chad"
# How many people of each origin a split has, and how many times as many of some
PEOPLE = {"train": 500, "dev": 50, "test": 50}
MANY = {"english": 3}
# Of 100 surnames, how many are only in dev, and as many only in test
HELD_OUT_PERCENT = 10
SUFFIXES = ("Jr.", "Jr", "III")


def make_people(rng: Random) -> dict[str, list[Name]]:
    """split -> people. Surnames are cut first, so a held-out person has an unseen one."""
    lists = read_lists("people")
    people: dict[str, list[Name]] = {split: [] for split in PEOPLE}
    for origin in [title.removesuffix(" surnames") for title in lists if "surnames" in title]:
        given = lists[f"{origin} men"], lists[f"{origin} women"]
        for split, surnames in cut_surnames(rng, lists[f"{origin} surnames"]).items():
            number = PEOPLE[split] * MANY.get(origin, 1)
            people[split] += [make_person(rng, given, surnames, origin) for _ in range(number)]
    return people


def cut_surnames(rng: Random, surnames: list[str]) -> dict[str, list[str]]:
    surnames = list(surnames)
    rng.shuffle(surnames)
    held = len(surnames) * HELD_OUT_PERCENT // 100
    return {
        "dev": surnames[:held],
        "test": surnames[held : 2 * held],
        "train": surnames[2 * held :],
    }


def make_person(
    rng: Random, given: tuple[list[str], list[str]], surnames: list[str], origin: str
) -> Name:
    """A man in three of five cases, else a woman."""
    female = rng.random() < 0.4
    first, surname = rng.choice(given[female]), rng.choice(surnames)
    return named(rng, first, full_name(rng, first, surname, surnames, origin), surname, female)


def full_name(rng: Random, first: str, surname: str, surnames: list[str], origin: str) -> str:
    """The usual order, now and then with a middle initial, a second surname or a suffix."""
    chance = rng.random()
    if origin == "east asian" and chance < 0.35:
        return f"{surname} {first}"
    if origin == "iberian" and chance < 0.12:
        return f"{first} {surname} {rng.choice(surnames)}"
    if origin == "english" and chance < 0.04:
        return f"{first} {surname} {rng.choice(SUFFIXES)}"
    if chance < 0.1:
        return f"{first} {rng.choice('ABCDEFGHJKLMPRSTW')}. {surname}"
    return f"{first} {surname}"


def named(rng: Random, first: str, full: str, surname: str, female: bool) -> Name:
    """A person with the short forms and the pronouns that go with the name."""
    he, his, him = ("she", "her", "her") if female else ("he", "his", "him")
    middle = rng.choice("ABCDEHJKLMPRST")
    letters = rng.choice([f"{first[0]}. {middle}.", f"{first[0]}.", f"{first[0]}.{middle}."])
    initials = f"{letters} {surname}"
    return name("PER", full, surname, initials=initials, given=first, he=he, his=his, him=him)


def make_namesakes(rng: Random) -> list[Name]:
    """People whose surname is better known as a place's."""
    men, women = read_lists("people")["english men"], read_lists("people")["english women"]
    everybody = []
    for surname in PLACE_SURNAMES.split() * 6:
        female = rng.random() < 0.5
        first = rng.choice(women if female else men)
        everybody.append(named(rng, first, f"{first} {surname}", surname, female))
    return everybody
