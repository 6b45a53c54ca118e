"""How each kind of field is read.

Each reader takes the field, the raw value and the known codes, gives the value or something empty,
and raises Malformed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _

from kb.practices import cells
from kb.practices.problems import WANTED, Known, Malformed
from kb.practices.template import LANGUAGES, Field, Kind
from kb.practices.values import (
    CELL_LENGTH,
    localised,
    one_of,
    plain_text,
    require_one_line,
    term,
)

MONTH = re.compile(r"(?:19|20)\d\d(?:-(?:0[1-9]|1[0-2]))?")
MAILBOX = re.compile(r"[^@\s<>()\[\],;:\"\\]{1,64}@[^@\s<>()\[\],;:\"\\]{1,190}\.[^@\s.]{2,63}")
COUNTRY = re.compile(r"[A-Z]{2}")
VISIBILITIES = ("public", "network")


def _line(field: Field, value: object, known: Known) -> dict[str, str]:
    texts = localised(value)
    require_one_line(texts)
    return texts


def _prose(field: Field, value: object, known: Known) -> dict[str, str]:
    return localised(value)


def _code(field: Field, value: object, known: Known) -> str:
    return term(field.vocabulary, value, known) if value else ""


def _list_of(field: Field, value: object, read: Callable[[object], str]) -> list[str]:
    if value is None:
        return []
    if not isinstance(value, list | tuple):
        raise Malformed(_("This is not a list."))
    codes = list(dict.fromkeys(read(item) for item in value))
    if field.limit and len(codes) > field.limit:
        raise Malformed(_("Choose at most %(limit)d.", limit=field.limit))
    return codes


def _codes(field: Field, value: object, known: Known) -> list[str]:
    return _list_of(field, value, lambda item: term(field.vocabulary, item, known))


def _municipality(field: Field, value: object, known: Known) -> str:
    return one_of(value, known.municipalities) if value else ""


def _municipalities(field: Field, value: object, known: Known) -> list[str]:
    return _list_of(field, value, lambda item: one_of(item, known.municipalities))


def _place(field: Field, value: object, known: Known) -> dict[str, str]:
    if not value:
        return {}
    if not isinstance(value, Mapping) or not set(value) <= {*LANGUAGES, "country"}:
        raise Malformed(_("A place has a name in Greek and English and a country."))
    names = localised({lang: value.get(lang) for lang in LANGUAGES}, CELL_LENGTH)
    require_one_line(names)
    country = value.get("country") or ""
    if not names and not country:
        return {}
    if not names:
        raise Malformed(_("Give the city and country of a case from elsewhere."))
    if not isinstance(country, str) or not COUNTRY.fullmatch(country):
        raise Malformed(_("Give the country as two letters, such as NL."))
    return {**names, "country": country}


def _month(field: Field, value: object, known: Known) -> str:
    if not value:
        return ""
    if not isinstance(value, str) or not MONTH.fullmatch(value):
        raise Malformed(WANTED[Kind.MONTH])
    return value


def _flag(field: Field, value: object, known: Known) -> bool:
    if value not in (None, True, False):
        raise Malformed(_("This is either yes or no."))
    return bool(value)


def _language(field: Field, value: object, known: Known) -> str:
    return one_of(value, LANGUAGES) if value else ""


def _contact(field: Field, value: object, known: Known) -> dict[str, Any]:
    if not value:
        return {}
    if not isinstance(value, Mapping) or not set(value) <= {"service", "mailbox", "visibility"}:
        raise Malformed(_("A contact has a service, a mailbox and who may see it."))
    service = localised(value.get("service"), CELL_LENGTH)
    require_one_line(service)
    mailbox = plain_text(value.get("mailbox"), CELL_LENGTH).strip()
    if not service and not mailbox:
        return {}
    if mailbox and not MAILBOX.fullmatch(mailbox):
        raise Malformed(_("Give a mailbox such as integration@municipality.gr."), "mailbox")
    visibility = one_of(value.get("visibility") or "public", VISIBILITIES)
    contact = {"service": service, "mailbox": mailbox, "visibility": visibility}
    return {name: part for name, part in contact.items() if part}


Shape = Callable[[Field, object, Known], Any]
SHAPES: Mapping[Kind, Shape] = {
    Kind.LINE: _line,
    Kind.PROSE: _prose,
    Kind.CODE: _code,
    Kind.CODES: _codes,
    Kind.MUNICIPALITY: _municipality,
    Kind.MUNICIPALITIES: _municipalities,
    Kind.PLACE: _place,
    Kind.MONTH: _month,
    Kind.FLAG: _flag,
    Kind.ROWS: cells.rows,
    Kind.CONTACT: _contact,
    Kind.LANGUAGE: _language,
    Kind.FILES: cells.files,
}
