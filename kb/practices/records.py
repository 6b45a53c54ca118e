"""Practices as JSON Lines: many read in at once, and written out to be read in again."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any, Literal

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString
from sqlite_utils import Database

from kb.access import Member
from kb.db import NotFound, transaction
from kb.practices import attached, documents, store, uploads
from kb.practices.actions import address_of, known_codes
from kb.practices.completion import check_complete
from kb.practices.model import Content, Practice, dump
from kb.practices.problems import Known, Problem
from kb.practices.template import FIELDS
from kb.practices.transitions import move
from kb.practices.validation import check_shape

LINE_LENGTH = 1_000_000
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
SLUG_LENGTH = 100
# What an imported record has to hold: whom to ask is for a person to say, when they submit.
IMPORT = frozenset({"card"})


@dataclass(frozen=True)
class Record:
    """A good line: where it stood, its address where it names one, its content.

    ``texts``: what search will read of it, once that was made.
    """

    line: int
    slug: str | None
    content: Content
    texts: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class BadLine:
    """What is wrong with one field of one line."""

    line: int
    field: str
    reason: LazyString | str


@dataclass
class Report:
    """What an import did: how many lines were added, changed, unchanged; every bad one."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    bad: list[BadLine] = field(default_factory=list)

    @property
    def written(self) -> int:
        return self.added + self.changed


def read(
    lines: Iterable[bytes], known: Known, municipality: str | None = None
) -> Iterator[Record | BadLine]:
    """Each line as a record, or as everything that is wrong with it; blank lines are passed over.

    With ``municipality``, lines that name none are of that one, and lines of others are bad.
    """
    seen: dict[str, int] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        slug, content, problems = _read_line(
            line.removeprefix(b"\xef\xbb\xbf"), known, municipality
        )
        if slug is not None and slug in seen:
            problems.append(Problem("slug", _("Line %(line)d has the same.", line=seen[slug])))
        for problem in problems:
            yield BadLine(number, problem.where or "-", problem.message)
        if not problems:
            if slug is not None:
                seen[slug] = number
            yield Record(number, slug, content)


def _read_line(
    line: bytes, known: Known, municipality: str | None
) -> tuple[str | None, dict[str, Any], list[Problem]]:
    if len(line) > LINE_LENGTH:
        return None, {}, [Problem("", _("The line is longer than a million bytes."))]
    try:
        raw = json.loads(line.decode("utf-8"))
        # Half of a letter that needs two can be written in JSON, and in nothing else.
        json.dumps(raw, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError):
        return None, {}, [Problem("", _("This line is not JSON. Expected: JSON Lines in UTF-8."))]
    if not isinstance(raw, dict):
        return None, {}, [Problem("", _("A practice is an object of fields and values."))]
    slug = raw.pop("slug", None)
    if municipality and not raw.get("municipality"):
        raw["municipality"] = municipality
    content, problems = check_shape(raw, known)
    wrong = {problem.field for problem in problems}
    problems += [p for p in check_complete(content, IMPORT) if p.field not in wrong]
    if municipality and content.get("municipality") not in (None, municipality):
        problems.append(Problem("municipality", _("The line is of another municipality.")))
    if slug is not None and not _is_slug(slug):
        problems.append(Problem("slug", _("Use small Latin letters, digits and hyphens.")))
    return slug if isinstance(slug, str) else None, content, problems


def _is_slug(value: object) -> bool:
    return isinstance(value, str) and len(value) <= SLUG_LENGTH and bool(SLUG.fullmatch(value))


# Told how much of how much is done.
Progress = Callable[[int, int], None]


def _silent(done: int, total: int) -> None:
    pass


def import_lines(
    db: Database,
    lines: Iterable[bytes],
    *,
    publish: bool = False,
    municipality: str | None = None,
    all_or_nothing: bool = False,
    member: Member | None = None,
    progress: Progress = _silent,
) -> Report:
    """Write the good lines to the store as submitted (or published) practices, in one transaction.

    With ``all_or_nothing``, one bad line keeps everything out. A line whose address exists adds a
    revision to that practice, where it says something new. ``member`` is who reads them in, and
    counts as the author; None is the command line. ``progress`` is told how many of how many
    lines are done: half of the way is to read them, during which others can write, too.
    """
    report = Report()
    records: list[Record] = []
    for item in read(lines, known_codes(db), municipality):
        if isinstance(item, Record):
            records.append(item)
        else:
            report.bad.append(item)
    if all_or_nothing and report.bad:
        return report
    total = len(records)
    for number, record in enumerate(records):
        records[number] = _prepared(record)
        _tell_half(progress, number + 1, total)
    try:
        with transaction(db):
            for number, record in enumerate(records, start=1):
                _write(db, record, publish, report, member)
                _tell_half(progress, total + number, total)
            if all_or_nothing and report.bad:
                raise _Undo
    except _Undo:
        return Report(bad=report.bad)
    return report


def _tell_half(progress: Progress, halves: int, total: int) -> None:
    if halves % 2 == 0:
        progress(halves // 2, total)


def _prepared(record: Record) -> Record:
    """The record with what search will read of it, unless that is in files, too."""
    has_files = bool(record.content.get("attachments"))
    return record if has_files else replace(record, texts=documents.texts(record.content))


class _Undo(Exception):
    """Rolls an import back whose problems showed only while writing."""


Fate = Literal["added", "changed", "unchanged"]


def foresee(db: Database, record: Record, publish: bool = False) -> Fate | BadLine:
    """What an import would do with the line, as the store is now."""
    return _fate(db, record, _find(db, record), publish)


def _fate(db: Database, record: Record, practice: Practice | None, publish: bool) -> Fate | BadLine:
    if names := _missing_files(db, practice, record):
        return BadLine(record.line, "attachments", _never_uploaded(names[0]))
    if practice is None:
        return "added"
    reason = _obstacle(db, practice, record)
    if reason is not None:
        return BadLine(record.line, "slug", reason)
    if _says_something_new(db, practice, record.content):
        return "changed"
    return "changed" if publish and practice.status != "published" else "unchanged"


def _write(
    db: Database, record: Record, publish: bool, report: Report, member: Member | None
) -> None:
    practice = _find(db, record)
    fate = _fate(db, record, practice, publish)
    if isinstance(fate, BadLine):
        report.bad.append(fate)
        return
    setattr(report, fate, getattr(report, fate) + 1)
    if fate == "unchanged":
        return
    if practice is None:
        practice = _add(db, record, member)
    elif _says_something_new(db, practice, record.content):
        content = _with_hidden(record.content, _newest(db, practice))
        author = member.id if member else None
        store.insert_revision(db, practice.id, content, author, record.texts)
    _advance(db, practice.id, publish, member)


def _missing_files(db: Database, practice: Practice | None, record: Record) -> list[str]:
    return attached.strangers(
        record.content, uploads.of_practice(db, practice.id if practice else 0)
    )


def _never_uploaded(name: str) -> LazyString:
    return _(
        "“%(name)s” was not uploaded to this practice. Leave it out, or upload it first.",
        name=name,
    )


def _key(record: Record) -> str:
    """What makes a line the same practice when it is read in a second time."""
    return "import:" + (record.slug or sha256(dump(record.content).encode()).hexdigest())


def _find(db: Database, record: Record) -> Practice | None:
    if record.slug is None:
        return store.find_by_key(db, _key(record))
    try:
        return store.get_by_slug(db, record.slug)
    except NotFound:
        return None


def _add(db: Database, record: Record, member: Member | None) -> Practice:
    content, author = record.content, member.id if member else None
    practice_id = store.insert(
        db,
        submission_key=_key(record),
        municipality=content["municipality"],
        created_by=author,
    )
    store.give_address(db, practice_id, record.slug or address_of(content))
    store.insert_revision(db, practice_id, content, author, record.texts)
    return store.get(db, practice_id)


def _obstacle(db: Database, practice: Practice, record: Record) -> LazyString | None:
    """Why an import may not touch a practice that exists, if it may not."""
    if practice.municipality != record.content["municipality"]:
        return _("This address belongs to a practice of another municipality.")
    if practice.status not in ("published", "submitted"):
        return _("The practice at this address is being worked on, declined or archived.")
    is_new = practice.held_back or _says_something_new(db, practice, record.content)
    if practice.status == "submitted" and is_new:
        return _("The practice at this address is under review.")
    if is_new and _is_being_written(db, practice):
        return _("Somebody is writing an update of the practice at this address.")
    return None


def _is_being_written(db: Database, practice: Practice) -> bool:
    draft = store.find_draft(db, practice.id)
    return draft is not None and dump(draft.content) != dump(_newest(db, practice))


def _says_something_new(db: Database, practice: Practice, content: Content) -> bool:
    newest = _newest(db, practice)
    return dump(newest) != dump(_with_hidden(content, newest))


def _newest(db: Database, practice: Practice) -> Content:
    return store.get_revision(db, practice.newest_revision_id).content


def _with_hidden(content: Content, newest: Content) -> Content:
    """The content of a line, with what no export shows: that stays as the practice has it."""
    shown, completed = public_content(newest), dict(content)
    if "contact" in newest and "contact" not in shown:
        completed.setdefault("contact", newest["contact"])
    rows = content.get("attachments", [])
    if dump({"rows": rows}) == dump({"rows": shown.get("attachments", [])}):
        rows = newest.get("attachments", [])
    else:
        named = {row["file"] for row in (*rows, *shown.get("attachments", []))}
        rows = [*rows, *(r for r in newest.get("attachments", []) if r["file"] not in named)]
    return completed | ({"attachments": rows} if rows else {})


def _advance(db: Database, practice_id: int, publish: bool, member: Member | None) -> None:
    practice = store.get(db, practice_id)
    if practice.status != "submitted":
        move(db, practice, "submit", member)
        practice = store.get(db, practice_id)
    if publish:
        store.set_public_revision(db, practice_id, practice.newest_revision_id or 0)
        move(db, practice, "publish", member)


def export_lines(db: Database) -> Iterator[str]:
    """Every published practice as one line of JSON, its address first, fields as the template."""
    for practice, revision in store.all_public(db):
        content = public_content(revision.content)
        ordered = {f.code: content[f.code] for f in FIELDS if f.code in content}
        yield json.dumps({"slug": practice.slug, **ordered}, ensure_ascii=False)


def public_content(content: Content) -> dict[str, Any]:
    """The content as everyone may have it: without a contact and files for members only."""
    public = {**content, "attachments": attached.open_to_all(content)}
    contact = content.get("contact")
    if contact and contact.get("visibility") != "public":
        del public["contact"]
    return {code: value for code, value in public.items() if value or code != "attachments"}
