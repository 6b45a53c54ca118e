"""Whether a content follows the template: its shape, and whether it may be submitted."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any
from urllib.parse import urlsplit

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from kb.municipalities.model import ELSEWHERE
from kb.practices import attached
from kb.practices.model import Content
from kb.practices.template import (
    BY_CODE,
    DRAFT_CHARACTERS,
    FIELDS,
    LANGUAGES,
    Column,
    Field,
    Kind,
)
from kb.vocabularies.model import Vocabularies

MONTH = re.compile(r"(?:19|20)\d\d(?:-(?:0[1-9]|1[0-2]))?")
PERIOD = re.compile(r"\d{4}(?:-\d{2})?(?:(?:[-–/]| – )\d{4}(?:-\d{2})?)?")
MAILBOX = re.compile(r"[^@\s<>()\[\],;:\"\\]{1,64}@[^@\s<>()\[\],;:\"\\]{1,190}\.[^@\s.]{2,63}")
COUNTRY = re.compile(r"[A-Z]{2}")
VISIBILITIES = ("public", "network")
ADDRESS_LENGTH = 2000
CELL_LENGTH = 300


@dataclass(frozen=True)
class Problem:
    """What is wrong with one field, or a part of it, in words for the person who wrote it.

    ``part`` is a language, or a piece of a field that has several ("mailbox").
    """

    field: str
    message: LazyString
    part: str | None = None

    @property
    def where(self) -> str:
        return f"{self.field}.{self.part}" if self.part else self.field

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"


@dataclass(frozen=True)
class Known:
    """The codes that content may use."""

    vocabularies: Vocabularies
    municipalities: Collection[str]


class Malformed(Exception):
    """A value that does not have its field's shape."""

    def __init__(self, message: LazyString, part: str | None = None) -> None:
        super().__init__(str(message))
        self.message = message
        self.part = part


def check_shape(raw: object, known: Known) -> tuple[dict[str, Any], list[Problem]]:
    """The content that ``raw`` holds, without its empty fields, and what is wrong with it.

    A field with a problem is left out of the content. Nothing is asked for here, and word limits
    are not looked at: a draft may be anything between empty and too long (see check_complete).
    """
    if not isinstance(raw, Mapping):
        return {}, [Problem("", _("A practice is an object of fields and values."))]
    content: dict[str, Any] = {}
    problems = [
        Problem(str(name), _("The template has no such field."))
        for name in raw
        if name not in BY_CODE
    ]
    for field in FIELDS:
        try:
            value = _SHAPES[field.kind](field, raw.get(field.code), known)
        except Malformed as error:
            problems.append(Problem(field.code, error.message, error.part))
            continue
        if value not in (None, "", [], {}, False):
            content[field.code] = value
    return content, problems


def check_rows(
    field: Field, rows: Iterable[Mapping[str, Any]], known: Known
) -> tuple[list[dict[str, Any]], list[Problem]]:
    """The rows of a table without the cells that are wrong, and what is wrong with each of those.

    A draft keeps what is right in a row while somebody still looks for the rest.
    """
    left, problems = [dict(row) for row in rows], list[Problem]()
    while True:
        content, wrong = check_shape({field.code: left}, known)
        if not wrong or not wrong[0].part:
            return content.get(field.code, []), problems + wrong
        number, column = wrong[0].part.split("_")[:2]
        del left[int(number)][column]
        problems += wrong


def check_complete(content: Content, need: Collection[str]) -> list[Problem]:
    """What keeps a well-shaped content from being taken: limits passed, fields missing.

    ``need`` says which are asked for: {"card"} for an import, {"card", "submission"} of a person.
    """
    return [
        *_too_long(content),
        *_unfinished_rows(content),
        *_undescribed_files(content),
        *_missing(content, need),
        *_contradictions(content),
    ]


def words(text: str) -> int:
    """How many words a text has, as the limits count them."""
    return len(text.split())


def complete_languages(content: Content) -> tuple[str, ...]:
    """The languages in which the whole card can be read."""
    localised = [f.code for f in FIELDS if f.is_localised and f.need == "card"]
    return tuple(
        language
        for language in LANGUAGES
        if all(content.get(code, {}).get(language) for code in localised)
    )


def _too_long(content: Content) -> Iterator[Problem]:
    for field in FIELDS:
        if not (field.is_localised and field.limit):
            continue
        for language, text in content.get(field.code, {}).items():
            if field.kind is Kind.LINE and len(text) > field.limit:
                message = _(
                    "This has %(count)d characters; at most %(limit)d fit.",
                    count=len(text), limit=field.limit,
                )  # fmt: skip
                yield Problem(field.code, message, language)
            if field.kind is Kind.PROSE and words(text) > field.limit:
                message = _(
                    "This has %(count)d words; at most %(limit)d fit.",
                    count=words(text), limit=field.limit,
                )  # fmt: skip
                yield Problem(field.code, message, language)


def _unfinished_rows(content: Content) -> Iterator[Problem]:
    for field in FIELDS:
        if field.kind is not Kind.ROWS:
            continue
        for number, row in enumerate(content.get(field.code, [])):
            for column in field.columns:
                if column.required and column.code not in row:
                    part = f"{number}_{column.code}"
                    part += f"_{_nearest_language(content)}" if column.kind == "text" else ""
                    message = _("A row lacks its “%(column)s”.", column=column.label)
                    yield Problem(field.code, message, part)


def _undescribed_files(content: Content) -> Iterator[Problem]:
    for row in content.get("attachments", []):
        for _column, message in attached.undescribed(row):
            yield Problem("attachments", message)


def _missing(content: Content, need: Collection[str]) -> Iterator[Problem]:
    wanted = [field for field in FIELDS if field.need in need]
    if not complete_languages(content):
        language = _nearest_language(content)
        for field in wanted:
            if field.is_localised and not content.get(field.code, {}).get(language):
                yield Problem(field.code, _("Write this in at least one language."), language)
    for field in wanted:
        if not field.is_localised and field.code not in content:
            yield Problem(field.code, _MISSING.get(field.kind, _("Choose an answer.")))


_MISSING = {
    Kind.CODES: _("Choose at least one."),
    Kind.MONTH: _("Give a year, or a year and a month, such as 2019 or 2019-05."),
    Kind.CONTACT: _("Give the service to ask and its mailbox."),
    Kind.MUNICIPALITY: _("Choose the municipality."),
}


def _nearest_language(content: Content) -> str:
    """The language in which most of the card is written already."""
    filled = {
        language: sum(1 for f in FIELDS if f.is_localised and content.get(f.code, {}).get(language))
        for language in LANGUAGES
    }
    return max(LANGUAGES, key=lambda language: filled[language])


def _contradictions(content: Content) -> Iterator[Problem]:
    start, end = content.get("start"), content.get("end")
    if start and end and end < start[: len(end)]:
        yield Problem("end", _("The end is before the start."))
    contact = content.get("contact")
    if contact and not ("service" in contact and "mailbox" in contact):
        yield Problem("contact", _MISSING[Kind.CONTACT])
    elsewhere = content.get("municipality") == ELSEWHERE
    if elsewhere and "place" not in content:
        yield Problem("place", _("Give the city and country of a case from elsewhere."))


# How each kind of field is read. Each takes the field, the raw value and the known codes, gives
# the value or something empty, and raises Malformed.


def _text(value: object, limit: int = DRAFT_CHARACTERS, language: str | None = None) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Malformed(_("This is not text."), language)
    text = value.replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > limit:
        raise Malformed(
            _("This has %(count)d characters; at most %(limit)d can be kept.",
              count=len(text), limit=limit),
            language,
        )  # fmt: skip
    for letter in text:
        if unicodedata.category(letter) in ("Cc", "Cs") and letter not in "\n\t":
            raise Malformed(
                _("This has a character that cannot be shown (%(code)s).",
                  code=f"U+{ord(letter):04X}"),
                language,
            )  # fmt: skip
    return text if text.strip() else ""


def _localised(value: object, limit: int = DRAFT_CHARACTERS) -> dict[str, str]:
    if value is None:
        return {}
    if not isinstance(value, Mapping) or not set(value) <= set(LANGUAGES):
        raise Malformed(_("Text is given per language: el and en."))
    texts = {lang: _text(value.get(lang), limit, lang) for lang in LANGUAGES}
    return {language: text for language, text in texts.items() if text}


def _one_line(value: Mapping[str, str]) -> None:
    for language, text in value.items():
        if "\n" in text:
            raise Malformed(_("Write this on one line."), language)


def _line(field: Field, value: object, known: Known) -> dict[str, str]:
    texts = _localised(value)
    _one_line(texts)
    return texts


def _prose(field: Field, value: object, known: Known) -> dict[str, str]:
    return _localised(value)


def _one_of(value: object, allowed: Collection[str]) -> str:
    if not isinstance(value, str) or value not in allowed:
        raise Malformed(_no_such_choice(value))
    return value


def _term(vocabulary: str | None, value: object, known: Known) -> str:
    code = known.vocabularies[vocabulary or ""].code_of(value) if isinstance(value, str) else None
    if code is None:
        raise Malformed(_no_such_choice(value))
    return code


def _no_such_choice(value: object) -> LazyString:
    return _("There is no such choice: %(value)s", value=str(value)[:60])


def _code(field: Field, value: object, known: Known) -> str:
    return _term(field.vocabulary, value, known) if value else ""


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
    return _list_of(field, value, lambda item: _term(field.vocabulary, item, known))


def _municipality(field: Field, value: object, known: Known) -> str:
    return _one_of(value, known.municipalities) if value else ""


def _municipalities(field: Field, value: object, known: Known) -> list[str]:
    return _list_of(field, value, lambda item: _one_of(item, known.municipalities))


def _place(field: Field, value: object, known: Known) -> dict[str, str]:
    if not value:
        return {}
    if not isinstance(value, Mapping) or not set(value) <= {*LANGUAGES, "country"}:
        raise Malformed(_("A place has a name in Greek and English and a country."))
    names = _localised({lang: value.get(lang) for lang in LANGUAGES}, CELL_LENGTH)
    _one_line(names)
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
        raise Malformed(_MISSING[Kind.MONTH])
    return value


def _flag(field: Field, value: object, known: Known) -> bool:
    if value not in (None, True, False):
        raise Malformed(_("This is either yes or no."))
    return bool(value)


def _language(field: Field, value: object, known: Known) -> str:
    return _one_of(value, LANGUAGES) if value else ""


def _contact(field: Field, value: object, known: Known) -> dict[str, Any]:
    if not value:
        return {}
    if not isinstance(value, Mapping) or not set(value) <= {"service", "mailbox", "visibility"}:
        raise Malformed(_("A contact has a service, a mailbox and who may see it."))
    service = _localised(value.get("service"), CELL_LENGTH)
    _one_line(service)
    mailbox = _text(value.get("mailbox"), CELL_LENGTH).strip()
    if not service and not mailbox:
        return {}
    if mailbox and not MAILBOX.fullmatch(mailbox):
        raise Malformed(_("Give a mailbox such as integration@municipality.gr."), "mailbox")
    visibility = _one_of(value.get("visibility") or "public", VISIBILITIES)
    contact = {"service": service, "mailbox": mailbox, "visibility": visibility}
    return {name: part for name, part in contact.items() if part}


def _rows(field: Field, value: object, known: Known) -> list[dict[str, Any]]:
    if value is None:
        return []
    if not isinstance(value, list | tuple):
        raise Malformed(_("This is not a list."))
    if field.limit and len(value) > field.limit:
        raise Malformed(_("At most %(limit)d rows fit.", limit=field.limit))
    read = _file if field.kind is Kind.FILES else _row
    rows = [read(field.columns, number, item, known) for number, item in enumerate(value)]
    return [row for row in rows if row]


def _files(field: Field, value: object, known: Known) -> list[dict[str, Any]]:
    files = _rows(field, value, known)
    if len({row["file"] for row in files}) != len(files):
        raise Malformed(_("The same file stands there twice."))
    return files


def _file(columns: Iterable[Column], number: int, item: object, known: Known) -> dict[str, Any]:
    """One file: whether it was ever uploaded is not asked here (see attached.strangers)."""
    if not isinstance(item, Mapping) or (facts := attached.facts(item)) is None:
        raise Malformed(_("This is not the description of a file."))
    said = {name: value for name, value in item.items() if name not in attached.FACTS}
    return _row(columns, number, said, known) | facts


def _row(columns: Iterable[Column], number: int, item: object, known: Known) -> dict[str, Any]:
    names = {column.code for column in columns}
    if not isinstance(item, Mapping) or not set(item) <= names:
        raise Malformed(_("Each row has these columns: %(names)s.", names=", ".join(sorted(names))))
    row: dict[str, Any] = {}
    for column in columns:
        try:
            cell = _cell(column, item.get(column.code), known)
        except Malformed as error:
            part = f"{number}_{column.code}" + (f"_{error.part}" if error.part else "")
            raise Malformed(error.message, part) from error
        if cell not in (None, "", {}):
            row[column.code] = cell
    return row


def _cell(column: Column, value: object, known: Known) -> Any:
    if column.kind == "text":
        texts = _localised(value, CELL_LENGTH)
        _one_line(texts)
        return texts
    if column.kind == "term":
        return _term(column.vocabulary, value, known) if value else ""
    if column.kind == "number":
        return _number(column, value)
    text = _text(value, ADDRESS_LENGTH if column.kind == "url" else CELL_LENGTH).strip()
    if text and column.kind == "url" and not is_web_address(text):
        raise Malformed(_("Give a whole address that begins with https:// or http://."))
    if text and column.kind == "period" and not PERIOD.fullmatch(text):
        raise Malformed(_("Give a period such as 2019, 2019-05 or 2016-2019."))
    return text


def _number(column: Column, value: object) -> int | float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise Malformed(_("“%(column)s” is a number.", column=column.label))
    return value


def is_web_address(text: str) -> bool:
    """Whether the text is an absolute http or https address."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in text


Shape = Callable[[Field, object, Known], Any]
_SHAPES: Mapping[Kind, Shape] = {
    Kind.LINE: _line,
    Kind.PROSE: _prose,
    Kind.CODE: _code,
    Kind.CODES: _codes,
    Kind.MUNICIPALITY: _municipality,
    Kind.MUNICIPALITIES: _municipalities,
    Kind.PLACE: _place,
    Kind.MONTH: _month,
    Kind.FLAG: _flag,
    Kind.ROWS: _rows,
    Kind.CONTACT: _contact,
    Kind.LANGUAGE: _language,
    Kind.FILES: _files,
}
