"""Passwords: Argon2id hashes of them, and which ones are too easy to guess."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app

from kb.accounts.model import PASSWORD_LONGEST

# OWASP Password Storage Cheat Sheet, Argon2id: 19 MiB, two passes. About 30 ms here, and the
# threads of a worker that all verify at once stay below 80 MB. Setting ARGON2 replaces them.
COST: dict[str, Any] = {"time_cost": 2, "memory_cost": 19456, "parallelism": 1}
FEWEST_DIFFERENT = 6  # characters


def hasher() -> PasswordHasher:
    """The hasher with this installation's cost."""
    return _hasher(tuple(sorted({**COST, **current_app.config.get("ARGON2", {})}.items())))


@lru_cache(maxsize=4)
def _hasher(cost: tuple[tuple[str, Any], ...]) -> PasswordHasher:
    return PasswordHasher(**dict(cost))


@lru_cache(maxsize=4)
def _dummy(hasher: PasswordHasher) -> str:
    return hasher.hash("nobody has this password")


def normal(password: str) -> str:
    """One form of the same letters: keyboards differ in how they send an accented one."""
    return unicodedata.normalize("NFKC", password)


def hash_of(password: str) -> str:
    """The Argon2id hash to store."""
    return hasher().hash(normal(password))


def is_right(stored: str | None, password: str) -> bool:
    """Whether ``password`` belongs to the hash; without one it takes as long and is wrong."""
    verifier = hasher()
    try:
        # What is too long cannot be anyone's; beyond that, its length shall cost nothing.
        verifier.verify(stored or _dummy(verifier), normal(password[: PASSWORD_LONGEST + 1]))
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def needs_rehash(stored: str) -> bool:
    """Whether the hash was made at another cost than the present one."""
    return hasher().check_needs_rehash(stored)


def is_guessable(password: str, email: str, name: str) -> bool:
    """Whether the password follows from the person, or is one of few repeated characters."""
    folded = normal(password).casefold()
    if len(set(folded)) < FEWEST_DIFFERENT:
        return True
    parts = [email.partition("@")[0], *name.split()]
    rest = folded
    for part in sorted((part.casefold() for part in parts if len(part) > 2), key=len, reverse=True):
        rest = rest.replace(part, "")
    return len(rest) < len(folded) and len(set(rest)) < FEWEST_DIFFERENT
