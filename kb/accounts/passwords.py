"""Passwords: Argon2id hashes of them, and which ones are too easy to guess."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app

from kb.accounts.model import PASSWORD_TYPED_LONGEST

# OWASP Password Storage Cheat Sheet, Argon2id: 19 MiB, two passes. About 30 ms here, and the
# threads of a worker that all verify at once stay below 80 MB. Setting ARGON2 replaces them.
COST: dict[str, Any] = {"time_cost": 2, "memory_cost": 19456, "parallelism": 1}
FEWEST_DIFFERENT = 6  # characters

COMMON = ("password", "passw0rd", "κωδικος", "welcome", "letmein", "iloveyou", "admin", "library")
ROWS = (
    *("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz"),
    *("σερτυθιοπ", "ασδφγηξκλ", "ζχψωβνμ", "αβγδεζηθικλμνξοπρστυφχψω"),
)
# Four neighbours or more in a row, in either direction, the longest first.
RUNS = tuple(
    row[start : start + size][::step]
    for size in range(26, 3, -1)
    for row in ROWS
    for start in range(len(row) - size + 1)
    for step in (1, -1)
)


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
    if len(password) > PASSWORD_TYPED_LONGEST:
        stored, password = None, ""
    try:
        verifier.verify(stored or _dummy(verifier), normal(password))
    except (VerificationError, InvalidHashError):
        return False
    return bool(stored)


def needs_rehash(stored: str) -> bool:
    """Whether the hash was made at another cost than the present one."""
    return hasher().check_needs_rehash(stored)


def is_guessable(password: str, email: str, name: str) -> bool:
    """Whether little is left of the password without what anybody would try first.

    That is: the person's name and address, common words, rows of the keyboard, repetitions.
    """
    rest = _fold(password)
    for part in (email, *re.split(r"[^\w]+", email), *name.split(), *COMMON):
        if len(part) > 2:
            rest = rest.replace(_fold(part), "")
    for run in RUNS:
        rest = rest.replace(run, "")
    return len(set(rest)) < FEWEST_DIFFERENT


def _fold(text: str) -> str:
    letters = unicodedata.normalize("NFD", text.casefold())
    return "".join(c for c in letters if not unicodedata.combining(c)).replace("ς", "σ")
