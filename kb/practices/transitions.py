"""One step of a practice from one status to the next: the rule, the state, the log row."""

from __future__ import annotations

from sqlite_utils import Database

from kb.access import Member
from kb.practices import held_back, store
from kb.practices.model import Action, Impossible, Practice, after, is_possible


def move(
    db: Database,
    practice: Practice,
    action: Action,
    member: Member | None,
    *,
    revision_id: int | None = None,
    reason: str = "",
    in_house: bool = False,
) -> None:
    """Make one transition inside the caller's transaction: status, log row, change for search.

    ``practice`` is as read within that transaction; member None is the command line; ``in_house``
    is a submission that the network does not see yet, and whatever happens to what is held back.
    Raises Impossible where its status does not allow the action.
    """
    if not is_possible(action, practice):
        raise Impossible(action, practice.status)
    to = after(action, practice.public_revision_id is not None)
    revision = revision_id or practice.newest_revision_id
    in_house = in_house or (practice.held_back and action in ("withdraw", "request_changes"))
    if action == "withdraw":
        give_back(db, practice)
    store.set_status(db, practice.id, to)
    store.insert_log(
        db,
        (
            practice.id,
            revision,
            member.id if member else None,
            action,
            practice.status,
            to,
            reason,
        ),
        in_house=in_house,
    )
    store.note_change(db, practice.id)


def give_back(db: Database, practice: Practice) -> None:
    """What was held back is the municipality's draft again, and nothing else.

    The network has the revision that it had; what it never had any of stays held back."""
    held = held_back.find(db, practice.id)
    if held is not None and held.before_revision_id is not None:
        store.set_newest_revision(db, practice.id, held.before_revision_id)
        held_back.delete(db, practice.id)
