"""Results to take away: a table that opens right in a Greek spreadsheet, and an Atom feed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree

from flask_babel import gettext as _
from sqlite_utils import Database

from kb import i18n, web
from kb.municipalities import store as municipalities
from kb.municipalities.model import Municipality
from kb.practices.template import FIELDS, Field, Kind
from kb.search import store
from kb.search.display import place
from kb.search.facets import Labels
from kb.search.model import Answer, Asked, Found
from kb.tables import as_csv
from kb.vocabularies.model import Vocabularies
from kb.vocabularies.store import all_vocabularies

# Longer texts are for the practice's page.
COLUMN_KINDS = frozenset(
    {
        Kind.LINE,
        Kind.CODE,
        Kind.CODES,
        Kind.MUNICIPALITY,
        Kind.MUNICIPALITIES,
        Kind.PLACE,
        Kind.MONTH,
        Kind.FLAG,
    }
)
COLUMNS = tuple(field for field in FIELDS if field.kind in COLUMN_KINDS)
BETWEEN = " | "  # values within a cell

# What XML 1.0 cannot hold, not even escaped.
NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
ATOM = "http://www.w3.org/2005/Atom"


def csv(db: Database, answer: Answer) -> str:
    """The hits as a table, a practice a row, in the reader's language."""
    labels = (field.label for field in COLUMNS)
    header = [_("Reference"), *labels, _("Published"), _("Last confirmed"), _("Address")]
    contents = store.contents(db, [each.card.id for each in answer.found])
    known = (all_vocabularies(db), municipalities.by_code(db))
    rows = []
    for row in (contents[each.card.id] for each in answer.found if each.card.id in contents):
        cells = (_cell(field, row["content"].get(field.code), *known) for field in COLUMNS)
        days = ((row["published_at"] or "")[:10], row["confirmed_on"] or "")
        rows.append([row["reference"], *cells, *days, _url(row["slug"])])
    return as_csv([str(cell) for cell in header], rows)


def _cell(field: Field, value: Any, books: Vocabularies, towns: Mapping[str, Municipality]) -> str:
    if not value:
        return ""
    if field.kind in (Kind.LINE, Kind.PLACE):
        return i18n.text(value).value
    if field.kind is Kind.FLAG:
        return str(_("Yes"))
    if field.kind is Kind.MONTH:
        return str(value)
    codes = [value] if isinstance(value, str) else value
    if field.vocabulary:
        return BETWEEN.join(i18n.text(books[field.vocabulary].label(code)).value for code in codes)
    return BETWEEN.join(i18n.text(towns[code].name).value for code in codes if code in towns)


def atom(asked: Asked, answer: Answer, labels: Labels) -> bytes:
    """The hits as an Atom feed (RFC 4287)."""
    lang = i18n.current()
    own = web.absolute_url("search.atom", lang=lang, **asked.parameters)
    page = web.absolute_url("search.index", lang=lang, **asked.parameters)
    feed = ElementTree.Element("feed", {"xmlns": ATOM, "xml:lang": lang})
    name = _("Good-practice library, CNI")
    _add(feed, "title", f"{name}: {asked.text}" if asked.text else name)
    _add(feed, "id", own)
    _add(feed, "link", rel="self", type="application/atom+xml", href=own)
    _add(feed, "link", rel="alternate", type="text/html", href=page)
    newest = max((each.card.published_at for each in answer.found), default="")
    _add(feed, "updated", newest or "1970-01-01T00:00:00Z")
    author = ElementTree.SubElement(feed, "author")
    _add(author, "name", _("Cities Network for Integration"))
    for each in answer.found:
        feed.append(_entry(each, labels))
    whole: bytes = ElementTree.tostring(feed, "utf-8", xml_declaration=True)
    return whole


def _entry(found: Found, labels: Labels) -> ElementTree.Element:
    card = found.card
    title, summary = i18n.text(card.title), i18n.text(card.summary)
    entry = ElementTree.Element("entry", {"xml:lang": title.lang})
    _add(entry, "title", title.value)
    # The same practice in either language is one entry to whoever follows both feeds.
    _add(entry, "id", web.absolute_url("practices.show", lang=i18n.DEFAULT, slug=card.slug))
    _add(entry, "link", rel="alternate", type="text/html", href=_url(card.slug))
    _add(entry, "updated", card.published_at)
    author = ElementTree.SubElement(entry, "author")
    _add(author, "name", place(card, labels))
    for code in card.areas:
        _add(entry, "category", term=code, label=labels["area"].get(code, code))
    _add(entry, "summary", summary.value)
    return entry


def _add(parent: ElementTree.Element, tag: str, text: str = "", **attributes: str) -> None:
    cleaned = {name: NOT_XML.sub("", value) for name, value in attributes.items()}
    child = ElementTree.SubElement(parent, tag, cleaned)
    child.text = NOT_XML.sub("", text) or None


def _url(slug: str) -> str:
    return web.absolute_url("practices.show", lang=i18n.current(), slug=slug)
