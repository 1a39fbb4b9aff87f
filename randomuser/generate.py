"""People: equal for equal seed, page, nationalities and gender.

Only Random.random and getrandbits are used: their sequences stay equal in all versions of Python.
"""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta, timezone
from functools import cache
from hashlib import md5, sha1, sha256
from pathlib import Path
from random import Random
from typing import Any

from anyascii import anyascii

from randomuser.nationalities import NATIONALITIES, Nationality

WORDS = Path(__file__).parent / "words"
FIELDS = (
    "gender", "name", "location", "email", "login", "dob", "registered", "phone", "cell", "id",
    "picture", "nat",
)  # fmt: skip
Person = dict[str, Any]  # as the API has it, in JSON
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
NOW_MS = 1_767_225_600_000  # 2026-01-01: ages must not depend on the day of the request
YEAR_MS = 31_556_952_000
BORN_MS = (-800_000_000_000, NOW_MS - 21 * YEAR_MS)
REGISTERED_MS = (1_016_688_461_000, NOW_MS)


def people(seed: str, page: int, results: int, nats: list[str], gender: str | None) -> list[Person]:
    """`results` people of a page; a smaller number gives the first people of the same page."""
    rng = Random(f"{seed}|{page}|{','.join(nats)}|{gender or ''}")
    return [_person(rng, nats, gender) for _ in range(results)]


def _person(rng: Random, nats: list[str], only_gender: str | None) -> Person:
    draw = rng.random

    def pick(items: Any) -> Any:
        return items[int(draw() * len(items))]

    nat = pick(nats)
    land, words, common = NATIONALITIES[nat], _words(nat), _words("common")
    gender = only_gender or pick(("male", "female"))
    first, first_ascii = pick(words[gender])
    last, last_ascii = pick(words["last"])
    born, born_date = _instant(draw(), *BORN_MS)
    registered, _ = _instant(draw(), *REGISTERED_MS)
    password, salt = pick(common["password"]), f"{rng.getrandbits(48):012x}"[:8]
    salted = (password + salt).encode()
    portrait = f"{'men' if gender == 'male' else 'women'}/{int(draw() * 97)}.jpg"
    return {
        "gender": gender,
        "name": {"title": _title(nat, gender, draw()), "first": first, "last": last},
        "location": {
            "street": {"number": 1 + int(draw() * 9999), "name": pick(words["street"])},
            "city": pick(words["city"]),
            "state": pick(words["state"]),
            "country": land.country,
            "postcode": _postcode(rng, land),
            "coordinates": {
                "latitude": f"{draw() * 180 - 90:.4f}",
                "longitude": f"{draw() * 360 - 180:.4f}",
            },
            "timezone": pick(common["timezone"]),
        },
        "email": f"{first_ascii}.{last_ascii}@example.com",
        "login": {
            "uuid": _uuid(rng.getrandbits(122)),
            "username": pick(common["adjective"])
            + pick(common["animal"])
            + str(int(100 + draw() * 900)),
            "password": password,
            "salt": salt,
            "md5": md5(salted).hexdigest(),
            "sha1": sha1(salted).hexdigest(),
            "sha256": sha256(salted).hexdigest(),
        },
        "dob": born,
        "registered": registered,
        "phone": _fill(rng, land.phone),
        "cell": _fill(rng, land.cell),
        "id": {"name": land.id_name, "value": _national_id(rng, land, born_date, gender)},
        "picture": {
            "large": f"https://randomuser.me/api/portraits/{portrait}",
            "medium": f"https://randomuser.me/api/portraits/med/{portrait}",
            "thumbnail": f"https://randomuser.me/api/portraits/thumb/{portrait}",
        },
        "nat": nat,
    }


@cache
def _words(name: str) -> dict[str, list[Any]]:
    """The lists of words/<name>.json; people's names as (name, its form in an email address)."""
    lists: dict[str, list[Any]] = json.loads((WORDS / f"{name}.json").read_text(encoding="utf-8"))
    for key in ("male", "female", "last"):
        if key in lists:
            lists[key] = [(word, _ascii(word)) for word in lists[key]]
    return lists


def _ascii(word: str) -> str:
    return "".join(c for c in anyascii(word).lower() if c.isalnum() or c in "-'")


def _instant(fraction: float, start_ms: int, end_ms: int) -> tuple[dict[str, Any], str]:
    """({"date": ISO, "age": years}, "YYYY-MM-DD")"""
    ms = start_ms + int(fraction * (end_ms - start_ms))
    text = (EPOCH + timedelta(milliseconds=ms)).isoformat(timespec="milliseconds")
    return {"date": text[:23] + "Z", "age": (NOW_MS - ms) // YEAR_MS}, text[:10]


def _uuid(bits: int) -> str:
    """A version 4 UUID of 122 random bits, as text like that of str(uuid.UUID)."""
    text = f"{bits:031x}"
    variant = "89ab"[bits >> 120]
    return f"{text[1:9]}-{text[9:13]}-4{text[13:16]}-{variant}{text[16:19]}-{text[19:31]}"


def _title(nat: str, gender: str, fraction: float) -> str:
    if nat == "CH":
        titles: tuple[str, ...] = ("Monsieur",) if gender == "male" else ("Mademoiselle", "Madame")
    else:
        titles = ("Mr",) if gender == "male" else ("Miss", "Mrs", "Ms")
    return titles[int(fraction * len(titles))]


def _postcode(rng: Random, land: Nationality) -> int | str:
    if land.postcode is None:
        return 10000 + int(rng.random() * 90000)
    text = _fill(rng, land.postcode)
    return int(text) if land.postcode_is_number else text


def _national_id(rng: Random, land: Nationality, born: str, gender: str) -> str | None:
    if land.id_value is None:
        return None
    parts = {"yy": born[2:4], "mm": born[5:7], "dd": born[8:10], "g": 1 if gender == "male" else 2}
    return _fill(rng, land.id_value).format_map(parts)


def _fill(rng: Random, pattern: str) -> str:
    text, draws = _template(pattern)
    draw = rng.random
    return text % tuple([first + int(draw() * count) for first, count in draws])


@cache
def _template(pattern: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """A %-format and (first, count) of its numbers: "0##-@" → "0%02d-%c", (0, 100), (65, 26)."""
    draws: list[tuple[int, int]] = []

    def piece(match: re.Match[str]) -> str:
        run = match[0]
        draws.append({"^": (2, 8), "@": (ord("A"), 26)}.get(run, (0, 10 ** len(run))))
        return {"^": "%d", "@": "%c"}.get(run, f"%0{len(run)}d")

    return re.sub("#+|[@^]", piece, pattern), tuple(draws)
