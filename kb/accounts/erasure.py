"""Erasing a person: name and address go from everywhere, what they wrote for all to read stays."""

from __future__ import annotations

from collections.abc import Callable

from sqlite_utils import Database

from kb import mail, sending
from kb.access import Member
from kb.accounts import store
from kb.accounts.membership import still_administers
from kb.accounts.model import FORMER, Account
from kb.db import NotFound, forgetting, transaction

# What else is known of a person, forgotten in the same transaction; higher features add theirs.
ALSO: list[Callable[[Database, Member], None]] = []
# Where people wrote the name or the address into a text, which only people can take out again:
# each gives the references of practices.
MENTIONS: list[Callable[[Database, Member], list[str]]] = []


def mentions(db: Database, member: Member) -> list[str]:
    """The practices in whose texts the person is named."""
    found = [reference for look in MENTIONS for reference in look(db, member)]
    return list(dict.fromkeys(found))


def erase(db: Database, actor: Member | None, member_id: int) -> Account:
    """Forget who the person of a closed account was; returns the account as it was.

    Practices, comments and decisions stay, as a former member's. ``actor`` is None on the command
    line. Raises NotFound.
    """
    with forgetting(db), transaction(db):
        still_administers(db, actor)
        account = store.get_account(db, member_id)
        if account.is_active or account.is_erased:
            raise NotFound("an account that is still open, or erased already")
        # Files before the row: once that is gone nobody knows whom to look for in them.
        sending.erase(account.member.email, account.member.name)
        _forget(db, account.member)
    return account


def _forget(db: Database, member: Member) -> None:
    store.delete_sessions(db, member.id)
    store.delete_links(db, member.id)
    mail.erase(db, member.email, member.name, instead=FORMER)
    for forget in ALSO:
        forget(db, member)
    store.erase_member(db, member.id)
