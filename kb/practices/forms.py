"""The quick card as a form: what the browser sends as content, and content as what it shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString
from werkzeug.datastructures import MultiDict

from kb.practices.model import Content
from kb.practices.template import CARD, LANGUAGES, Field, Kind
from kb.practices.validation import Problem

# What the safeguarding of the people concerned asks of whoever submits; all three are needed.
CONFIRMATIONS: Mapping[str, LazyString] = {
    "no_personal_data": _(
        "The text has no names, stories or details by which a beneficiary could be recognised."
    ),
    "photo_consent": _("Everyone who can be recognised in a photo has agreed to its use."),
    "no_shelter_location": _(
        "The text does not say where a shelter or the home of protected people is."
    ),
}

# Word puts these between lines and pages; to a reader they are a line break.
LINE_BREAKS = str.maketrans({"\x0b": "\n", "\x0c": "\n", "\u2028": "\n", "\u2029": "\n"})

Values = dict[str, str | list[str]]


def read_card(form: MultiDict[str, str], before: Content) -> dict[str, Any]:
    """The content that the form makes of ``before``: the card's fields as typed, others kept.

    Shapes are not checked here (see validation.check_shape).
    """
    raw = dict(before)
    for field in CARD:
        raw[field.code] = _READERS.get(field.kind, _read_plain)(field, form)
    if "municipality" not in form:
        raw["municipality"] = before.get("municipality", "")
    if "place_country" not in form:
        raw["place"] = before.get("place")
    return raw


def typed(form: MultiDict[str, str]) -> Values:
    """What was typed, by the names of the inputs, to be shown again as it was."""
    return {name: form.getlist(name) if _is_list(name) else form.get(name, "") for name in form}


def values_of(content: Content) -> Values:
    """The content by the names of the inputs that show it."""
    values: Values = {}
    for field in CARD:
        value = content.get(field.code)
        if value is not None:
            values |= _as_values(field, value)
    return values


def errors_of(problems: list[Problem]) -> dict[str, LazyString]:
    """The first problem of each input, by the input's name, in the order of the form."""
    errors: dict[str, LazyString] = {}
    for problem in problems:
        errors.setdefault(input_of(problem), problem.message)
    return errors


def input_of(problem: Problem) -> str:
    """The name of the input where a problem is shown."""
    if problem.part:
        return f"{problem.field}_{problem.part}"
    return _FIRST_INPUT.get(problem.field, problem.field)


def confirmed(form: MultiDict[str, str]) -> dict[str, LazyString]:
    """An error for each confirmation that was not given."""
    return {
        name: _("Confirm this before you submit.") for name in CONFIRMATIONS if name not in form
    }


_FIRST_INPUT = {
    "areas": "areas_main",
    "contact": "contact_service_el",
    "place": "place_el",
}
_LISTS = {field.code for field in CARD if field.kind in (Kind.CODES, Kind.MUNICIPALITIES)}


def _is_list(name: str) -> bool:
    return name in _LISTS


def _clean(form: MultiDict[str, str], name: str) -> str:
    return form.get(name, "").replace("\r\n", "\n").translate(LINE_BREAKS).strip()


def _one_line(form: MultiDict[str, str], name: str) -> str:
    return " ".join(_clean(form, name).split("\n"))


def _read_plain(field: Field, form: MultiDict[str, str]) -> str:
    return _clean(form, field.code)


def _read_line(field: Field, form: MultiDict[str, str]) -> dict[str, str]:
    return {lang: _one_line(form, f"{field.code}_{lang}") for lang in LANGUAGES}


def _read_prose(field: Field, form: MultiDict[str, str]) -> dict[str, str]:
    return {lang: _clean(form, f"{field.code}_{lang}") for lang in LANGUAGES}


def _read_list(field: Field, form: MultiDict[str, str]) -> list[str]:
    """The ticked terms; the main one, where the form asks for one, stands first."""
    main = form.get(f"{field.code}_main", "")
    ticked = form.getlist(field.code)
    return list(dict.fromkeys([main, *ticked] if main else ticked))


def _read_flag(field: Field, form: MultiDict[str, str]) -> bool:
    return field.code in form


def _read_place(field: Field, form: MultiDict[str, str]) -> dict[str, str]:
    names = {lang: _one_line(form, f"place_{lang}") for lang in LANGUAGES}
    return {**names, "country": _clean(form, "place_country").upper()}


def _read_contact(field: Field, form: MultiDict[str, str]) -> dict[str, Any]:
    return {
        "service": {lang: _one_line(form, f"contact_service_{lang}") for lang in LANGUAGES},
        "mailbox": _clean(form, "contact_mailbox"),
        "visibility": form.get("contact_visibility") or "public",
    }


_READERS = {
    Kind.LINE: _read_line,
    Kind.PROSE: _read_prose,
    Kind.CODES: _read_list,
    Kind.MUNICIPALITIES: _read_list,
    Kind.FLAG: _read_flag,
    Kind.PLACE: _read_place,
    Kind.CONTACT: _read_contact,
}


def _as_values(field: Field, value: Any) -> Values:
    if field.is_localised:
        return {f"{field.code}_{lang}": text for lang, text in value.items()}
    if field.kind is Kind.PLACE:
        return {f"place_{part}": text for part, text in value.items()}
    if field.kind is Kind.CONTACT:
        service = {
            f"contact_service_{lang}": text for lang, text in value.get("service", {}).items()
        }
        return {
            **service,
            "contact_mailbox": value.get("mailbox", ""),
            "contact_visibility": value["visibility"],
        }
    if field.code == "areas":
        return {"areas_main": value[0], "areas": value[1:]}
    if field.kind is Kind.FLAG:
        return {field.code: "yes"}
    return {field.code: value}
