"""What people do with a practice until it is reviewed, each in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlite_utils import Database

from kb import mail
from kb.access import EDITABLE, Member, can
from kb.db import NotFound, transaction
from kb.municipalities import store as municipalities
from kb.practices import approval, authorship, drafts, held_back, mails, merge, store
from kb.practices.completion import check_complete
from kb.practices.model import (
    Content,
    Draft,
    Impossible,
    Practice,
    StaleDraft,
    dump,
)
from kb.practices.problems import Known, Problem
from kb.practices.slugs import slug
from kb.practices.template import BY_CODE, Field
from kb.practices.transitions import move
from kb.vocabularies.store import all_vocabularies

# What a person has to have filled in when they submit.
SUBMISSION = frozenset({"card", "submission"})


class Incomplete(Exception):
    """The draft cannot be submitted as it is; ``problems`` says why."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = problems


class Unchanged(Exception):
    """The draft says what everybody can read already; there is nothing to submit."""


def known_codes(db: Database) -> Known:
    """The codes that content may use at present."""
    return Known(
        vocabularies=all_vocabularies(db),
        municipalities=municipalities.by_code(db),
    )


def working_copy(db: Database, practice: Practice) -> Draft:
    """The draft, or where there is none the newest revision as one that was not saved yet."""
    draft = store.find_draft(db, practice.id)
    if draft is not None:
        return draft
    if practice.newest_revision_id is None:
        return Draft({}, 0)
    return Draft(store.get_revision(db, practice.newest_revision_id).content, 0)


def create(db: Database, member: Member, submission_key: str, content: Content) -> Practice:
    """Begin a practice with a first draft; the same form sent again gives the same practice.

    A contributor writes for their own municipality, the network's staff for any. The form's key
    also names the page that it was typed on (see write()).
    """
    with transaction(db):
        existing = store.find_by_key(db, submission_key)
        if existing is not None:
            if not can(member, "follow", existing):
                raise NotFound("another person's form")
            return existing
        owned = _for_own_municipality(member, content)
        practice_id = store.insert(
            db,
            submission_key=submission_key,
            municipality=owned["municipality"],
            created_by=member.id,
        )
        authorship.begin(db, practice_id, member)
        written = merge.marks(owned, [BY_CODE[code] for code in owned])
        store.put_draft(db, practice_id, owned, 1, member.id, submission_key, written)
    return store.get(db, practice_id)


@dataclass(frozen=True)
class Written:
    """The draft after a page was saved into it, and what others changed on that page meanwhile."""

    draft: Draft
    conflicts: tuple[str, ...]
    newer: tuple[str, ...]
    # Tables that have others' rows besides those that the page has.
    joined: tuple[str, ...] = ()


def write(
    db: Database,
    practice: Practice,
    member: Member,
    fields: Iterable[Field],
    typed: Content,
    *,
    opened: Mapping[str, str] | None,
    version: int,
    page: str = "",
) -> Written:
    """Save what was typed into some fields, beside whatever others saved since the page was opened.

    ``opened`` are the marks that the page was sent out with; without any, ``version`` decides
    whether somebody came first. What both changed stays as it was saved, and is told. Raises
    Impossible where the practice is with the moderators by now, NotAuthor.
    """
    with transaction(db):
        fresh = authorship.require(db, practice, member)
        current = working_copy(db, fresh)
        fields = tuple(fields)
        if opened is None:
            unseen = version != current.version
            opened = {} if unseen else merge.marks(current.content, fields)
        own = drafts.written_by(db, practice.id, page)
        merged = merge.merge(typed, current.content, opened, fields, own)
        owned = _for_own_municipality(member, merged.content, fresh.municipality)
        if merged.written and dump(owned) != dump(current.content):
            current = _put(db, fresh, member, current, owned, page, own | merged.written)
    return Written(current, merged.conflicts, merged.newer, merged.joined)


def forget_old_drafts(db: Database) -> int:
    """Forget the saves whose time is over where no new save did it; returns of how many practices.

    The draft itself stays, however old it is.
    """
    when = datetime.now(UTC)
    practices = drafts.overdue(db, when)
    if practices:
        with transaction(db):
            for practice_id in practices:
                drafts.thin(db, practice_id, when)
    return len(practices)


def restore(db: Database, practice: Practice, member: Member, version_id: int) -> Draft:
    """Make an earlier save the working copy again; what stood there stays in the history.

    Raises NotFound, Impossible, NotAuthor.
    """
    with transaction(db):
        fresh = authorship.require(db, practice, member)
        current = working_copy(db, fresh)
        content = drafts.get(db, practice.id, version_id).content
        owned = _for_own_municipality(member, content, fresh.municipality)
        return _put(db, fresh, member, current, owned)


def restore_revision(db: Database, practice: Practice, member: Member, revision_id: int) -> Draft:
    """Make an earlier revision the working copy; what stood there stays in the history.

    Raises NotFound, Impossible, NotAuthor.
    """
    with transaction(db):
        fresh = authorship.require(db, practice, member)
        revision = store.get_revision(db, revision_id)
        if revision.practice_id != fresh.id:
            raise NotFound("another practice's revision")
        owned = _for_own_municipality(member, revision.content, fresh.municipality)
        return _put(db, fresh, member, working_copy(db, fresh), owned)


def _put(
    db: Database,
    practice: Practice,
    member: Member,
    current: Draft,
    content: Content,
    page: str = "",
    written: Mapping[str, str] | None = None,
) -> Draft:
    _must_be_open(practice)
    version = current.version + 1
    store.put_draft(db, practice.id, content, version, member.id, page, written)
    authorship.note_writing(db, practice, member)
    if practice.public_revision_id is None:
        store.set_municipality(db, practice.id, content["municipality"])
    return working_copy(db, practice)


def _must_be_open(practice: Practice) -> None:
    if practice.status not in EDITABLE:
        raise Impossible("submit", practice.status)


def submit(db: Database, practice: Practice, member: Member, version: int) -> Practice:
    """Hand the draft that was shown as ``version`` on, as a new revision.

    It goes to the moderators, or where the municipality approves first to its coordinator.
    Sending the same submission again changes nothing. Raises StaleDraft, Incomplete, Unchanged,
    Impossible, NotAuthor.
    """
    with transaction(db):
        fresh = authorship.require(db, practice, member)
        draft = working_copy(db, fresh)
        if fresh.status == "submitted":
            return fresh
        if draft.version != version:
            raise StaleDraft(draft)
        problems = check_complete(draft.content, SUBMISSION)
        if problems:
            raise Incomplete(problems)
        if fresh.status == "published" and not _differs_from_public(db, fresh, draft.content):
            raise Unchanged
        if not fresh.slug:
            store.give_address(db, fresh.id, address_of(draft.content))
        revision_id = _revision_for(db, fresh, draft.content, member)
        _hand_in(db, fresh, member, revision_id)
    return store.get(db, practice.id)


def _hand_in(db: Database, practice: Practice, member: Member, revision_id: int) -> None:
    """``practice`` is as it was before the revision was written."""
    waits = approval.is_needed(db, practice, member)
    move(db, practice, "submit", member, revision_id=revision_id, in_house=waits)
    if waits:
        approval.hold_back(db, practice, revision_id, member)
    else:
        held_back.delete(db, practice.id)
        mails.submitted(db, store.get(db, practice.id), member)


# What else is done, within its transaction, where a practice is withdrawn; it is as it was before.
WITHDRAWN: list[Callable[[Database, Practice, Member], None]] = []


def withdraw(db: Database, practice: Practice, member: Member) -> Practice:
    """Take back what was submitted; its text stays in the draft. Raises Impossible, NotAuthor.

    Messages about it that have not gone out never do.
    """
    with transaction(db):
        fresh = authorship.require(db, practice, member)
        for follow in WITHDRAWN:
            follow(db, fresh, member)
        approval.tell_taken_back(db, fresh, member)
        mail.withdraw(db, mails.event_of(fresh))
        move(db, fresh, "withdraw", member)
    return store.get(db, practice.id)


def address_of(content: Content) -> str:
    """The address segment for a practice: its municipality and its title, in Latin letters."""
    title = content["title"]
    municipality = content["municipality"]
    return slug(municipality, title.get("en") or title["el"])


def _differs_from_public(db: Database, practice: Practice, content: Content) -> bool:
    public = store.get_revision(db, practice.public_revision_id)
    return dump(public.content) != dump(content)


def _revision_for(db: Database, practice: Practice, content: Content, member: Member) -> int:
    """A new revision, or the newest one where that already says the same."""
    if practice.newest_revision_id is not None:
        newest = store.get_revision(db, practice.newest_revision_id)
        if dump(newest.content) == dump(content):
            return newest.id
    return store.insert_revision(db, practice.id, content, member.id)


def _for_own_municipality(
    member: Member, content: Content, current: str | None = None
) -> dict[str, Any]:
    """The content as this member may write it: a contributor cannot give it to another city."""
    if member.role == "contributor":
        return {**content, "municipality": member.municipality}
    municipality = content.get("municipality") or current
    if municipality is None:
        raise ValueError("the network's staff say whose practice it is")
    return {**content, "municipality": municipality}
