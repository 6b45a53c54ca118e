"""What people do about who writes a practice, each in one transaction."""

from __future__ import annotations

from sqlite_utils import Database

from kb.access import Member, can
from kb.accounts import store as accounts
from kb.db import NotFound, now, transaction
from kb.practices import authors, letters, store
from kb.practices.model import NotAuthor, Practice


def require(db: Database, practice: Practice, member: Member) -> Practice:
    """The practice as it is now, within the caller's transaction. Raises NotAuthor."""
    fresh = store.get(db, practice.id)
    if not can(member, "write", fresh):
        raise NotAuthor(fresh)
    return fresh


def begin(db: Database, practice_id: int, member: Member) -> None:
    """Make whoever begins a practice its lead, within the caller's transaction."""
    authors.put(db, practice_id, member.id, member.id)
    authors.set_lead(db, practice_id, member.id)


def note_writing(db: Database, practice: Practice, member: Member) -> None:
    """Whoever saves a draft is one of its authors: within the transaction that saves it."""
    if member.id not in practice.authors.present:
        _put(db, practice, member.id, member)


def join(db: Database, practice: Practice, member: Member) -> None:
    """Write along from now on; the lead is told. Raises NotAuthor for whom somebody took off."""
    with transaction(db):
        fresh = store.get(db, practice.id)
        if member.id in fresh.authors.present:
            return
        if not can(member, "join", fresh):
            raise NotAuthor(fresh)
        _put(db, fresh, member.id, member)


def add(db: Database, practice: Practice, actor: Member, member_id: int) -> Member:
    """Make a colleague a co-author; returns who it is.

    Raises NotAuthor where the actor has no say in it (any more), NotFound for no colleague.
    """
    with transaction(db):
        fresh = _shared(db, practice, actor)
        colleague = _colleague(db, fresh, member_id)
        if _put(db, fresh, colleague.id, actor) and colleague.id != actor.id:
            letters.send(db, "added", _event("added", fresh), fresh, colleague, by=actor.name)
        return colleague


def remove(db: Database, practice: Practice, actor: Member, member_id: int) -> Member:
    """Take a co-author off; everybody may take off themselves. The lead hands over first.

    Returns who it was. Raises NotAuthor, NotFound.
    """
    with transaction(db):
        is_self = actor.id == member_id
        fresh = store.get(db, practice.id) if is_self else _shared(db, practice, actor)
        account = accounts.get_account(db, member_id)
        if member_id == fresh.authors.lead or authors.find(db, fresh.id, member_id) is None:
            raise NotFound("no co-author")
        removed = authors.set_removed(db, fresh.id, member_id, actor.id)
        if removed:
            authors.note(db, fresh.id, member_id, "remove", actor.id)
        if removed and not is_self and account.is_active and can(account.member, "follow", fresh):
            event = _event("removed", fresh)
            letters.send(db, "removed", event, fresh, account.member, by=actor.name)
        return account.member


def hand_over(db: Database, practice: Practice, actor: Member, member_id: int) -> Member:
    """Make a colleague responsible for the practice; returns who it is.

    Raises NotAuthor, NotFound.
    """
    with transaction(db):
        fresh = _shared(db, practice, actor)
        colleague = _colleague(db, fresh, member_id)
        if fresh.authors.lead != colleague.id:
            _put(db, fresh, colleague.id, actor)
            _lead(db, fresh, colleague, actor)
        return colleague


def take_lead(db: Database, practice: Practice, member: Member) -> bool:
    """Become responsible where nobody of the municipality is any more; whether one is now."""
    with transaction(db):
        fresh = store.get(db, practice.id)
        if fresh.authors.lead == member.id:
            return True
        if not can(member, "take-lead", fresh):
            return False
        _put(db, fresh, member.id, member)
        _set_lead(db, fresh, member.id, member)
        return True


def readers(db: Database, practice: Practice, first: int | None = None) -> list[Member]:
    """Whom to write to about a practice: its authors, ``first`` and the lead before the others.

    Nobody whose account is closed, who works for another municipality by now or was taken off;
    what an import brought in has none.
    """
    numbers = dict.fromkeys((first, practice.authors.lead, *sorted(practice.authors.present)))
    found = [accounts.get_account(db, number) for number in numbers if number is not None]
    return [each.member for each in found if each.is_active and can(each.member, "write", practice)]


def colleagues(db: Database, practice: Practice) -> list[Member]:
    """Everybody who could write the practice: the contributors of its municipality."""
    return accounts.list_active(db, roles=("contributor",), municipality=practice.municipality)


def _shared(db: Database, practice: Practice, actor: Member) -> Practice:
    fresh = store.get(db, practice.id)
    if not can(actor, "share", fresh):
        raise NotAuthor(fresh)
    return fresh


def _colleague(db: Database, practice: Practice, member_id: int) -> Member:
    found = next((each for each in colleagues(db, practice) if each.id == member_id), None)
    if found is None:
        raise NotFound("no contributor of the municipality")
    return found


def _put(db: Database, practice: Practice, member_id: int, by: Member) -> bool:
    """Make somebody an author, and the lead where there is none; whether they were none.

    The lead is told of whoever comes by themselves.
    """
    is_new = authors.put(db, practice.id, member_id, by.id)
    if is_new:
        authors.note(db, practice.id, member_id, "add", by.id)
    lead = practice.authors.lead
    if lead is None:
        _set_lead(db, practice, member_id, by)
    elif is_new and by.id == member_id and lead in practice.authors.serving:
        reader = accounts.get_account(db, lead).member
        letters.send(db, "joined", _event("joined", practice, by), practice, reader, by=by.name)
    return is_new


def _set_lead(db: Database, practice: Practice, member_id: int, by: Member) -> None:
    if authors.set_lead(db, practice.id, member_id):
        authors.note(db, practice.id, member_id, "lead", by.id)


def _lead(db: Database, practice: Practice, colleague: Member, actor: Member) -> None:
    _set_lead(db, practice, colleague.id, actor)
    before = practice.authors.lead
    if colleague.id != actor.id:
        event = _event("handed-over", practice)
        letters.send(db, "handed_over", event, practice, colleague, by=actor.name)
    if before in practice.authors.serving and before not in (None, actor.id):
        reader = accounts.get_account(db, before).member
        event = _event("handed-on", practice)
        letters.send(db, "handed_on", event, practice, reader, by=actor.name)


def _event(what: str, practice: Practice, who: Member | None = None) -> str:
    return f"{what}:{practice.id}:{now()}" + (f":{who.id}" if who else "")
