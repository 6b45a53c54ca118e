"""The search record of a period as moderators see it: on a page, and as a table."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlite_utils import Database

from kb import i18n
from kb.search import searches
from kb.search.searches import Sought
from kb.search.words import language_of
from kb.tables import as_csv

DAYS = (7, 30, 90, 365)
USUAL_DAYS = 30
MOST_SHOWN = 50
MOST_TAKEN = 5_000


@dataclass(frozen=True)
class Period:
    """So many days up to now, of the searches in one language or, where it is empty, in all."""

    days: int
    language: str

    @property
    def languages(self) -> str:
        return json.dumps([self.language] if self.language else list(i18n.LANGUAGES))


def read(arguments: Mapping[str, str]) -> Period:
    """The period that an address asks for; the usual one for anything that is none."""
    days = {str(number): number for number in DAYS}.get(arguments.get("days", ""), USUAL_DAYS)
    language = arguments.get("language", "")
    return Period(days, language if language in i18n.LANGUAGES else "")


def page(db: Database, period: Period) -> dict[str, Any]:
    """What the page's template shows."""
    shown = (period.days, period.languages, MOST_SHOWN)
    return {
        "period": period,
        "periods": [(str(days), _("Last %(days)s days", days=days)) for days in DAYS],
        "languages": [(code, str(name)) for code, name in i18n.LANGUAGE_NAMES.items()],
        "in_vain": searches.list_sought(db, *shown, only_in_vain=True),
        "sought": searches.list_sought(db, *shown),
        "language_of": language_of,
    }


def csv(db: Database, period: Period) -> str:
    """The whole record of the period, as a table for a spreadsheet."""
    header = (_("Words"), _("Searched in"), _("Times"), _("Practices found"), _("Last time"))
    found = searches.list_sought(db, period.days, period.languages, MOST_TAKEN)
    return as_csv(header, map(_row, found))


def _row(each: Sought) -> tuple[str, ...]:
    name = str(i18n.LANGUAGE_NAMES[each.language])
    return each.query, name, str(each.times), str(each.hits), each.last
