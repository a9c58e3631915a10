"""Places: countries with their adjectives, cities, regions, waters, streets and grounds."""

from __future__ import annotations

from random import Random

from naming import Name, filled, name, pairs, plain
from word_lists import read_countries, read_lists

# Countries that news is about more often than about others
OFTEN = """
    U.S. Britain Germany France Italy Spain England Australia Russia Japan China India Israel Iraq
    Netherlands Pakistan South_Africa New_Zealand Sweden Brazil Canada Ireland Scotland Belgium
"""
SIDES = ("North {}", "South {}", "West {}", "Upper {}", "{}", "{}", "{}", "{}")


def make_country(columns: list[str]) -> Name:
    """A country; its cities stay one string until one is drawn."""
    country, adjective, people, _ = (column.replace("_", " ") for column in columns)
    cities = columns[3]
    capital = cities.split()[0].replace("_", " ")
    return name("LOC", country, adj=adjective, people=people, cities=cities, capital=capital)


def make_countries() -> list[Name]:
    columns = read_countries()
    often = [row for row in columns if row[0] in OFTEN.split()]
    return [make_country(row) for row in [*columns, *often, *often, *often]]


def make_towns(rng: Random) -> list[str]:
    """Invented English-looking towns: Ashport, Kelbridge ..."""
    lists = read_lists("places")
    towns = pairs(rng, "{}{}", lists["town starts"], lists["town ends"], 110)
    return [town for town in towns if town not in ("Stonestead", "Redham")]


def real_cities() -> list[str]:
    """Every city of the countries and of the list, once."""
    of_countries = [city for row in read_countries() for city in row[3].split()]
    cities = [city.replace("_", " ") for city in of_countries] + read_lists("places")["cities"]
    return list(dict.fromkeys(cities))


def make_places(rng: Random, towns: list[str]) -> dict[str, list[Name]]:
    """kind -> names."""
    lists = read_lists("places")
    surnames = read_lists("people")["english surnames"]
    named_after = surnames + towns * 3
    lakes = [*lists["regions"][:30], "Victoria", "Chad", "Geneva", "Michigan", "Superior"]
    found = {
        "city": real_cities() + towns[:60],
        "region": [rng.choice(SIDES).format(region) for region in lists["regions"]]
        + lists["regions"],
        "state": lists["state abbreviations"],
        "area": lists["areas"],
        "river": lists["waters"],
        "sea": lists["seas"],
        "mountain": filled(rng, ["Mount {}", "Mt. {}", "Mount {}"], lists["peaks"]),
        "lake": [f"Lake {lake}" for lake in lakes],
        "island": lists["islands"],
        "street": pairs(rng, "{} {}", named_after, lists["street kinds"], 120),
        "venue": pairs(rng, "{} {}", named_after, lists["venue kinds"], 120) + lists["landmarks"],
        "landmark": lists["landmarks"],
        "planet": lists["planets"],
    }
    return {kind: plain("LOC", names) for kind, names in found.items()}
