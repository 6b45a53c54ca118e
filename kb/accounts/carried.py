"""What somebody wrote into a form while their session ended, carried through signing in again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeSerializer

from kb.access import Member
from kb.accounts import store
from kb.db import NotFound, get_db
from kb.web import local_path, posted_fields, posted_files


@dataclass(frozen=True)
class Carried:
    """A form as it was posted. ``writer`` is the number of the member whose page it came from.

    ``files`` are the names of those that came with it: they are not carried.
    """

    path: str
    fields: tuple[tuple[str, str], ...]
    writer: int | None
    files: tuple[str, ...] = ()


def pack() -> str:
    """This request's form as a signed text for a hidden input; empty where it is not carried."""
    if not (fields := posted_fields()) and not posted_files():
        return ""
    path = request.full_path.rstrip("?")
    return str(_serializer().dumps([path, fields, _writer(), posted_files()]))


def unpack(text: str | None) -> Carried | None:
    """The form in such a text; None for anything that is not by us."""
    try:
        path, fields, writer, files = _serializer().loads(text or "")
    except (BadSignature, ValueError):
        return None
    pairs: Any = fields
    values = tuple((name, value) for name, value in pairs)
    return Carried(local_path(path) or "/", values, writer, tuple(files))


def may_go_on(carried: Carried, member: Member) -> bool:
    """Whether it is this member's to send: their own, or of a colleague of their municipality."""
    if carried.writer in (None, member.id):
        return True
    try:
        writer = store.get_account(get_db(), carried.writer or 0).member
    except NotFound:
        return False
    return member.municipality is not None and writer.municipality == member.municipality


def _writer() -> int | None:
    number = request.form.get("writer", "")
    return int(number) if number.isdecimal() and len(number) < 10 else None


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="carried")
