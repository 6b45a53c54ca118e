"""A draft against the document filled in from it: what changes, what clashes, what is left."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from inspector import word
from inspector.word import Document
from kb import i18n
from kb.office import document
from kb.office.document import Subject
from kb.office.placing import Placed, place
from kb.office.slots import slots_of, speaking, written_fields
from kb.practices import forms, merge, rows
from kb.practices.model import Content
from kb.practices.problems import Known, Problem
from kb.practices.template import BY_CODE, Field, Kind
from kb.practices.validation import check_shape
from kb.practices.wording import Labels


@dataclass
class Reading:
    """What a document says.

    ``content`` in the template's form, ``parts`` the names of those that the document has (see
    merge.py), ``opened`` their marks when it was made, ``rest`` the words that have no place.
    """

    content: dict[str, Any]
    parts: set[str]
    opened: dict[str, str]
    practice: str = ""
    problems: list[Problem] = field(default_factory=list)
    rest: list[str] = field(default_factory=list)
    pictures: int = 0


@dataclass
class Comparison:
    """What becomes of each part: taken, changed here and there, or changed there alone."""

    content: dict[str, Any]
    taken: tuple[str, ...]
    conflicts: tuple[str, ...]


def made_for(subject: Subject, names: Labels, known: Known) -> bytes:
    """The document with the draft in it, which knows what its parts read as when they come back."""
    first = read_back(document.write(subject, names, {}), subject, names, known)
    fields = written_fields(subject.municipality)
    return document.write(subject, names, merge.marks(first.content, fields))


def read_back(made: bytes, subject: Subject, names: Labels, known: Known) -> Reading:
    """What a document that the library itself made says."""
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        return read(word.read(archive), subject, names, known)


def read(found: Document, subject: Subject, names: Labels, known: Known) -> Reading:
    """What the document says of the fields that it may ask for."""
    fields = written_fields(subject.municipality)
    placed = place(found, fields, names)
    language = found.properties.get(document.LANGUAGE, i18n.current())
    there = [each for each in fields if _slots_there(each, placed)]
    parts = {
        name
        for name, each, _l in merge.names(there)
        if not each.is_localised or name in placed.values
    }
    _complete(placed, there, subject, names)
    raw = _raw(there, placed, language if language in i18n.LANGUAGES else i18n.current())
    content, problems = check_shape(raw, known)
    wrong = {problem.field for problem in problems}
    marks = {
        name.removeprefix(document.MARK): value
        for name, value in found.properties.items()
        if name.startswith(document.MARK)
    }
    return Reading(
        content,
        {name for name, each, _l in merge.names(there) if name in parts and each.code not in wrong},
        marks,
        found.properties.get(document.PRACTICE, ""),
        problems,
        placed.rest + [text for code in sorted(wrong) for text in _texts(raw.get(code))],
        found.pictures,
    )


def compare(reading: Reading, subject: Subject, names: Labels, known: Known) -> Comparison:
    """What the document changes in the draft as it is now.

    Both are compared as they read in Word, so that what nobody touched is never a change.
    """
    fields = written_fields(subject.municipality)
    saved = read_back(document.write(subject, names, {}), subject, names, known).content
    opened = {name: merge.NOTHING for name, _f, _l in merge.names(fields)} | reading.opened
    typed = overlaid(saved, reading.content, reading.parts)
    merged = merge.merge(typed, saved, opened, fields)
    taken = tuple(name for name in merged.written if name in reading.parts)
    conflicts = tuple(name for name in merged.conflicts if name in reading.parts)
    content = overlaid(subject.content, reading.content, {*taken, *conflicts})
    # A table that somebody else added rows to meanwhile has those as well.
    return Comparison(overlaid(content, merged.content, merged.joined), taken, conflicts)


def overlaid(base: Content, above: Content, parts: Iterable[str]) -> dict[str, Any]:
    """``base`` with those parts as they stand in ``above``."""
    fields = list(BY_CODE.values())
    wanted = set(parts)
    above_marks = merge.marks(above, fields)
    base_marks = merge.marks(base, fields)
    # With this mark a part counts as opened as it is: whatever stands above is a plain change.
    opened = {name: base_marks[name] if name in wanted else "" for name in above_marks}
    return merge.merge(above, base, opened, fields).content


def _slots_there(each: Field, placed: Placed) -> bool:
    if each.kind in (Kind.PLACE, Kind.CONTACT) or each.is_localised:
        return any(name.startswith(f"{each.code}_") for name in placed.values)
    return each.code in placed.values or f"{each.code}_main" in placed.values


def _complete(placed: Placed, fields: Iterable[Field], subject: Subject, names: Labels) -> None:
    """Where one slot of several is missing, or no choice is made where one must be, as it was."""
    saved = forms.values_of(subject.content, fields)
    for each in fields:
        for slot in slots_of(each, names):
            asked = slot.name in placed.values
            if each.kind is Kind.CONTACT and slot.kind == "pick":
                asked = bool(placed.values.get(slot.name))
            if not asked and not each.is_localised and slot.name in saved:
                value = saved[slot.name]
                placed.values[slot.name] = [value] if slot.kind == "pick" else value


def _raw(fields: Iterable[Field], placed: Placed, language: str) -> dict[str, Any]:
    """The values as the form would have sent them, for validation.check_shape."""
    fields = list(fields)
    tables = [each for each in fields if each.kind is Kind.ROWS]
    form = MultiDict[str, str]()
    for name, value in placed.values.items():
        if isinstance(value, str):
            form.add(name, value)
        elif value and isinstance(value[0], str):
            form.setlist(name, value)
    raw = forms.read(form, [each for each in fields if each.kind is not Kind.ROWS])
    for each in tables:
        with speaking(language):
            raw[each.code] = rows.read(each, placed.values.get(each.code, []), language)
    return raw


def _texts(value: object) -> list[str]:
    """Every word of a value that could not be taken."""
    if isinstance(value, Mapping):
        return [text for inner in value.values() for text in _texts(inner)]
    if isinstance(value, list):
        return [
            " – ".join(_texts(each)) if isinstance(each, Mapping) else str(each) for each in value
        ]
    return [str(value)] if value not in (None, "", False) else []
