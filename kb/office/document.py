"""A practice as a Word document to be filled in: what each field asks, and a place to answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from kb import i18n
from kb.office import markdown
from kb.office.docx import Writer
from kb.office.slots import Slot, choices_of, offered_in, slots_of, written_fields
from kb.practices import forms, merge, rows
from kb.practices.model import Content
from kb.practices.template import LANGUAGES, SECTIONS, Column, Field, Kind
from kb.practices.wording import Labels

# The names of what travels with the document, unseen.
LANGUAGE, PRACTICE, MARK = "library-language", "library-practice", "library-mark-"
BOOKMARK = "kb_"
SPARE_ROWS = 4
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True)
class Subject:
    """Whose draft a document holds; ``practice`` is its number, None for an empty template."""

    content: Content
    municipality: str | None = None
    practice: int | None = None
    title: str = ""


def write(subject: Subject, names: Labels, marks: Mapping[str, str]) -> bytes:
    """The document, in the request's language. ``marks`` say what its parts were (merge.py)."""
    language = i18n.current()
    writer = Writer(language, subject.title or _("Practice template"))
    writer.add(writer.paragraph(writer.title, "Title"), *_introduction(writer))
    fields = written_fields(subject.municipality)
    values = forms.values_of(subject.content, fields)
    for section in SECTIONS:
        mine = [field for field in fields if field.section == section.code]
        if not mine:
            continue
        writer.add(
            writer.paragraph(str(section.label), "Heading1"),
            writer.paragraph(str(section.hint), "Instruction"),
        )
        for field in mine:
            writer.add(*_field(writer, field, names, values))
    properties = {f"{MARK}{name}": mark for name, mark in marks.items() if mark != merge.NOTHING}
    properties[LANGUAGE] = language
    properties[PRACTICE] = str(subject.practice or "")
    return writer.finish(properties)


def instructions() -> Iterator[str]:
    """What stands at the beginning of every document."""
    yield _(
        "Write in the marked boxes and leave the headings as they are. Then upload the document to"
        " the library: you see what will change before anything is saved."
    )
    yield _(
        "Each text has a place in Greek and one in English. One complete language is enough; a"
        " place that you leave empty stays empty."
    )
    yield _(
        "To choose, click on a box. If that does not work in your program, write an x in its place."
    )
    yield _("Bold, italics, lists and links come along. Pictures do not: add them as files.")


def prompt(language: str) -> str:
    """What an empty box shows."""
    return {"el": "Γράψτε εδώ", "en": "Write here"}.get(language) or _("Write here")


def hints_of(field: Field) -> Iterator[str]:
    """What the document says of a field before the places to answer."""
    if field.hint:
        yield str(field.hint)
    if field.kind is Kind.LINE and field.limit:
        yield _("Up to %(count)s characters in each language.", count=field.limit)
    elif field.kind is Kind.PROSE and field.limit:
        yield _("Up to %(count)s words in each language.", count=field.limit)
    elif field.kind is Kind.ROWS and field.limit:
        yield _(
            "Up to %(count)s rows. Add rows to the table where you need more.", count=field.limit
        )
    elif field.kind is Kind.CODES and field.limit:
        yield _("Choose up to %(count)s.", count=field.limit)
    elif field.kind in (Kind.CODE, Kind.LANGUAGE):
        yield _("Choose one.")


def legend(column: Column, names: Labels) -> str:
    """What may stand in a column of codes."""
    offered = offered_in(column, choices_of(column, names), names)
    codes = "; ".join(f"{label} ({code})" for code, label in offered)
    return f"{column.label}: {codes}"


def header_of(field: Field) -> list[str]:
    """What the columns of a table are called."""
    names: list[str] = []
    for column in field.columns:
        if column.kind == "text":
            names += [f"{column.label} ({i18n.LANGUAGES[code]})" for code in LANGUAGES]
        else:
            names.append(str(column.label))
    return names


def _introduction(writer: Writer) -> Iterator[str]:
    for sentence in instructions():
        yield writer.paragraph(sentence)


def _field(writer: Writer, field: Field, names: Labels, values: forms.Values) -> Iterator[str]:
    slots = list(slots_of(field, names))
    alone = len(slots) == 1 and not slots[0].label
    yield writer.paragraph(
        str(field.label), "Heading2", mark=BOOKMARK + slots[0].name if alone else ""
    )
    for hint in hints_of(field):
        yield writer.paragraph(hint, "Instruction")
    for slot in slots:
        if not alone:
            yield writer.paragraph(slot.label, "Heading3", mark=BOOKMARK + slot.name)
        yield from _slot(writer, slot, names, values.get(slot.name))


def _slot(writer: Writer, slot: Slot, names: Labels, value: Any) -> Iterator[str]:
    alias = f"{slot.field.label} – {slot.label}" if slot.label else str(slot.field.label)
    if slot.kind == "line":
        yield writer.line(slot.name, alias, value or "", prompt(slot.lang), slot.lang)
    elif slot.kind == "prose":
        written = markdown.paragraphs_of(value) if value else []
        yield writer.prose(slot.name, alias, written, prompt(slot.lang), slot.lang)
    elif slot.kind == "rows":
        yield from _table(writer, slot.field, names, value or [])
    else:
        # A single choice comes as itself, several come in a list.
        chosen = [value] if isinstance(value, str) else value or []
        # In the order in which they were chosen, so that they come back in it.
        offered = offered_in(slot.field, slot.choices, names)
        order = [*chosen, *(code for code, _label in offered if code not in chosen)]
        labels = {code: label for code, label, _names in slot.choices}
        for code, label in ((code, labels.get(code, code)) for code in order):
            yield writer.tick(f"{slot.name}={code}", label, code, code in chosen)


def _table(writer: Writer, field: Field, names: Labels, cells: list[rows.Cells]) -> Iterator[str]:
    for column in field.columns:
        if column.vocabulary:
            yield writer.paragraph(legend(column, names), "Instruction")
    inputs = list(rows.inputs(field))
    written = [[row.get(name, "") for name in inputs] for row in cells]
    spare = [[""] * len(inputs)] * max(1, min(SPARE_ROWS, (field.limit or 0) - len(written)))
    yield writer.table(header_of(field), written + spare)
