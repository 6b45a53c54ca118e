"""The parameters of a search into what is asked for; nothing that is typed is an error."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

from werkzeug.datastructures import MultiDict

from kb.search.facets import FILTERS, Labels
from kb.search.model import QUERY_LENGTH, SORTS, Asked

# Not more of an unknown value than this is shown again.
SHOWN = 40
# Nor more than so many of them.
MOST_IGNORED = 5


def read(arguments: MultiDict[str, str], labels: Labels) -> Asked:
    """What the address asks for; codes and orders that there are not go to ``ignored``."""
    filters: dict[str, list[str]] = {}
    ignored: list[tuple[str, str]] = []
    for name in FILTERS:
        for code in dict.fromkeys(arguments.getlist(name)):
            if code in labels[name]:
                filters.setdefault(name, []).append(code)
            elif code:
                ignored.append((name, clean(code)[:SHOWN]))
    sort = arguments.get("sort", "")
    if sort and sort not in SORTS:
        ignored.append(("sort", clean(sort)[:SHOWN]))
        sort = ""
    text = clean(arguments.get("q", ""))
    asked = Asked(
        text=text[:QUERY_LENGTH].strip(),
        filters=filters,
        page=_page(arguments.get("page", "")),
        ignored=ignored[:MOST_IGNORED],
        cut=len(text) > QUERY_LENGTH,
    )
    # The usual order has no name, so that one search has one address.
    return asked if sort in (asked.order, "relevance") else replace(asked, sort=sort)


def clean(text: str) -> str:
    """Text without control characters and without spaces around it."""
    kept = (" " if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") else c for c in text)
    return "".join(kept).strip()


def _page(typed: str) -> int:
    """A page number; the first page for anything that is none."""
    return max(1, int(typed)) if typed.isascii() and typed.isdigit() and len(typed) < 7 else 1
