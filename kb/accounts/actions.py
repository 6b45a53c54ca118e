"""What people do with their own account: sign in and out, use links, change what is theirs."""

from __future__ import annotations

from sqlite_utils import Database

from kb.access import Member
from kb.accounts import messages, passwords, store, throttle
from kb.accounts.model import (
    LINK_LIFETIMES,
    Account,
    Delivery,
    Link,
    LinkSpent,
    Purpose,
    WrongPassword,
    from_now,
    normal_email,
)
from kb.accounts.sessions import hash_of, new_token
from kb.db import transaction

# Stands in for the person behind an unknown address: the same work is done for it.
NOBODY = Member(0, "-", "nobody@example.org", "moderator", None, "el")


def sign_in(
    db: Database, email: str, password: str, address: str, old_session: str | None = None
) -> tuple[Member, str]:
    """Sign in with a password; returns the member and the session's secret.

    ``old_session`` (a hash) was this browser's until now, and ends. Raises WrongPassword, or
    TooManyAttempts.
    """
    email = normal_email(email)
    with transaction(db):
        tries = throttle.count(db, "password", email, address)
    account = store.find_account(db, email)
    is_right = passwords.is_right(account.password_hash if account else None, password)
    if not (account and is_right):
        raise WrongPassword
    fresh = _rehashed(account, password)
    with transaction(db):
        # While the hash was computed the account may have been closed, or its password changed.
        same = store.get_account(db, account.member.id)
        if not same.is_active or same.password_hash != account.password_hash:
            raise WrongPassword
        throttle.forgive(db, "password", email, tries)
        if fresh:
            store.update_password(db, account.member.id, fresh)
        return same.member, _start_session(db, account.member.id, old_session)


def _rehashed(account: Account, password: str) -> str | None:
    stale = account.password_hash and passwords.needs_rehash(account.password_hash)
    return passwords.hash_of(password) if stale else None


def _start_session(db: Database, member_id: int, old_session: str | None) -> str:
    token = new_token()
    if old_session:
        store.delete_session(db, old_session)
    store.insert_session(db, hash_of(token), member_id)
    return token


def request_link(
    db: Database, purpose: Purpose, email: str, address: str, target: str | None = None
) -> None:
    """Send a link to sign in or to set a new password, where the address has an account.

    Whether it has one shows neither in the answer nor, as far as it goes, in the time: the same
    is done for an unknown one, except for the rows. Raises TooManyAttempts.
    """
    email = normal_email(email)
    account = store.find_account(db, email)
    known = account is not None and account.is_active
    member = account.member if account and known else NOBODY
    token = new_token()
    message = messages.compose_link(
        purpose, member, messages.link_url(token, member.language, target)
    )
    with transaction(db):
        throttle.count(db, "mail", email, address)
        if known:
            add_link(db, purpose, member.id, token)
            messages.queue(db, purpose, member, message)


def add_link(
    db: Database, purpose: Purpose, member_id: int, token: str, created_by: int | None = None
) -> None:
    """Record a link with the lifetime of its purpose, within the caller's transaction."""
    expires_at = from_now(LINK_LIFETIMES[purpose])
    store.insert_link(db, hash_of(token), purpose, member_id, expires_at, created_by)


def open_link(db: Database, token: str) -> Link:
    """The link of that secret; nothing changes. Raises LinkSpent."""
    link = store.find_link(db, hash_of(token))
    if link is None:
        raise LinkSpent
    return link


def use_sign_in_link(
    db: Database, token: str, old_session: str | None = None
) -> tuple[Member, str]:
    """Sign in by a link, which is used up; returns as sign_in(). Raises LinkSpent."""
    with transaction(db):
        link = _use_up(db, token)
        if link.purpose != "sign_in":
            raise LinkSpent
        return link.member, _start_session(db, link.member.id, old_session)


def use_password_link(
    db: Database, token: str, password: str, old_session: str | None = None
) -> tuple[Member, str]:
    """Set the password by an invitation or a reset, and sign in; returns as sign_in().

    All older sessions and links of the person die. Raises LinkSpent.
    """
    password_hash = passwords.hash_of(password)
    with transaction(db):
        link = _use_up(db, token)
        if link.purpose == "sign_in":
            raise LinkSpent
        _set_password(db, link.member, password_hash)
        if link.purpose == "reset":
            messages.queue_password_changed(db, link.member)
        return link.member, _start_session(db, link.member.id, old_session)


def _use_up(db: Database, token: str) -> Link:
    link = open_link(db, token)
    if not store.update_link_used(db, link.token_hash):
        raise LinkSpent
    return link


def _set_password(db: Database, member: Member, password_hash: str) -> None:
    store.update_password(db, member.id, password_hash)
    store.delete_sessions(db, member.id)
    store.delete_open_links(db, member.id)
    throttle.forgive(db, "password", member.email, [])


def change_password(db: Database, member: Member, current: str, password: str, address: str) -> str:
    """Set a new password; returns the secret of the only session that is left, a new one.

    ``current`` is asked of those who have a password. Raises WrongPassword, TooManyAttempts.
    """
    account = store.get_account(db, member.id)
    if account.password_hash:
        with transaction(db):
            throttle.count(db, "password", member.email, address)
        if not passwords.is_right(account.password_hash, current):
            raise WrongPassword
    password_hash = passwords.hash_of(password)
    with transaction(db):
        _set_password(db, member, password_hash)
        messages.queue_password_changed(db, member)
        return _start_session(db, member.id, None)


def change_details(
    db: Database, member: Member, name: str, language: str, delivery: Delivery
) -> None:
    """Set one's name, the language that one is written to in, and how often one is.

    Whoever wants each message at once again gets what waited for the message of the day.
    """
    with transaction(db):
        store.update_details(db, member.id, name, language, delivery)


def sign_out(db: Database, session: str) -> None:
    """End the session of that hash; it never comes back."""
    with transaction(db):
        store.delete_session(db, session)


def sign_out_everywhere(db: Database, member: Member) -> None:
    """End every session of the person, on every device."""
    with transaction(db):
        store.delete_sessions(db, member.id)
        # Whoever got in by a mail that they should not have read gets in no more.
        store.delete_open_links(db, member.id)
