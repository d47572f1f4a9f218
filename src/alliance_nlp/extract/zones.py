"""Time zones as publishers abbreviate them, in hours from UTC.

The same letters mean different zones in different places, so the zone of the source decides where
it can. Feed libraries read ``JST`` as UTC, nine hours off, which is why this table is our own.
"""

from __future__ import annotations

from datetime import timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

HOURS = {
    "UTC": 0, "UT": 0, "GMT": 0, "Z": 0, "WET": 0, "WEST": 1, "BST": 1, "CET": 1, "CEST": 2,
    "MEZ": 1, "MESZ": 2, "EET": 2, "EEST": 3, "MSK": 3, "TRT": 3, "SAST": 2, "CAT": 2, "EAT": 3,
    "WAT": 1, "GST": 4, "PKT": 5, "IST": 5.5, "NPT": 5.75, "BDT": 6, "MMT": 6.5, "ICT": 7,
    "WIB": 7, "WITA": 8, "WIT": 9, "SGT": 8, "MYT": 8, "HKT": 8, "PHT": 8, "PHST": 8, "AWST": 8,
    "JST": 9, "KST": 9, "ACST": 9.5, "ACDT": 10.5, "AEST": 10, "AEDT": 11, "CHST": 10,
    "NZST": 12, "NZDT": 13, "AST": -4, "ADT": -3, "NST": -3.5, "NDT": -2.5, "EST": -5, "EDT": -4,
    "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "AKST": -9, "AKDT": -8,
    "HST": -10, "HAST": -10, "SST": -11, "BRT": -3, "ART": -3,
}  # fmt: skip
_REGIONS = {
    "ET": "America/New_York",
    "CT": "America/Chicago",
    "MT": "America/Denver",
    "PT": "America/Los_Angeles",
    "EASTERN": "America/New_York",
    "CENTRAL": "America/Chicago",
    "MOUNTAIN": "America/Denver",
    "PACIFIC": "America/Los_Angeles",
    "AET": "Australia/Sydney",
    "日本時間": "Asia/Tokyo",
    "現地時間": "",
    "米東部時間": "America/New_York",
}
_NO_WORDS = frozenset(("GMT", "UTC", "Z", "JST", "KST", "EST", "EDT", "PST", "PDT", "CDT", "BST"))
# (abbreviation, what the source's zone begins with): hours
_ELSEWHERE = {
    ("CST", "Asia/"): 8,
    ("PST", "Asia/Manila"): 8,
    ("IST", "Europe/Dublin"): 1,
    ("IST", "Asia/Jerusalem"): 2,
    ("BST", "Asia/Dhaka"): 6,
    ("AST", "Asia/"): 3,
    ("EST", "Australia/"): 10,
    ("EDT", "Australia/"): 11,
    ("SST", "Asia/Singapore"): 8,
    ("GST", "Pacific/Guam"): 10,
}


def is_zone(name: str) -> bool:
    """Tell whether ``name`` is an abbreviation or name in the table.

    Abbreviations are in capitals, as publishers write them, but for those that are no words: "eat"
    after a time of day is no East Africa.
    """
    key = name.upper()
    return (key in HOURS and (name == key or key in _NO_WORDS)) or (
        key in _REGIONS and (name == key or len(name) > 3)
    )


def zone_of(name: str, *, home: str) -> tzinfo:
    """Return the zone that an abbreviation means on a page of a source at home in ``home``."""
    key = name.upper()
    if key in _REGIONS:
        return home_zone(_REGIONS[key] or home)
    for (abbreviation, place), hours in _ELSEWHERE.items():
        if abbreviation == key and home.startswith(place):
            return timezone(timedelta(hours=hours))
    return timezone(timedelta(hours=HOURS[key]))


@cache
def home_zone(name: str) -> tzinfo:
    """Return an IANA zone; UTC when there is none of that name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def is_month_first(home: str) -> bool:
    """Tell whether 11/12/2026 is the twelfth of November where the source is at home."""
    return home.startswith(("America/", "Pacific/Honolulu", "Pacific/Guam", "US/")) or home in {
        "UTC",
        "Asia/Tokyo",
        "Asia/Manila",
        "Asia/Seoul",
    }


_DAY_FIRST_ENDS = (
    ".uk", ".ie", ".au", ".nz", ".in", ".pk", ".sg", ".my", ".hk", ".za", ".ke", ".tz", ".ng",
    ".fr", ".de", ".it", ".es", ".nl", ".eu", ".br", ".il", ".id", ".th", ".vn", ".ls", ".na",
)  # fmt: skip
_DAY_FIRST_REGIONS = frozenset("gb ie au nz in pk sg my hk za ke tz ng fr de it es nl il".split())


def is_month_first_at(host: str, locale: str) -> bool | None:
    """Tell what 11/12/2026 means by a page's host and locale; ``None`` where they do not tell.

    The host goes first: publishing systems come with ``en-US`` set, wherever they run.
    """
    if host.endswith((".gov", ".mil", ".us")):
        return True
    if host.endswith(_DAY_FIRST_ENDS):
        return False
    language, _, region = locale.lower().replace("_", "-").partition("-")
    if region in _DAY_FIRST_REGIONS or language in {"fr", "de", "it", "es", "nl", "pt"}:
        return False
    return True if region == "us" else None
