"""Forms of the template: what the browser sends as content, and content as what it shows."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString
from werkzeug.datastructures import MultiDict

from kb import i18n
from kb.practices import merge, rows
from kb.practices.model import Content
from kb.practices.problems import Problem
from kb.practices.template import BY_CODE, FIELDS, LANGUAGES, Field, Kind

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

# By the name of an input (of a field, where it is a list): what is shown in it.
Values = dict[str, Any]


def is_written(field: Field) -> bool:
    """Whether a form can hold the field: others have pages of their own."""
    return field.kind in _READERS


def read(form: MultiDict[str, str], fields: Iterable[Field]) -> dict[str, Any]:
    """What the form says of those fields, for validation.check_shape.

    A field that the form cannot have shown to this person is left out.
    """
    return {
        field.code: _READERS[field.kind](field, form)
        for field in fields
        if field.kind not in _ASKED_OF_FEW or _ASKED_OF_FEW[field.kind] in form
    }


def typed(form: MultiDict[str, str]) -> Values:
    """What was typed, by the names of the inputs, to be shown again as it was."""
    values: Values = {
        name: form.getlist(name) if name in _LISTS else form.get(name, "") for name in form
    }
    for field in FIELDS:
        if field.kind is Kind.ROWS:
            values[field.code] = rows.typed(field, form)
    return values


def values_of(content: Content, fields: Iterable[Field]) -> Values:
    """The content by the names of the inputs that show it."""
    values: Values = {}
    for field in fields:
        value = content.get(field.code)
        if value is not None:
            values |= _as_values(field, value)
    return values


def replaced(
    values: Values, content: Content, fields: Iterable[Field], names: Collection[str]
) -> Values:
    """The values with the parts of those names (see merge.py) as they stand in the content."""
    result = dict(values)
    for name, field, language in merge.names(fields):
        if name not in names:
            continue
        for shown in [n for n in result if n == name or n.startswith(f"{field.code}_")]:
            if shown == name or not language:
                del result[shown]
        stored = _as_values(field, content[field.code]) if field.code in content else {}
        result |= {n: text for n, text in stored.items() if n == name or not language}
    return result


def opened_marks(form: MultiDict[str, str]) -> dict[str, str] | None:
    """The marks that the form was sent out with, if it brings them back (see merge.py)."""
    try:
        found = json.loads(form.get("opened", ""))
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or not found:
        return None
    return {name: mark for name, mark in found.items() if isinstance(mark, str)}


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
    field = BY_CODE.get(problem.field)
    return first_input(field) if field else problem.field


def first_input(field: Field, language: str | None = None) -> str:
    """The name of the input in which the field, or one language of it, begins."""
    if field.is_localised:
        return f"{field.code}_{language or i18n.current()}"
    if field.kind is Kind.ROWS:
        return f"{field.code}_rows"
    return _FIRST_INPUT.get(field.code, field.code)


def confirmed(form: MultiDict[str, str]) -> dict[str, LazyString]:
    """An error for each confirmation that was not given."""
    return {name: message for name, message in _UNCONFIRMED.items() if name not in form}


_UNCONFIRMED: Mapping[str, LazyString] = {
    "no_personal_data": _("Confirm that no beneficiary can be recognised from the text."),
    "photo_consent": _("Confirm that everyone in the photos has agreed to their use."),
    "no_shelter_location": _("Confirm that the text does not say where protected people live."),
}


_FIRST_INPUT = {
    "areas": "areas_main",
    "contact": "contact_service_el",
    "place": "place_el",
}
_LISTS = {field.code for field in FIELDS if field.kind in (Kind.CODES, Kind.MUNICIPALITIES)}
# Asked of the network's staff only; the input by which one sees that a form asked.
_ASKED_OF_FEW = {Kind.MUNICIPALITY: "municipality", Kind.PLACE: "place_country"}


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


def _read_rows(field: Field, form: MultiDict[str, str]) -> list[dict[str, Any]]:
    return rows.read(field, rows.typed(field, form), i18n.current())


_READERS = {
    Kind.CODE: _read_plain,
    Kind.MONTH: _read_plain,
    Kind.MUNICIPALITY: _read_plain,
    Kind.LANGUAGE: _read_plain,
    Kind.ROWS: _read_rows,
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
    if field.kind is Kind.ROWS:
        return {field.code: rows.cells_of(field, value, i18n.current())}
    return {field.code: value}
