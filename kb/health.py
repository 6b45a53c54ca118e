"""Whether the application lives and is fit to serve, for whatever watches it."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable

from flask import Blueprint, Flask, Response, jsonify, make_response

from kb import db, migrations
from kb.access import allow

# Returns what is wrong, in English for whoever operates the site; nothing is in order.
Check = Callable[[], list[str]]

blueprint = Blueprint("health", __name__)
log = logging.getLogger("kb.health")
_checks: dict[str, Check] = {}


def check(name: str) -> Callable[[Check], Check]:
    """Make a function part of /readyz under ``name``."""

    def register(function: Check) -> Check:
        _checks[name] = function
        return function

    return register


@check("database")
def database_is_writable() -> list[str]:
    """Take the write gate and a write lock, and let go of both."""
    with db.transaction(db.get_db()):
        return []


@check("schema")
def schema_is_current() -> list[str]:
    """The database has the schema that this code was written for."""
    try:
        migrations.require_current(db.get_db())
    except db.SchemaMismatch as mismatch:
        return [str(mismatch)]
    return []


def problems() -> dict[str, list[str]]:
    """What each check says; a check that fails is a problem of its own."""
    found = {}
    for name, function in _checks.items():
        try:
            found[name] = function()
        except Exception as error:
            log.exception("check failed", extra={"fields": {"check": name}})
            found[name] = [type(error).__name__]
    return found


@blueprint.get("/healthz")
@allow("public")
def healthz() -> Response:
    """The process answers."""
    answer = make_response("ok\n")
    answer.content_type = "text/plain; charset=utf-8"
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.get("/readyz")
@allow("public")
def readyz() -> Response:
    """All checks hold, or 503 with what does not."""
    found = problems()
    ready = not any(found.values())
    answer = jsonify(
        ready=ready,
        checks={name: wrong or "ok" for name, wrong in found.items()},
        sqlite=sqlite3.sqlite_version,
        write_gate="on",
    )
    answer.status_code = 200 if ready else 503
    answer.headers["Cache-Control"] = "no-store"
    return answer


def init_app(app: Flask) -> None:
    """Answer at /healthz and /readyz."""
    app.register_blueprint(blueprint)
