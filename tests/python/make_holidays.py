"""Writes src/calendar/holiday_table.json: public holidays of the Python package `holidays`.

In an environment with tests/python/requirements-holidays.txt:

    python tests/python/make_holidays.py
"""

import json
import re
from pathlib import Path

import holidays

FIRST, LAST = 2001, 2035
COUNTRIES = {
    "IN": "India",
    "US": "United States",
    "GB": "United Kingdom",
    "DE": "Germany",
    "FR": "France",
    "AE": "United Arab Emirates",
    "SG": "Singapore",
    "AU": "Australia",
    "CA": "Canada",
}


def plain(name):
    """The name without what only says how sure or how moved the day is."""
    return re.sub(r"\s*\((estimated|observed|observed, estimated)\)", "", name).strip()


def days_of(country, region, years):
    """Names and days; a feast is one also in years in which offices stay open on it."""
    public = named_days(country, region, years, holidays.PUBLIC)
    if holidays.OPTIONAL not in kind_of(country).supported_categories:
        return public
    names = {name for name, _ in public}
    optional = named_days(country, region, years, holidays.OPTIONAL)
    return public | {(name, day) for name, day in optional if name in names}


def named_days(country, region, years, category):
    found = holidays.country_holidays(
        country,
        subdiv=region,
        years=years,
        language="en_US" if "en_US" in kind_of(country).supported_languages else None,
        categories=(category,),
    )
    return {(plain(name), day) for day in found for name in found.get_list(day)}


def kind_of(country):
    return type(holidays.country_holidays(country, years=FIRST))


def table_of(country, title):
    kind = kind_of(country)
    first = max(FIRST, getattr(kind, "start_year", FIRST))
    years = range(first, LAST + 1)
    national = days_of(country, None, years)
    aliases = {code: name for name, code in getattr(kind, "subdivisions_aliases", {}).items()}
    regions = {region: aliases.get(region, region) for region in kind.subdivisions}
    by_day = {pair: None for pair in national}
    for region in regions:
        for pair in days_of(country, region, years) - national:
            by_day.setdefault(pair, []).append(region)
    # Days of a name that the same regions keep are one entry.
    entries = {}
    for (name, day), where in by_day.items():
        key = (name, None if where is None else tuple(sorted(where)))
        entries.setdefault(key, []).append(day.strftime("%Y%m%d"))
    return {
        "name": title,
        "first": first,
        "last": LAST,
        "regions": regions,
        "days": [
            {"name": name, **({} if where is None else {"regions": where}), "dates": " ".join(sorted(dates))}
            for (name, where), dates in sorted(
                entries.items(), key=lambda entry: (entry[0][1] is not None, entry[0][0], entry[0])
            )
        ],
    }


def main():
    table = {
        "source": f"Python holidays {holidays.__version__} (MIT)",
        "countries": {code: table_of(code, name) for code, name in COUNTRIES.items()},
    }
    path = Path(__file__).parents[2] / "src" / "calendar" / "holiday_table.json"
    path.write_text(json.dumps(table, separators=(",", ":"), ensure_ascii=False) + "\n")


main()
