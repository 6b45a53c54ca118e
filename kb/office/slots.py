"""The places of a Word document that somebody fills in, each named as the input of the form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from flask import g
from flask_babel import force_locale
from flask_babel import gettext as _

from kb import i18n
from kb.municipalities.model import ELSEWHERE
from kb.practices.shapes import VISIBILITIES
from kb.practices.template import FIELDS, LANGUAGES, Column, Field, Kind
from kb.practices.wording import Labels

# line, prose: text; pick: one choice; ticks: any number of them; rows: a table.
SlotKind = Literal["line", "prose", "pick", "ticks", "rows"]
# Each choice: its code, what it is called in the reader's language, every name that it has.
Choice = tuple[str, str, tuple[str, ...]]

MAIN = "_main"


@dataclass(frozen=True)
class Slot:
    """``label`` is the heading below the field's own, empty where that one is enough."""

    name: str
    kind: SlotKind
    field: Field
    label: str = ""
    lang: str = ""
    choices: tuple[Choice, ...] = ()


def written_fields(municipality: str | None) -> tuple[Field, ...]:
    """The fields that a document asks for.

    Whose practice it is, is known from whose draft it is; files have a page of their own.
    """
    left_out = {Kind.MUNICIPALITY, Kind.FILES}
    if municipality != ELSEWHERE:
        left_out.add(Kind.PLACE)
    return tuple(field for field in FIELDS if field.kind not in left_out)


def slots_of(field: Field, names: Labels) -> Iterator[Slot]:
    """The slots of one field, in order."""
    if field.is_localised:
        kind: SlotKind = "line" if field.kind is Kind.LINE else "prose"
        for code in LANGUAGES:
            yield Slot(f"{field.code}_{code}", kind, field, i18n.LANGUAGES[code], code)
    elif field.kind is Kind.PLACE:
        for code in LANGUAGES:
            label = _("City") + f" ({i18n.LANGUAGES[code]})"
            yield Slot(f"{field.code}_{code}", "line", field, label, code)
        yield Slot(f"{field.code}_country", "line", field, _("Country, as two letters"))
    elif field.kind is Kind.CONTACT:
        yield from _contact(field)
    elif field.kind is Kind.MONTH:
        yield Slot(field.code, "line", field)
    elif field.kind is Kind.ROWS:
        yield Slot(field.code, "rows", field)
    else:
        yield from _choosing(field, names)


def _contact(field: Field) -> Iterator[Slot]:
    for code in LANGUAGES:
        label = _("Service") + f" ({i18n.LANGUAGES[code]})"
        yield Slot(f"{field.code}_service_{code}", "line", field, label, code)
    yield Slot(f"{field.code}_mailbox", "line", field, _("Mailbox"))
    words = {"public": _("Everyone"), "network": _("Members of the network only")}
    choices = tuple((code, words[code], (words[code],)) for code in VISIBILITIES)
    yield Slot(f"{field.code}_visibility", "pick", field, _("Who sees the contact"), "", choices)


def _choosing(field: Field, names: Labels) -> Iterator[Slot]:
    choices = tuple(choices_of(field, names))
    if field.code == "areas":
        yield Slot(field.code + MAIN, "pick", field, _("Main area"), "", choices)
        yield Slot(field.code, "ticks", field, _("More areas"), "", choices)
        return
    several = field.kind in (Kind.CODES, Kind.MUNICIPALITIES, Kind.FLAG)
    yield Slot(field.code, "ticks" if several else "pick", field, "", "", choices)


def choices_of(field: Field | Column, names: Labels) -> Iterator[Choice]:
    """What may be chosen in a field or in a column of its rows."""
    if field.vocabulary:
        for term in names.books[field.vocabulary].terms.values():
            notation = (term.notation,) if term.notation else ()
            yield term.code, i18n.text(term.label).value, (*term.label.values(), *notation)
    elif field.kind is Kind.MUNICIPALITIES:
        for town in names.towns.values():
            if not town.is_elsewhere:
                yield town.code, i18n.text(town.name).value, tuple(town.name.values())
    elif field.kind is Kind.LANGUAGE:
        for code in LANGUAGES:
            yield code, i18n.LANGUAGES[code], (i18n.LANGUAGES[code],)
    elif field.kind is Kind.FLAG:
        yield "yes", _("Yes"), (_("Yes"), "yes", "ναι")


def offered_in(
    field: Field | Column, choices: Iterable[Choice], names: Labels
) -> list[tuple[str, str]]:
    """Those of the choices that are offered to whoever has not chosen yet, with their labels.

    The others are still read: a document may be older than what was taken out of use.
    """
    book = names.books[field.vocabulary].terms if field.vocabulary else {}
    return [
        (code, label)
        for code, label, _names in choices
        if code not in book or not book[code].retired
    ]


def code_of(text: str, choices: Iterable[Choice]) -> str:
    """The code that was meant by a code or by any of its names; the text itself where none was."""
    wanted = plain(text)
    for code, _label, names in choices:
        if wanted in (code, *map(plain, names)):
            return code
    return text


def plain(text: str) -> str:
    """Text for comparison: case, spacing and the length of dashes aside."""
    return " ".join(text.casefold().replace("–", "-").replace("\u00a0", " ").split())


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """What is said inside is said in that language, whatever the request's is."""
    before = i18n.current()
    g.lang = language
    try:
        with force_locale(i18n.LOCALES[language]):
            yield
    finally:
        g.lang = before
