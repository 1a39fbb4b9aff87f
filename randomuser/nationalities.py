"""Nationalities: country, and patterns of phone numbers, ids and postcodes.

In a pattern `#` is a digit, `^` a digit from 2 to 9, `@` a capital letter; {dd}, {mm} and {yy} are
the date of birth, {g} is 1 (male) or 2 (female); other characters stand for themselves.
"""

from __future__ import annotations

from typing import NamedTuple


class Nationality(NamedTuple):
    country: str
    phone: str
    cell: str
    id_name: str = ""  # the API gives '' and null for a nationality without ids
    id_value: str | None = None
    postcode: str | None = None  # None: a number from 10000 to 99999
    postcode_is_number: bool = False


NATIONALITIES: dict[str, Nationality] = {
    "AU": Nationality(
        "Australia", "0#-####-####", "04##-###-###", "TFN", "#########", "^###", True
    ),
    "BR": Nationality("Brazil", "(##) ####-####", "(##) ####-####", "CPF", "###.###.###-##"),
    "CA": Nationality("Canada", "@## @##-####", "@## @##-####", "SIN", "#########", "@#@ #@#"),
    "CH": Nationality(
        "Switzerland", "07^ ### ## ##", "07^ ### ## ##", "AVS", "756.####.####.##", "^###", True
    ),
    "DE": Nationality("Germany", "0###-#######", "017#-#######", "SVNR", "^# {dd}{mm}{yy} @ ###"),
    "DK": Nationality("Denmark", "########", "########", "CPR", "{dd}{mm}{yy}-####"),
    "ES": Nationality("Spain", "9##-###-###", "6##-###-###", "DNI", "########-@"),
    "FI": Nationality("Finland", "0^-###-###", "04#-###-##-##", "HETU", "{dd}{mm}{yy}-###@"),
    "FR": Nationality(
        "France", "0^-##-##-##-##", "06-##-##-##-##", "INSEE", "{g}{yy}{mm}######## ##"
    ),
    "GB": Nationality(
        "United Kingdom", "01### #####", "07### ######", "NINO", "@@ ## ## ## @", "@@# #@@"
    ),
    "IE": Nationality("Ireland", "0^1-###-####", "081-###-####", "PPS", "#######T"),
    "IN": Nationality("India", "^#########", "^#########", "UIDAI", "############"),
    "IR": Nationality("Iran", "0##-########", "09##-###-####"),
    "MX": Nationality("Mexico", "(6##) ### ####", "(6##) ### ####", "NSS", "## ## ## #### #"),
    "NL": Nationality("Netherlands", "(###)-###-####", "(###)-###-####", "BSN", "########"),
    "NO": Nationality("Norway", "^#######", "9#######", "FN", "{dd}{mm}{yy}#####", "####"),
    "NZ": Nationality("New Zealand", "(###)-###-####", "(###)-###-####"),
    "RS": Nationality("Serbia", "0##-####-###", "06#-####-###", "SID", "#########"),
    "TR": Nationality("Turkey", "(###)-###-####", "(###)-###-####"),
    "UA": Nationality("Ukraine", "(09^) @##-####", "(06^) @##-####"),
    "US": Nationality("United States", "(^##) ^##-####", "(^##) ^##-####", "SSN", "^##-^#-####"),
}
