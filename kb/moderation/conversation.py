"""What is said about a practice, field by field, between moderators and its municipality."""

from __future__ import annotations

from typing import Any

from sqlite_utils import Database

from kb.access import Member
from kb.db import NotFound, transaction
from kb.moderation import comments, messages
from kb.moderation.desk import waiting
from kb.moderation.model import Comment
from kb.practices import held_back, merge
from kb.practices import store as practices
from kb.practices.model import Content, Practice
from kb.practices.template import BY_CODE, LANGUAGES, Field


def field_of(code: str, language: str) -> tuple[Field, str | None]:
    """The field that a form names, and the language where it has any. Raises NotFound."""
    field = BY_CODE.get(code)
    if field is None or (language and (language not in LANGUAGES or not field.is_localised)):
        raise NotFound("no such field")
    return field, language or None


def comment(
    db: Database, practice: Practice, member: Member, key: str, code: str, language: str, text: str
) -> None:
    """Begin a thread on a field of the newest revision.

    The same form sent again changes nothing. Raises NothingWaits, and NotFound for no such field.
    """
    field, spoken = field_of(code, language)
    with transaction(db):
        fresh = waiting(db, practice, text)
        revision = practices.get_revision(db, fresh.newest_revision_id)
        said = {
            "field": field.code,
            "language": spoken,
            "mark": mark_of(revision.content, field, spoken),
            "text": text,
        }
        number = comments.insert(db, key, revision, member.id, said)
        if number:
            messages.commented(db, fresh, revision, number)


def answer(
    db: Database,
    practice: Practice,
    member: Member,
    key: str,
    comment_id: int,
    text: str,
    *,
    is_own: bool,
) -> None:
    """Answer a comment, ``is_own`` as the municipality; raises NotFound.

    The same form sent again changes nothing.
    """
    with transaction(db):
        thread = comments.get_thread(db, practice.id, comment_id)
        fresh = practices.get(db, practice.id)
        revision = practices.get_revision(db, held_back.last_sent(db, fresh))
        first = thread.first
        said = {
            "field": first.field,
            "language": first.language,
            "mark": first.mark,
            "answers": first.id,
            "text": text,
        }
        number = comments.insert(db, key, revision, member.id, said)
        if number:
            messages.answered(db, fresh, revision, thread, member, number, text, is_own=is_own)


def resolve(db: Database, practice: Practice, member: Member, comment_id: int) -> None:
    """Say that a comment needs nothing more. Raises NotFound."""
    with transaction(db):
        thread = comments.get_thread(db, practice.id, comment_id)
        if thread.is_open:
            comments.set_resolved(db, thread.first.id, member.id)


def reopen(db: Database, practice: Practice, comment_id: int) -> None:
    """Take up a resolved comment again. Raises NotFound."""
    with transaction(db):
        comments.set_resolved(db, comments.get_thread(db, practice.id, comment_id).first.id, None)


def mark_of(content: Content, field: Field, language: str | None) -> str:
    """What tells whether a field, or one language of it, still reads the same."""
    value: Any = content.get(field.code)
    return merge.mark((value or {}).get(language) if language else value)


def has_changed(said: Comment, content: Content) -> bool:
    """Whether the field reads differently by now from what the comment was written about."""
    return mark_of(content, BY_CODE[said.field], said.language) != said.mark
