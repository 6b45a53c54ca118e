"""Accounts, links and sessions: what they are, how long they last, what may go wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal

from kb.access import Member, Role

Purpose = Literal["invitation", "sign_in", "reset"]
State = Literal["active", "invited", "deactivated"]
# How messages come: each when it is written, or those of a day in one.
Delivery = Literal["at_once", "daily"]

LINK_LIFETIMES: dict[Purpose, timedelta] = {
    "invitation": timedelta(days=14),
    "sign_in": timedelta(minutes=15),
    "reset": timedelta(hours=2),
}
DEMO_LINK_LIFETIME = timedelta(hours=24)

# Long, because a form that was left open over a holiday must still submit.
SESSION_IDLE = timedelta(days=14)
SESSION_LIFETIME = timedelta(days=60)
# How exactly "last used" is known: a reader's clicks are not all worth a write.
SEEN_EVERY = timedelta(minutes=15)

# Stand for whoever was erased; mail to .invalid goes nowhere (RFC 2606).
FORMER = "Πρώην μέλος (former member)"
NOWHERE = "@erased.invalid"

NAME_LENGTH = 100
EMAIL_LENGTH = 254  # RFC 5321
PASSWORD_SHORTEST = 12
PASSWORD_LONGEST = 200
# As typed: keyboards may send an accented letter as up to three characters.
PASSWORD_TYPED_LONGEST = 4 * PASSWORD_LONGEST

# What mail servers deliver to in practice; quoted local parts and other scripts are left out.
EMAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)


class WrongPassword(Exception):
    """E-mail address and password do not belong together; which of the two is never told."""


class EmailTaken(Exception):
    """There is an account with this e-mail address already."""


class LinkSpent(Exception):
    """The link is unknown, was used, has expired, or its account is closed."""


class LastAdministrator(Exception):
    """Without this person nobody could administer the library."""


class TooManyAttempts(Exception):
    """Tried too often; ``wait`` seconds must pass before the next try."""

    def __init__(self, wait: int) -> None:
        super().__init__(f"wait {wait} s")
        self.wait = wait


@dataclass(frozen=True)
class Account:
    """A member with what only signing in and administering need to know."""

    member: Member
    is_active: bool
    password_hash: str | None = field(repr=False)
    created_at: str
    last_seen_at: str | None
    invited_until: str | None
    delivery: Delivery = "at_once"

    @property
    def is_erased(self) -> bool:
        """Whether it is no longer known who the person was."""
        return self.member.email.endswith(NOWHERE)

    @property
    def has_come(self) -> bool:
        """Whether the person has a password, or a session at least."""
        return self.password_hash is not None or self.last_seen_at is not None

    @property
    def state(self) -> State:
        """``invited`` is who was sent an invitation and has not come."""
        if not self.is_active:
            return "deactivated"
        return "invited" if self.invited_until and not self.has_come else "active"


@dataclass(frozen=True)
class Link:
    """A single-use link that was found usable."""

    token_hash: str = field(repr=False)
    purpose: Purpose
    member: Member
    expires_at: str


@dataclass(frozen=True)
class Session:
    """A browser in which someone is signed in."""

    token_hash: str = field(repr=False)
    created_at: str
    last_seen_at: str


@dataclass(frozen=True)
class Profile:
    """What an administrator says about a person when inviting them."""

    email: str
    name: str
    role: Role
    municipality: str | None
    language: str
    is_coordinator: bool = False


def from_now(span: timedelta) -> str:
    """The moment ``span`` from now (before now where negative), as stored."""
    return (datetime.now(UTC) + span).strftime("%Y-%m-%dT%H:%M:%SZ")


def normal_email(text: str) -> str:
    """An address as accounts are found by it."""
    return text.strip().lower()
