"""What people do with a filled-in document: look at what it changes, then save that."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import IO, Any

from sqlite_utils import Database

import inspector
from inspector import word
from kb import files
from kb.access import Member
from kb.municipalities import store as municipalities
from kb.municipalities.model import ELSEWHERE
from kb.office import model, roundtrip
from kb.office.document import Subject
from kb.office.roundtrip import Comparison, Reading
from kb.practices import actions, merge
from kb.practices.actions import Written, known_codes, working_copy
from kb.practices.model import Content, Practice
from kb.practices.template import BY_CODE, FIELDS, Field
from kb.practices.validation import check_shape
from kb.practices.wording import Labels
from kb.vocabularies.store import all_vocabularies


class NotTaken(Exception):
    """The file cannot be read; ``sentence`` says what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Found:
    """What a document would change: carried by the preview from the upload to the confirmation.

    ``marks`` are those of the draft that the person was shown.
    """

    content: Content
    taken: tuple[str, ...]
    conflicts: tuple[str, ...]
    marks: Mapping[str, str]

    def packed(self) -> str:
        """As text, for a hidden input."""
        codes = {field.code for field in _fields_of((*self.taken, *self.conflicts))}
        content = {code: self.content.get(code) for code in sorted(codes)}
        return json.dumps(
            {
                "content": content,
                "taken": self.taken,
                "conflicts": self.conflicts,
                "marks": {name: self.marks[name] for name in (*self.taken, *self.conflicts)},
            },
            ensure_ascii=False,
        )


def _fields_of(names: Collection[str]) -> list[Field]:
    codes = [field.code for name, field, _language in merge.names(FIELDS) if name in names]
    return [BY_CODE[code] for code in dict.fromkeys(codes)]


def unpacked(text: str, db: Database) -> Found:
    """What packed() made, or nothing where it is not that; held to the shape of the template."""
    try:
        raw = json.loads(text)
        content, _problems = check_shape(raw["content"], known_codes(db))
        parts = {name for name, _field, _language in merge.names(FIELDS)}
        taken, conflicts = (
            tuple(name for name in raw[which] if name in parts) for which in ("taken", "conflicts")
        )
        return Found(content, taken, conflicts, {str(n): str(m) for n, m in raw["marks"].items()})
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        return Found({}, (), (), {})


def names(db: Database) -> Labels:
    """What codes are called at present."""
    return Labels(all_vocabularies(db), municipalities.by_code(db))


def subject_of(db: Database, practice: Practice, title: str) -> Subject:
    """The practice as it is written at present."""
    content = working_copy(db, practice).content
    return Subject(content, practice.municipality, practice.id, title)


def empty_subject(member: Member, municipality: str | None = None) -> Subject:
    """A practice that has not begun, of the member's municipality or of any."""
    return Subject({}, member.municipality or municipality or ELSEWHERE)


def made(db: Database, subject: Subject) -> bytes:
    """The practice as a Word document."""
    return roundtrip.made_for(subject, names(db), known_codes(db))


def read(db: Database, stream: IO[bytes], subject: Subject) -> Reading:
    """What an uploaded document says. Raises NotTaken."""
    with files.temporary() as path:
        try:
            files.receive(stream, path, model.MOST_BYTES)
            found = word.from_plain(inspector.read(path, "docx"))
        except files.TooLarge as error:
            raise NotTaken(str(model.TOO_LARGE)) from error
        except inspector.Refused as refused:
            raise NotTaken(model.sentence(refused.reason, "DOCX")) from refused
    return roundtrip.read(found, subject, names(db), known_codes(db))


def is_of_another(reading: Reading, subject: Subject) -> bool:
    """Whether the document was made from another practice's draft."""
    return bool(reading.practice) and reading.practice != str(subject.practice or "")


def compare(db: Database, reading: Reading, subject: Subject) -> Found:
    """What the document would change in the draft as it is now."""
    if is_of_another(reading, subject):
        reading.opened = {}
    found: Comparison = roundtrip.compare(reading, subject, names(db), known_codes(db))
    marks = merge.marks(subject.content, FIELDS)
    return Found(found.content, found.taken, found.conflicts, marks)


def apply(
    db: Database, practice: Practice, member: Member, found: Found, chosen: Collection[str]
) -> Written:
    """Save what the preview showed, and of its conflicts those that were chosen.

    What somebody else changed since the preview stays as it is, and is told. Raises Impossible.
    """
    current = working_copy(db, practice)
    wanted = {*found.taken, *(name for name in found.conflicts if name in chosen)}
    fields = _fields_of(wanted)
    opened = merge.marks(current.content, fields)
    return actions.write(
        db,
        practice,
        member,
        fields,
        roundtrip.overlaid(current.content, found.content, wanted),
        opened=opened | {name: found.marks.get(name, "") for name in wanted},
        version=current.version,
    )


def begin(db: Database, member: Member, key: str, found: Found, municipality: str) -> Practice:
    """A new practice with what the document says."""
    content: dict[str, Any] = {**found.content, "municipality": municipality}
    return actions.create(db, member, key, content)


def again(found: Found, written: Written) -> Found:
    """What is left to decide after somebody else saved between the preview and the confirmation."""
    marks = merge.marks(written.draft.content, FIELDS)
    content = roundtrip.overlaid(written.draft.content, found.content, written.conflicts)
    return Found(content, (), written.conflicts, marks)
