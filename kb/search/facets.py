"""The filters of search: their names, and their values in order with labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString
from sqlite_utils import Database

from kb import i18n
from kb.municipalities import store as municipalities
from kb.municipalities.model import ELSEWHERE, Municipality
from kb.practices.documents import BANDS
from kb.practices.template import FIELDS, Field
from kb.vocabularies.store import all_vocabularies

# Labels of the codes of each filter, in the order in which people meet them.
Labels = Mapping[str, Mapping[str, str]]

FIRST_YEAR, LAST_YEAR = 1900, 2100


@dataclass(frozen=True)
class Filter:
    """One filter; ``vocabulary`` names the terms that it chooses from, where they are such."""

    name: str
    label: LazyString
    vocabulary: str | None = None


def _vocabulary(field: Field) -> str | None:
    terms = (column.vocabulary for column in field.columns if column.vocabulary)
    return field.vocabulary or next(terms, None)


def _all() -> dict[str, Filter]:
    """The template's filters and those that follow from a practice's other properties."""
    found: dict[str, Filter] = {}
    for field in FIELDS:
        if field.facet and field.facet not in found:
            found[field.facet] = Filter(field.facet, field.label, _vocabulary(field))
    for name, label, vocabulary in (
        ("year", _("Year"), None),
        ("region", _("Region"), None),
        ("language", _("Written in"), None),
        ("evidence", _("Evidence"), "evidence_levels"),
        ("completeness", _("Completeness"), None),
    ):
        found[name] = Filter(name, label, vocabulary)
    return found


# The filters that stand open on the page come first; the others are folded away.
MAIN = ("municipality", "area", "target_group", "type", "stage", "year")
_FOUND = _all()
FILTERS = {name: _FOUND[name] for name in (*MAIN, *(n for n in _FOUND if n not in MAIN))}


def labels(db: Database) -> Labels:
    """The values that each filter can have, with their labels in the reader's language."""
    vocabularies = all_vocabularies(db)
    places = municipalities.list_municipalities(db)
    found: dict[str, Mapping[str, str]] = {
        each.name: {
            code: i18n.text(term.label).value
            for code, term in vocabularies[each.vocabulary].terms.items()
        }
        for each in FILTERS.values()
        if each.vocabulary and each.vocabulary in vocabularies
    }
    found["municipality"] = _names(places)
    found["region"] = _by_name((each.region, i18n.text(each.region_name).value) for each in places)
    found["language"] = {code: str(name) for code, name in i18n.LANGUAGE_NAMES.items()}
    found["completeness"] = _percentages()
    found["year"] = {str(year): str(year) for year in range(LAST_YEAR, FIRST_YEAR - 1, -1)}
    return found


def _percentages() -> dict[str, str]:
    """The bands of completeness: from one up to below the next."""
    first, *others = BANDS
    found = {str(first): _("%(least)d%% or more", least=first)}
    for least, above in zip(others, BANDS, strict=False):
        found[str(least)] = _("%(least)d–%(most)d%%", least=least, most=above - 1)
    return {code: str(words) for code, words in found.items()}


def _names(places: Iterable[Municipality]) -> dict[str, str]:
    """Municipalities by their names; what lies outside the network last."""
    names = _by_name((each.code, i18n.text(each.name).value) for each in places)
    if ELSEWHERE in names:
        names[ELSEWHERE] = names.pop(ELSEWHERE)
    return names


def _by_name(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    return dict(sorted(pairs, key=lambda pair: i18n.sort_key(pair[1])))
