"""What is MISC: events, works, prizes, pacts, products, peoples, languages, faiths, ships."""

from __future__ import annotations

from random import Random

from naming import Name, pairs, plain
from word_lists import read_lists

WORK_FORMS = ("The {}", "A {}", "{}")


def make_titles(rng: Random, places: list[str], surnames: list[str]) -> dict[str, list[Name]]:
    """kind -> names."""
    lists = read_lists("titles")
    regions = read_lists("places")["regions"]
    works = pairs(rng, "{} {}", lists["work first"], lists["work second"], 160)
    pacts = pairs(rng, "{} {}", lists["pacts"], places, 35)
    pacts += pairs(rng, "{} {}", places, lists["pact ends"], 35)
    products = pairs(rng, "{} {}", lists["product stems"], lists["product marks"], 90)
    found = {
        "event": pairs(rng, "{} {}", places, lists["races"], 70),
        "open": pairs(rng, "{} {}", places, lists["tournaments"], 90),
        "tour": [f"Tour of {region}" for region in regions[:40]],
        "cup": lists["cups"],
        "league": lists["leagues"],
        "war": lists["wars"],
        "feast": lists["days"],
        "festival": pairs(rng, "{} {} Festival", places, ["Film", "Book", "Music"], 80),
        "work": [rng.choice(WORK_FORMS).format(work) for work in works],
        "award": pairs(rng, "{} {}", surnames, lists["prizes"], 50) + lists["known prizes"],
        "treaty": pacts + lists["known pacts"],
        "product": products + lists["known products"],
        "index": lists["indices"],
        "craft": lists["spacecraft"],
        "language": lists["languages"],
        "faith": lists["faiths"],
        "believers": lists["faith people"],
        "ethnic": lists["peoples"],
        "ship": lists["ships"],
    }
    return {kind: plain("MISC", names) for kind, names in found.items()}
