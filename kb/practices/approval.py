"""A municipality's own approval of what it submits, before that goes to the network."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import current_app
from sqlite_utils import Database

from kb import mail
from kb.access import Member, can
from kb.accounts import store as accounts
from kb.chores import each, every
from kb.db import NotFound, transaction
from kb.municipalities import store as municipalities
from kb.municipalities.actions import APPROVAL_CHANGED
from kb.practices import authorship, held_back, letters, mails, store
from kb.practices.mails import event_of
from kb.practices.model import Action, LogEntry, Practice
from kb.practices.transitions import move

# After the last, who waits has to pick up a telephone.
MOST_REMINDERS = 3


class NotAwaiting(Exception):
    """What was looked at does not wait for approval any more; ``entry`` is what came before.

    ``reason`` is what was written about it and not sent.
    """

    def __init__(self, practice: Practice, entry: LogEntry | None, reason: str = "") -> None:
        super().__init__(f"practice {practice.id} does not await approval of that revision")
        self.practice = practice
        self.entry = entry
        self.reason = reason


def is_needed(db: Database, practice: Practice, member: Member) -> bool:
    """Whether what ``member`` submits waits for a coordinator of the practice's municipality."""
    if not municipalities.get(db, practice.municipality).approves_first:
        return False
    coordinators = {each.id for each in accounts.coordinators(db, practice.municipality)}
    return bool(coordinators) and member.id not in coordinators


def hold_back(db: Database, before: Practice, revision_id: int, member: Member) -> None:
    """Keep a submission for the coordinators, within its transaction; they are told.

    ``before`` is the practice as the network has it.
    """
    held_back.put(db, before.id, revision_id, before.newest_revision_id)
    practice = store.get(db, before.id)
    event = event_of(practice)
    letters.send(db, "receipt_in_house", event, practice, member)
    for coordinator in accounts.coordinators(db, practice.municipality):
        letters.send(db, "awaiting_approval", event, practice, coordinator, by=member.name)


def approve(db: Database, practice: Practice, member: Member, revision_id: int) -> None:
    """Send the revision that was looked at to the moderators; the author is told.

    The same sent again changes nothing. Raises NotAwaiting, NotFound.
    """
    with transaction(db):
        fresh = _awaiting(db, practice, member, revision_id, "approve")
        if fresh is not None:
            _send_on(db, fresh, "approve", member)


def send_back(
    db: Database, practice: Practice, member: Member, revision_id: int, reason: str
) -> None:
    """Ask the author for changes; the network sees nothing of it.

    The same sent again changes nothing. Raises NotAwaiting, NotFound.
    """
    with transaction(db):
        fresh = _awaiting(db, practice, member, revision_id, "request_changes", reason)
        if fresh is None:
            return
        mail.withdraw(db, event_of(fresh))
        move(db, fresh, "request_changes", member, reason=reason)
        _tell(db, "sent_back", f"sent-back:{event_of(fresh)}", fresh, member, reason)


def pass_on(db: Database, municipality: str) -> None:
    """Send on what waits where the municipality approves no more, within the transaction.

    So nothing waits for a coordinator whom there is not.
    """
    town = municipalities.get(db, municipality)
    if town.approves_first and accounts.coordinators(db, municipality):
        return
    for practice_id in held_back.list_awaiting(db, municipality):
        _send_on(db, store.get(db, practice_id), "pass_on", None)


APPROVAL_CHANGED.append(pass_on)


def remind(db: Database, when: datetime) -> int:
    """Remind coordinators of what has waited for them; returns of how many practices.

    After KB_APPROVAL_DAYS, twice as many and so on, MOST_REMINDERS times: once for each, however
    often this is called.
    """
    days = int(current_app.config["APPROVAL_DAYS"])
    waiting = held_back.list_awaiting(db) if days else []
    return each(waiting, lambda number: _remind(db, number, days, when))


def _remind(db: Database, practice_id: int, days: int, when: datetime) -> bool:
    with transaction(db):
        practice = store.get(db, practice_id)
        waited = (when - datetime.fromisoformat(practice.status_since)).days
        number = min(waited // days, MOST_REMINDERS)
        if number < 1 or not practice.awaits_approval:
            return False
        for coordinator in accounts.coordinators(db, practice.municipality):
            event = f"{event_of(practice)}:{number}"
            letters.send(db, "approval_reminder", event, practice, coordinator)
        return True


def remind_coordinators(db: Database) -> None:
    """The same while the worker runs."""
    remind(db, datetime.now(UTC))


mail.CHORES.append(every(timedelta(hours=1), remind_coordinators))


def tell_taken_back(db: Database, practice: Practice, member: Member) -> None:
    """Tell the coordinators, within the transaction that withdraws, unless they know of nothing.

    ``practice`` is as it was before.
    """
    if practice.awaits_approval and mail.withdraw(db, event_of(practice)):
        for coordinator in accounts.coordinators(db, practice.municipality):
            if coordinator.id != member.id:
                event = f"taken-back:{event_of(practice)}"
                letters.send(db, "taken_back", event, practice, coordinator, by=member.name)


def _awaiting(
    db: Database,
    practice: Practice,
    member: Member,
    revision_id: int,
    action: Action,
    reason: str = "",
) -> Practice | None:
    """The practice, where it still awaits approval of that revision; None after a double click."""
    fresh, account = store.get(db, practice.id), accounts.get_account(db, member.id)
    if not (account.is_active and can(account.member, "approve", fresh)):
        raise NotFound("no coordinator of the municipality")
    last = next(iter(store.list_log(db, fresh.id)), None)
    if last and (last.action, last.member_id, last.revision_id, last.reason) == (
        *(action, member.id, revision_id, reason),
    ):
        return None
    if not fresh.awaits_approval or fresh.newest_revision_id != revision_id:
        raise NotAwaiting(fresh, last, reason)
    return fresh


def _send_on(db: Database, practice: Practice, action: Action, member: Member | None) -> None:
    """To the moderators, who get their call now; the days of waiting begin now, too."""
    mail.withdraw(db, event_of(practice))
    held_back.delete(db, practice.id)
    move(db, practice, action, member)
    fresh = store.get(db, practice.id)
    mails.call_moderators(db, fresh, next(iter(_authors(db, practice)), None))
    kind = "approved" if member else "passed_on"
    _tell(db, kind, f"{kind}:{event_of(fresh)}", fresh, member)


def _authors(db: Database, practice: Practice) -> list[Member]:
    """Everybody who writes it, who submitted it before the others."""
    submitted = (e.member_id for e in store.list_log(db, practice.id) if e.action == "submit")
    return authorship.readers(db, practice, next(submitted, None))


def _tell(
    db: Database, kind: str, event: str, practice: Practice, actor: Member | None, reason: str = ""
) -> None:
    """Tell its authors what was decided; not who decided."""
    for author in _authors(db, practice):
        if actor is None or author.id != actor.id:
            name = actor.name if actor else ""
            letters.send(db, kind, event, practice, author, by=name, reason=reason)
