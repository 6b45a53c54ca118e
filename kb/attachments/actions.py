"""What people do with the files of a practice: add, describe, remove, read."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import IO, Any

from sqlite_utils import Database

import inspector
from kb import files
from kb.access import EDITABLE, Member, can
from kb.attachments import store
from kb.attachments.model import (
    FIELD,
    FILE_BYTES,
    MOST_BYTES,
    MOST_FILES,
    MOST_KEPT,
    Reason,
    Refusal,
    Row,
)
from kb.db import NotFound, transaction
from kb.practices import attached, authorship, uploads
from kb.practices import store as practices
from kb.practices.actions import working_copy
from kb.practices.model import Content, Impossible, Practice, dump
from kb.practices.template import DEFAULT_LICENCE, MEMBERS_ONLY


@dataclass(frozen=True)
class Examined:
    """A file that may be taken: on the disk under a temporary name, and what it is."""

    received: files.Received
    row: Row
    text: str
    # Whom its properties name, where that could not be taken out.
    people: tuple[str, ...] = ()


@dataclass(frozen=True)
class Description:
    """What a form says of one file, and the file's row as the form was sent out with it."""

    row: Row
    mark: str


@dataclass
class Outcome:
    """What became of a form: the rows it added, those it could not, those others had changed.

    ``naming``: of what it added, the name of each file that still names people, and these.
    """

    added: list[Row] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    conflicts: list[Row] = field(default_factory=list)
    naming: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)


@contextmanager
def examined(stream: IO[bytes], name: str) -> Iterator[Examined | Refusal]:
    """An upload, looked through: outside any transaction, for it takes a while.

    What is not kept in the block is gone at its end.
    """
    with files.temporary() as path, files.temporary() as anew:
        try:
            received = files.receive(stream, path, FILE_BYTES)
            finding = inspector.inspect(path, name, anew)
        except files.TooLarge:
            yield Refusal(name, "too-large")
            return
        except inspector.Refused as refused:
            yield Refusal(name, refused.reason)
            return
        if anew.exists():
            received = files.adopt(anew)
        row = _row(name, received, finding)
        yield Examined(received, row, finding.text, tuple(finding.people))


def _row(name: str, received: files.Received, finding: inspector.Finding) -> Row:
    """The new file as the content names it; whoever uploaded it says the rest."""
    kind = next(kind for kind in inspector.KINDS if kind.code == finding.kind)
    stem, _dot, extension = name.rpartition(".")
    if extension.lower() not in kind.extensions:
        name = f"{stem}.{kind.extensions[0]}"
    row: dict[str, Any] = {
        "file": received.sha256,
        "name": name,
        "media_type": kind.media_type,
        "size": received.size,
        "title": {attached.language_of(stem): " ".join(stem.replace("_", " ").split())},
        "licence": DEFAULT_LICENCE,
    }
    if finding.width and finding.height:
        row |= {"width": finding.width, "height": finding.height}
    if finding.text.strip():
        row["language"] = attached.language_of(finding.text)
    return row


def save(
    db: Database,
    practice: Practice,
    member: Member,
    sent: Sequence[Examined],
    descriptions: Mapping[str, Description],
    removed: Collection[str] = (),
) -> Outcome:
    """Add, describe and remove files of the working copy, in one transaction.

    A description that others changed since the form was sent out is left as it is, and told.
    Raises Impossible where the practice is with the moderators by now, NotAuthor for whom may
    not write in it.
    """
    outcome = Outcome()
    with transaction(db):
        fresh = authorship.require(db, practice, member)
        draft = working_copy(db, fresh)
        if fresh.status not in EDITABLE:
            raise Impossible("submit", fresh.status)
        before = [row for row in _rows_of(draft.content) if row["file"] not in removed]
        rows = [_described(row, descriptions.get(row["file"]), outcome) for row in before]
        for upload in sent:
            _add(db, fresh, member, upload, rows, outcome)
        content = _with_rows(draft.content, fresh, rows)
        if dump(content) != dump(draft.content):
            practices.put_draft(db, fresh.id, content, draft.version + 1, member.id)
            authorship.note_writing(db, fresh, member)
    return outcome


def _rows_of(content: Content) -> list[Row]:
    return list(content.get(FIELD.code, []))


def _with_rows(content: Content, practice: Practice, rows: Sequence[Row]) -> dict[str, Any]:
    rest = {code: value for code, value in content.items() if code != FIELD.code}
    kept = {FIELD.code: [dict(row) for row in rows]} if rows else {}
    return {"municipality": practice.municipality, **rest, **kept}


def _described(row: Row, said: Description | None, outcome: Outcome) -> Row:
    if said is None or dump(said.row) == dump(row):
        return row
    if said.mark != mark(row):
        outcome.conflicts.append(row)
        return row
    return said.row


def mark(row: Row) -> str:
    """A short text that differs where a file was described differently."""
    return sha256(dump(row).encode()).hexdigest()[:12]


def _add(
    db: Database,
    practice: Practice,
    member: Member,
    upload: Examined,
    rows: list[Row],
    outcome: Outcome,
) -> None:
    row, received = upload.row, upload.received
    if reason := _over(rows, row, uploads.of_practice(db, practice.id)):
        outcome.refused.append(Refusal(row["name"], reason))
        return
    files.keep(received)
    store.insert_file(db, received.sha256, row["media_type"], received.size)
    if upload.text:
        store.insert_text(db, received.sha256, upload.text)
    store.insert(db, practice.id, received.sha256, row["name"], member.id)
    rows.append(row)
    outcome.added.append(row)
    if upload.people:
        outcome.naming.append((row["name"], upload.people))


def _over(rows: Sequence[Row], row: Row, kept: Mapping[str, tuple[str, int]]) -> Reason | None:
    """Why there is no room for one more; ``kept`` are all that the practice ever had and has."""
    if any(other["file"] == row["file"] for other in rows):
        return "repeated"
    if len(rows) >= MOST_FILES:
        return "too-many"
    total = sum(other["size"] for other in rows) + row["size"]
    if total > MOST_BYTES:
        return "too-much"
    is_known = row["file"] in kept
    all_kept = sum(size for _media_type, size in kept.values()) + row["size"]
    return "kept" if all_kept > MOST_KEPT and not is_known else None


def find_row(db: Database, practice: Practice, member: Member | None, name: str) -> Row:
    """The file of that hash as the member (None: a visitor) may read it. Raises NotFound.

    Visitors read what the published revision names, members of the network also what is for them
    only; its municipality reads those of its draft and of every revision, moderators those of the
    revisions that were sent to the network.
    """
    for row in _seen_by(db, practice, member, name):
        if row["file"] == name and (member is not None or row.get("licence") != MEMBERS_ONLY):
            return row
    raise NotFound("no such file, or not for this person")


def is_public(db: Database, practice: Practice, name: str) -> bool:
    """Whether anybody may read the file."""
    try:
        return find_row(db, practice, None, name) is not None
    except NotFound:
        return False


def _seen_by(db: Database, practice: Practice, member: Member | None, name: str) -> Iterator[Row]:
    owns, reviews = (can(member, action, practice) for action in ("follow", "review"))
    if owns:
        yield from _rows_of(working_copy(db, practice).content)
    for each in store.revisions_naming(db, practice.id, name):
        shown = practice.is_public and each.revision_id == practice.public_revision_id
        if owns or shown or (reviews and each.was_sent):
            yield from _rows_of(each.content)
