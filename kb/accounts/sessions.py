"""Who is signed in: a secret in a cookie, whose hash is a row of the store."""

from __future__ import annotations

import hashlib
import logging
import secrets
import sqlite3
from datetime import UTC, datetime

from flask import current_app, g, request
from werkzeug.wrappers import Response

from kb.accounts import store
from kb.accounts.model import SEEN_EVERY, SESSION_LIFETIME, Session
from kb.db import get_db, transaction

# Answered without asking who asks.
IMPERSONAL = frozenset(
    "static favicon health.healthz health.readyz crawling.robots crawling.sitemap".split()
)

log = logging.getLogger("kb.accounts")


def new_token() -> str:
    """A secret of 256 bits, for a cookie or a link."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """What the store keeps of a secret."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def cookie_name() -> str:
    """The cookie's name; browsers keep one named ``__Host-`` to https and this host."""
    return f"{current_app.config['COOKIE_PREFIX']}kb_session"


def remember(response: Response, token: str) -> Response:
    """Give the browser its secret."""
    response.set_cookie(
        cookie_name(),
        token,
        max_age=SESSION_LIFETIME,
        path="/",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
    return response


def forget(response: Response) -> Response:
    """Take the secret back from the browser."""
    response.delete_cookie(
        cookie_name(),
        path="/",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
    return response


def presented() -> str | None:
    """The hash of the secret that this request brings."""
    token = request.cookies.get(cookie_name())
    return hash_of(token) if token else None


def load() -> None:
    """Set ``g.member`` and ``g.session``; a request without the cookie asks the store nothing."""
    g.member = g.session = None
    token_hash = None if request.endpoint in IMPERSONAL else presented()
    if token_hash is None:
        return
    if found := store.find_session(get_db(), token_hash):
        g.member, g.session = found
        _note_use(g.session)


def _note_use(session: Session) -> None:
    unseen = datetime.now(UTC) - datetime.fromisoformat(session.last_seen_at)
    if unseen < SEEN_EVERY:
        return
    try:
        with transaction(get_db()) as db:
            store.update_session_seen(db, session.token_hash)
    except (sqlite3.OperationalError, OSError) as error:
        # A full or read-only disk must not keep people from reading.
        log.warning("session not noted", exc_info=error)
