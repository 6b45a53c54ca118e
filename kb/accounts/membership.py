"""What administrators do with the accounts of others: invite, change rights, close and reopen."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import timedelta

from sqlite_utils import Database

from kb import mail
from kb.access import Member, Role
from kb.accounts import messages, store
from kb.accounts.actions import add_link
from kb.accounts.model import (
    DEMO_LINK_LIFETIME,
    Account,
    EmailTaken,
    LastAdministrator,
    Profile,
    from_now,
)
from kb.accounts.sessions import hash_of, new_token
from kb.db import NotFound, transaction
from kb.municipalities import store as municipalities
from kb.municipalities.actions import approval_changed
from kb.municipalities.model import StaleSettings

# The people of the demo library. Mail to .example goes nowhere (RFC 2606).
DEMO = (
    Profile("contributor@demo.example", "Άννα Παπαδοπούλου", "contributor", "athens", "el"),
    Profile("moderator@demo.example", "Μαρία Ιωάννου", "moderator", None, "el"),
    Profile("administrator@demo.example", "Γιώργος Νικολάου", "administrator", None, "el"),
)


def invite(db: Database, actor: Member | None, profile: Profile) -> tuple[Member, str]:
    """Make an account and send its invitation; returns the member and the address in the mail.

    ``actor`` is None on the command line. Raises EmailTaken, NotFound (for the municipality).
    """
    with transaction(db):
        still_administers(db, actor)
        try:
            member_id = store.insert_member(db, profile)
        except sqlite3.IntegrityError as error:
            if store.find_account(db, profile.email):
                raise EmailTaken from error
            raise NotFound(f"no municipality {profile.municipality!r}") from error
        member = store.get_account(db, member_id).member
        return member, _send_invitation(db, actor, member)


def invite_again(db: Database, actor: Member, member_id: int) -> Account:
    """Send a new invitation to somebody who has not come yet; the older one dies."""
    with transaction(db):
        still_administers(db, actor)
        account = store.get_account(db, member_id)
        if account.has_come or not account.is_active:
            raise NotFound("nobody who waits to be invited")
        store.delete_open_links(db, member_id, "invitation")
        _send_invitation(db, actor, account.member)
        return account


def _send_invitation(db: Database, actor: Member | None, member: Member) -> str:
    token = new_token()
    url = messages.link_url(token, member.language)
    place = ""
    if member.municipality:
        place = municipalities.get(db, member.municipality).official_name[member.language]
    add_link(db, "invitation", member.id, token, actor.id if actor else None)
    messages.queue(
        db, "invitation", member, messages.compose_link("invitation", member, url, place)
    )
    return url


def change_rights(
    db: Database,
    actor: Member | None,
    member_id: int,
    role: Role,
    municipality: str | None,
    is_coordinator: bool = False,
) -> Account:
    """Set somebody's role and municipality; their sessions end where that changes anything.

    What waited for the approval of a municipality's last coordinator goes on. Raises
    LastAdministrator, NotFound.
    """
    with transaction(db):
        still_administers(db, actor)
        account = store.get_account(db, member_id)
        before = account.member
        municipality = municipality if role == "contributor" else None
        is_coordinator = is_coordinator and role == "contributor"
        if municipality:
            municipalities.get(db, municipality)
        had = (before.role, before.municipality, before.is_coordinator)
        if (role, municipality, is_coordinator) != had:
            if role != "administrator":
                _somebody_administers(db, account)
            store.update_rights(db, member_id, role, municipality, is_coordinator)
            store.delete_sessions(db, member_id)
            if (role, municipality) != had[:2]:
                mail.leave_untold(db, before.email)
            _look_after_approval(db, before)
        return store.get_account(db, member_id)


def change_municipality(
    db: Database,
    actor: Member,
    code: str,
    *,
    mailbox: str | None,
    approves_first: bool,
    opened: str | None = None,
) -> None:
    """Set where a municipality reads mail, and whether its coordinator approves first.

    What waits for an approval that is asked for no more goes on. ``opened`` is the mark of what
    the change began with, where a page was opened for it. Raises StaleSettings where somebody
    else has set it to something else since, NotFound.
    """
    with transaction(db):
        still_administers(db, actor)
        saved = municipalities.get(db, code)
        new = replace(saved, mailbox=mailbox, approves_first=approves_first)
        if opened and saved.settings_mark not in (opened, new.settings_mark):
            raise StaleSettings(saved)
        municipalities.update_settings(db, code, mailbox, approves_first)
        approval_changed(db, code)


def _look_after_approval(db: Database, before: Member) -> None:
    if before.is_coordinator and before.municipality:
        approval_changed(db, before.municipality)


def deactivate(db: Database, actor: Member | None, member_id: int) -> Account:
    """Close an account: its sessions and links die, its practices stay.

    Raises LastAdministrator, NotFound.
    """
    with transaction(db):
        still_administers(db, actor)
        account = store.get_account(db, member_id)
        _somebody_administers(db, account)
        store.update_active(db, member_id, False)
        store.delete_sessions(db, member_id)
        store.delete_open_links(db, member_id)
        mail.leave_untold(db, account.member.email)
        _look_after_approval(db, account.member)
        return account


def reactivate(db: Database, actor: Member | None, member_id: int) -> Account:
    """Open a closed account again, with the password that it had. Raises NotFound."""
    with transaction(db):
        still_administers(db, actor)
        if store.get_account(db, member_id).is_erased:
            raise NotFound("nobody who could come back")
        store.update_active(db, member_id, True)
        return store.get_account(db, member_id)


def still_administers(db: Database, actor: Member | None) -> None:
    """The page may have been opened before the person lost the right."""
    if actor is None:
        return
    account = store.get_account(db, actor.id)
    if not account.is_active or account.member.role != "administrator":
        raise NotFound("no longer an administrator")


def _somebody_administers(db: Database, account: Account) -> None:
    administers = account.is_active and account.member.role == "administrator"
    if administers and not store.other_administrators(db, account.member.id):
        raise LastAdministrator


def sign_in_link(db: Database, member: Member, lifetime: timedelta) -> str:
    """The address of a new single-use link that signs ``member`` in; no mail is sent."""
    token = new_token()
    with transaction(db):
        store.insert_link(db, hash_of(token), "sign_in", member.id, from_now(lifetime))
    return messages.link_url(token, member.language)


def create_administrator(db: Database, profile: Profile) -> tuple[Member, str]:
    """Make the first administrator; returns the member and the link to hand over, unmailed.

    Raises EmailTaken.
    """
    token = new_token()
    with transaction(db):
        if store.find_account(db, profile.email):
            raise EmailTaken
        member_id = store.insert_member(db, profile)
        add_link(db, "invitation", member_id, token)
        member = store.get_account(db, member_id).member
    return member, messages.link_url(token, member.language)


def demo_links(db: Database) -> list[tuple[Member, str]]:
    """Single-use links that sign in the people of the demo library, made where missing.

    Links of an earlier call die. Who was deactivated, or has another role by now, gets none: no
    restart may give back what an administrator took. A library that has members of its own gets
    nobody of the demo.
    """
    _add_demo_people(db)
    links = []
    for profile in DEMO:
        account = store.find_account(db, profile.email)
        if account is None:
            continue
        with transaction(db):
            store.delete_open_links(db, account.member.id, "sign_in")
        if account.is_active and account.member.role == profile.role:
            url = sign_in_link(db, account.member, DEMO_LINK_LIFETIME)
            links.append((account.member, url))
    return links


def _add_demo_people(db: Database) -> None:
    with transaction(db):
        known = {account.member.email for account in store.list_accounts(db)}
        if known <= {profile.email for profile in DEMO}:
            for profile in DEMO:
                if profile.email not in known:
                    store.insert_member(db, profile)
