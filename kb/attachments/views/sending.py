"""The files themselves, each to whom it is for, so that nothing in it runs."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from flask import request, send_file
from werkzeug.wrappers import Response

from kb import files
from kb.access import Authors, allow, current_member
from kb.attachments import actions, store
from kb.attachments.views.pages import blueprint
from kb.db import NotFound, get_db
from kb.practices.model import Practice
from kb.practices.slugs import latin
from kb.practices.views import by_id, by_slug

# Whatever a file holds, nothing of it runs in the name of this site.
SANDBOX = "default-src 'none'; sandbox"
PUBLIC = "public, max-age=86400, immutable"


@dataclass(frozen=True)
class AskedFile:
    """A practice and the hash of one of its files, for the rules about the practice."""

    practice: Practice
    name: str

    @property
    def municipality(self) -> str:
        return self.practice.municipality

    @property
    def status(self) -> str:
        return self.practice.status

    @property
    def is_public(self) -> bool:
        return self.practice.is_public

    @property
    def author_ids(self) -> frozenset[int]:
        return self.practice.author_ids

    @property
    def authors(self) -> Authors:
        return self.practice.authors

    @property
    def held_back(self) -> bool:
        return self.practice.held_back


def of_slug(slug: str, sha256: str, filename: str) -> AskedFile:
    """A file of the practice at that address; whether there is one is not asked yet."""
    return AskedFile(by_slug(slug), sha256)


def of_id(practice_id: int, sha256: str, filename: str) -> AskedFile:
    """A file of the practice of that number."""
    return AskedFile(by_id(practice_id), sha256)


@blueprint.get("/practices/<slug>/files/<sha256>/<filename>")
@allow("read", of_slug)
def show(asked: AskedFile) -> Response:
    """A file of a practice that has an address, to those who may read it."""
    return _send(asked)


@blueprint.get("/my-practices/<int:practice_id>/files/<sha256>/<filename>")
@allow("follow", of_id)
def show_own(asked: AskedFile) -> Response:
    """A file of one's own practice, which may have no address yet."""
    return _send(asked)


def _send(asked: AskedFile) -> Response:
    db = get_db()
    row = actions.find_row(db, asked.practice, current_member(), asked.name)
    path, etag = files.path_of(row["file"]), row["file"]
    if "small" in request.args and files.preview_of(path).is_file():
        path, etag = files.preview_of(path), f"{etag}-small"
    media_type = store.media_type_of(db, row["file"])
    if media_type is None or not path.is_file():
        raise NotFound("the file is not in its place")
    answer: Response = send_file(path, mimetype=media_type, etag=etag, conditional=True)
    answer.headers["Content-Disposition"] = disposition(row["name"])
    answer.headers["Content-Security-Policy"] = SANDBOX
    for_all = current_member() is None and actions.is_public(db, asked.practice, asked.name)
    answer.headers["Cache-Control"] = PUBLIC if for_all else "no-store"
    return answer


def disposition(name: str) -> str:
    """The header that has a file saved under its name, in Latin letters where nothing else goes."""
    stem, _dot, extension = name.rpartition(".")
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "-_ ") else "_" for c in latin(stem))
    return f"attachment; filename=\"{plain}.{extension}\"; filename*=UTF-8''{quote(name, safe='')}"
