"""The SQL of members, the links sent to them, and their sessions."""

from __future__ import annotations

import sqlite3
from typing import Any

from sqlite_utils import Database

from kb.access import Member, Role
from kb.accounts.model import (
    FORMER,
    NOWHERE,
    SESSION_IDLE,
    SESSION_LIFETIME,
    Account,
    Delivery,
    Link,
    Profile,
    Purpose,
    Session,
    from_now,
)
from kb.db import NotFound, now

ACCOUNT = """
SELECT m.*,
    (SELECT max(last_seen_at) FROM session WHERE member_id = m.id) AS last_seen_at,
    (SELECT max(expires_at) FROM link
     WHERE member_id = m.id AND purpose = 'invitation' AND used_at IS NULL) AS invited_until
FROM member m
"""


def member_of(row: sqlite3.Row) -> Member:
    """The person of a row that holds the columns of ``member``."""
    return Member(
        id=row["id"],
        name=row["name"],
        email=row["email"],
        role=row["role"],
        municipality=row["municipality"],
        language=row["language"],
        is_coordinator=bool(row["is_coordinator"]),
    )


def _account(row: sqlite3.Row) -> Account:
    return Account(
        member=member_of(row),
        is_active=bool(row["is_active"]),
        password_hash=row["password_hash"],
        created_at=row["created_at"],
        last_seen_at=row["last_seen_at"],
        invited_until=row["invited_until"],
        delivery="daily" if row["daily"] else "at_once",
    )


def list_accounts(db: Database) -> list[Account]:
    """Everybody, closed accounts too, in no particular order; not who was erased."""
    found = (_account(row) for row in db.execute(ACCOUNT))
    return [account for account in found if not account.is_erased]


def get_account(db: Database, member_id: int) -> Account:
    """The account with that number. Raises NotFound."""
    row = db.execute(ACCOUNT + "WHERE m.id = ?", (member_id,)).fetchone()
    if row is None:
        raise NotFound(f"no member {member_id}")
    return _account(row)


def find_account(db: Database, email: str) -> Account | None:
    """The account with that address, written as normal_email() does."""
    row = db.execute(ACCOUNT + "WHERE m.email = ?", (email,)).fetchone()
    return _account(row) if row else None


def list_active(
    db: Database, *, roles: tuple[Role, ...] = (), municipality: str | None = None
) -> list[Member]:
    """Active members, of those roles or that municipality where given: whom to write to."""
    rows = db.execute("SELECT * FROM member WHERE is_active = 1 ORDER BY id")
    members = [member_of(row) for row in rows]
    return [
        member
        for member in members
        if (not roles or member.role in roles)
        and (municipality is None or member.municipality == municipality)
    ]


def coordinators(db: Database, municipality: str) -> list[Member]:
    """Those who may approve what a municipality submits."""
    return [each for each in list_active(db, municipality=municipality) if each.is_coordinator]


def names(db: Database) -> dict[int, str]:
    """The name of everybody who has or had an account, by number."""
    return {row["id"]: row["name"] for row in db.execute("SELECT id, name FROM member")}


def insert_member(db: Database, profile: Profile) -> int:
    """A new member; returns its number. Raises sqlite3.IntegrityError for a taken address."""
    cursor = db.execute(
        "INSERT INTO member (email, name, role, municipality, language, is_coordinator,"
        " created_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            profile.email,
            profile.name,
            profile.role,
            profile.municipality,
            profile.language,
            int(profile.is_coordinator),
            now(),
        ),
    )
    return int(cursor.lastrowid or 0)


def update_details(
    db: Database, member_id: int, name: str, language: str, delivery: Delivery
) -> None:
    """Set what a person says about themselves."""
    db.execute(
        "UPDATE member SET name = ?, language = ?, daily = ? WHERE id = ?",
        (name, language, delivery == "daily", member_id),
    )


def update_password(db: Database, member_id: int, password_hash: str) -> None:
    """Set the hash of the password."""
    db.execute("UPDATE member SET password_hash = ? WHERE id = ?", (password_hash, member_id))


def update_rights(
    db: Database,
    member_id: int,
    role: Role,
    municipality: str | None,
    is_coordinator: bool = False,
) -> None:
    """Set the role; of a contributor the municipality, and whether they coordinate there."""
    db.execute(
        "UPDATE member SET role = ?, municipality = ?, is_coordinator = ? WHERE id = ?",
        (role, municipality, int(is_coordinator), member_id),
    )


def update_active(db: Database, member_id: int, is_active: bool) -> None:
    """Open or close the account."""
    db.execute("UPDATE member SET is_active = ? WHERE id = ?", (int(is_active), member_id))


def erase_member(db: Database, member_id: int) -> None:
    """Leave the number, and nothing that says who it was."""
    db.execute(
        "UPDATE member SET name = ?, email = ?, password_hash = NULL, daily = 0,"
        " is_coordinator = 0 WHERE id = ?",
        (FORMER, f"{member_id}{NOWHERE}", member_id),
    )


def other_administrators(db: Database, member_id: int) -> int:
    """How many others administer: active, and known to have come in at least once.

    An invitation sent to a misspelt address must not count as somebody.
    """
    return int(
        db.execute(
            "SELECT count(*) FROM member m WHERE role = 'administrator' AND is_active = 1"
            " AND id <> ? AND (password_hash IS NOT NULL"
            "  OR EXISTS (SELECT 1 FROM session WHERE member_id = m.id))",
            (member_id,),
        ).fetchone()[0]
    )


def insert_link(
    db: Database,
    token_hash: str,
    purpose: Purpose,
    member_id: int,
    expires_at: str,
    created_by: int | None = None,
) -> None:
    """Record a link that was made."""
    db.execute(
        "INSERT INTO link (token_hash, purpose, member_id, created_by, created_at, expires_at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (token_hash, purpose, member_id, created_by, now(), expires_at),
    )


def find_link(db: Database, token_hash: str) -> Link | None:
    """The link, where it can still be used and its account is open."""
    row = db.execute(
        "SELECT m.*, l.token_hash, l.purpose, l.expires_at FROM link l"
        " JOIN member m ON m.id = l.member_id"
        " WHERE l.token_hash = ? AND l.used_at IS NULL AND l.expires_at > ? AND m.is_active = 1",
        (token_hash, now()),
    ).fetchone()
    if row is None:
        return None
    return Link(row["token_hash"], row["purpose"], member_of(row), row["expires_at"])


def update_link_used(db: Database, token_hash: str) -> bool:
    """Use the link up; False where somebody else just did."""
    cursor = db.execute(
        "UPDATE link SET used_at = ? WHERE token_hash = ? AND used_at IS NULL",
        (now(), token_hash),
    )
    return bool(cursor.rowcount == 1)


def delete_open_links(db: Database, member_id: int, purpose: Purpose | None = None) -> None:
    """Make the person's unused links worthless: all of them, or those of one purpose."""
    db.execute(
        "DELETE FROM link WHERE member_id = ? AND used_at IS NULL AND ? IN ('', purpose)",
        (member_id, purpose or ""),
    )


def delete_links(db: Database, member_id: int) -> None:
    """Forget every link that was ever sent to the person."""
    db.execute("DELETE FROM link WHERE member_id = ?", (member_id,))


def insert_session(db: Database, token_hash: str, member_id: int) -> None:
    """Record that somebody signed in, and forget what time has ended."""
    db.execute("INSERT INTO session VALUES (?, ?, ?, ?)", (token_hash, member_id, now(), now()))
    delete_expired(db)


def delete_expired(db: Database) -> None:
    """Forget the sessions and links that time has ended; links a while later."""
    db.execute(
        "DELETE FROM session WHERE last_seen_at < ? OR created_at < ?",
        (from_now(-SESSION_IDLE), from_now(-SESSION_LIFETIME)),
    )
    db.execute("DELETE FROM link WHERE expires_at < ?", (from_now(-SESSION_LIFETIME),))


def find_session(db: Database, token_hash: str) -> tuple[Member, Session] | None:
    """Who is signed in by that token, while the session lasts and the account is open."""
    row = db.execute(
        "SELECT m.*, s.token_hash, s.created_at AS signed_in_at, s.last_seen_at FROM session s"
        " JOIN member m ON m.id = s.member_id"
        " WHERE s.token_hash = ? AND s.last_seen_at > ? AND s.created_at > ? AND m.is_active = 1",
        (token_hash, from_now(-SESSION_IDLE), from_now(-SESSION_LIFETIME)),
    ).fetchone()
    if row is None:
        return None
    session = Session(row["token_hash"], row["signed_in_at"], row["last_seen_at"])
    return member_of(row), session


def list_sessions(db: Database, member_id: int) -> list[Session]:
    """Where the person is signed in, the last used first."""
    rows: list[Any] = db.execute(
        "SELECT * FROM session WHERE member_id = ? AND last_seen_at > ? AND created_at > ?"
        " ORDER BY last_seen_at DESC, created_at DESC",
        (member_id, from_now(-SESSION_IDLE), from_now(-SESSION_LIFETIME)),
    ).fetchall()
    return [Session(row["token_hash"], row["created_at"], row["last_seen_at"]) for row in rows]


def update_session_seen(db: Database, token_hash: str) -> None:
    """Record that the session is in use."""
    db.execute("UPDATE session SET last_seen_at = ? WHERE token_hash = ?", (now(), token_hash))


def delete_session(db: Database, token_hash: str) -> None:
    """End one session."""
    db.execute("DELETE FROM session WHERE token_hash = ?", (token_hash,))


def delete_sessions(db: Database, member_id: int) -> None:
    """End every session of the person."""
    db.execute("DELETE FROM session WHERE member_id = ?", (member_id,))
