"""What tests do with accounts: give somebody a password, read their mail, sign in as they do."""

from __future__ import annotations

import re

from flask.testing import FlaskClient
from sqlite_utils import Database
from werkzeug.test import TestResponse

from kb.accounts import passwords, sessions
from kb.db import transaction

# Hashing as cheap as Argon2 lets it be: tests hash often.
CHEAP = {"time_cost": 1, "memory_cost": 8, "parallelism": 1}
PASSWORD = "καρέκλα ποδήλατο 7 βροχή"


def address_of(name: str) -> str:
    """The e-mail address of one of the people in conftest.py."""
    return f"{name.lower()}@example.gr"


def give_password(db: Database, name: str, password: str = PASSWORD) -> None:
    """Let the person sign in with ``password``."""
    with transaction(db):
        db.execute(
            "UPDATE member SET password_hash = ? WHERE name = ?",
            (passwords.hash_of(password), name),
        )


def enter(client: FlaskClient, name: str, password: str = PASSWORD, **fields: str) -> TestResponse:
    """Fill in the sign-in page."""
    return client.post(
        "/en/sign-in", data={"email": address_of(name), "password": password, **fields}
    )


def cookie_of(client: FlaskClient) -> str | None:
    """The secret of the browser's session."""
    cookie = client.get_cookie(sessions.cookie_name())
    return cookie.value if cookie else None


def is_signed_in(client: FlaskClient) -> bool:
    """Whether the browser gets to see an account."""
    return client.get("/en/account").status_code == 200


def mails_to(db: Database, email: str) -> list[str]:
    """Subject and body of each message to the address, oldest first."""
    rows = db.execute("SELECT * FROM outbox WHERE recipient = ? ORDER BY id", (email,))
    return [f"{row['subject']}\n\n{row['body']}" for row in rows]


def link_to(db: Database, email: str) -> str:
    """The path of the link in the newest message to the address."""
    found = re.search(r"https?://[^/\s]+(/\S+)", mails_to(db, email)[-1])
    assert found
    return found[1]
