"""The columns of the spreadsheet for an import, and a practice as the texts of a row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from kb import i18n
from kb.office.slots import Choice, choices_of
from kb.practices import rows
from kb.practices.model import Content
from kb.practices.template import BY_CODE, FIELDS, LANGUAGES, Field, Kind
from kb.practices.wording import Labels

SLUG = "slug"


@dataclass(frozen=True)
class Heading:
    """One column: its name in the first row, and what it is called in the second."""

    name: str
    label: str
    field: Field | None = None


def headings() -> Iterator[Heading]:
    """The columns of the template, in order. Files are added to each practice by itself."""
    yield Heading(SLUG, _("Address in the library (empty for a new practice)"))
    for each in FIELDS:
        if each.kind is Kind.FILES:
            continue
        for name, more in parts(each):
            yield Heading(name, f"{each.label}{f' – {more}' if more else ''}", each)


def parts(each: Field) -> Iterator[tuple[str, str]]:
    """The columns of a field: the name of each, and what it adds to the field's own label."""
    if each.is_localised or each.kind is Kind.PLACE:
        for language in LANGUAGES:
            yield f"{each.code}_{language}", i18n.LANGUAGES[language]
        if each.kind is Kind.PLACE:
            yield f"{each.code}_country", _("Country, as two letters")
    elif each.kind is Kind.CONTACT:
        for language in LANGUAGES:
            yield f"{each.code}_service_{language}", f"{_('Service')} ({i18n.LANGUAGES[language]})"
        yield f"{each.code}_mailbox", _("Mailbox")
        yield f"{each.code}_visibility", _("Who sees the contact")
    else:
        yield each.code, ""


def how_to_fill(heading: Heading, names: Labels) -> str:
    """What a column takes, in a few words."""
    each = heading.field
    if each is None:
        said = _("Small Latin letters, digits and hyphens.")
    elif each.kind is Kind.ROWS:
        inside = " | ".join(rows.inputs(each))
        said = _("A line for each row, its parts between upright strokes: %(parts)s", parts=inside)
    elif each.kind in (Kind.CODES, Kind.MUNICIPALITIES):
        said = _("Codes, with semicolons between them.")
    elif each.kind is Kind.FLAG:
        said = _("“yes”, or empty.")
    elif each.is_localised and each.limit:
        said = (
            _("Up to %(count)s characters.")
            if each.kind is Kind.LINE
            else _("Up to %(count)s words.")
        )
        said = said % {"count": each.limit}
    elif any(True for _choice in choices(each, names)):
        said = _("One code.")
    else:
        said = each.hint
    return str(said)


def choices(each: Field, names: Labels) -> Iterator[Choice]:
    """What may be chosen in a field's column."""
    if each.kind is Kind.MUNICIPALITY:
        for town in names.towns.values():
            yield town.code, i18n.text(town.name).value, tuple(town.name.values())
    elif each.kind is not Kind.FLAG:
        yield from choices_of(each, names)


def row_of(content: Content, slug: str = "") -> dict[str, str]:
    """The practice as the texts of a row, by the names of the columns."""
    texts = {SLUG: slug}
    for code, value in content.items():
        texts |= _texts(BY_CODE[code], value)
    return texts


def _texts(each: Field, value: Any) -> dict[str, str]:
    if each.is_localised or each.kind is Kind.PLACE:
        return {f"{each.code}_{part}": text for part, text in value.items()}
    if each.kind is Kind.CONTACT:
        service = {f"{each.code}_service_{k}": v for k, v in value.get("service", {}).items()}
        rest = {f"{each.code}_{k}": value[k] for k in ("mailbox", "visibility") if k in value}
        return service | rest
    if each.kind is Kind.FLAG:
        return {each.code: "yes"}
    if each.kind is Kind.ROWS:
        return {each.code: "\n".join(_joined(each, cells) for cells in _cells(each, value))}
    if isinstance(value, list):
        return {each.code: "; ".join(value)}
    return {each.code: value}


def _cells(each: Field, value: Sequence[Mapping[str, Any]]) -> Iterable[rows.Cells]:
    return rows.cells_of(each, value, i18n.current())


def _joined(each: Field, cells: rows.Cells) -> str:
    return " | ".join(cells.get(name, "").replace("|", "\\|") for name in rows.inputs(each))
