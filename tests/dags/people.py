"""People to test with."""

from __future__ import annotations

from typing import Any


def person(number: int) -> dict[str, Any]:
    """A person of the API, without its secrets."""
    return {
        "gender": "female",
        "name": {"title": "Ms", "first": "Ida", "last": f"N{number}"},
        "location": {
            "street": {"number": number, "name": "Elm Street"},
            "city": "Clane",
            "state": "Kildare",
            "country": "Ireland",
            "postcode": 10_000 + number,
            "coordinates": {"latitude": "3.1635", "longitude": "-48.4445"},
            "timezone": {"offset": "-3:30", "description": "Newfoundland"},
        },
        "email": f"ida{number}@example.com",
        "login": {"uuid": f"{9 - number:08x}-cd58-477d-8365-6a42f620507e", "username": "ida"},
        "dob": {"date": "1983-02-18T19:45:06.219Z", "age": 43},
        "registered": {"date": "2007-04-08T07:57:25.094Z", "age": 19},
        "phone": "071-410-3048",
        "cell": "081-872-3125",
        "id": {"name": "", "value": None},
        "picture": {"large": "l", "medium": "m", "thumbnail": "t"},
        "nat": "IE",
    }
