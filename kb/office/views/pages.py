"""What the views of office files share: the blueprint, sending a file, taking one in."""

from __future__ import annotations

from typing import IO

from flask import Blueprint, request
from werkzeug.wrappers import Response

from kb.access import current_member
from kb.office import model
from kb.office.actions import NotTaken

Page = str | tuple[str, int]
blueprint = Blueprint("office", __name__)

# The views that take a file in.
TAKING = frozenset({"office.upload", "office.begin", "office.check_import"})


@blueprint.before_app_request
def take_large_files() -> None:
    """Let people who are signed in send office files; for all else every form's limit stands."""
    if request.method == "POST" and request.endpoint in TAKING and current_member():
        request.max_content_length = model.MOST_POSTED


def uploaded() -> tuple[IO[bytes], str]:
    """The file of this request's form, and its name. Raises NotTaken."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise NotTaken(str(model.NO_FILE))
    return sent.stream, sent.filename


def download(content: bytes, name: str, media_type: str) -> Response:
    """A file for the reader to save; ``name`` in Latin letters."""
    answer = Response(content, mimetype=media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
