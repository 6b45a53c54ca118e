"""Static files: addresses that hold a version, kept for ever by browsers, sent compressed."""

from __future__ import annotations

import gzip
import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, request, send_from_directory

from kb.access import allow

FOLDER = Path(__file__).parent / "static"
COMPRESSIBLE = (".css", ".js", ".svg", ".json", ".txt")
FOR_EVER = "public, max-age=31536000, immutable"
BRIEFLY = "public, max-age=60"
VERSION_LENGTH = 12


@lru_cache(maxsize=1)
def version() -> str:
    """One hash over all static files: style sheets and modules refer to others relatively."""
    digest = hashlib.sha256()
    for path in sorted(FOLDER.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(FOLDER).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:VERSION_LENGTH]


@lru_cache(maxsize=200)
def _compressed(filename: str, _version: str) -> bytes:
    return gzip.compress((FOLDER / filename).read_bytes(), compresslevel=9, mtime=0)


@allow("public")
def serve(version_asked: str, filename: str) -> Response:
    """One static file; an address of another version is answered, but not for ever."""
    answer = send_from_directory(FOLDER, filename)
    # Behind the check of send_from_directory: the name stays inside the folder.
    if filename.endswith(COMPRESSIBLE) and request.accept_encodings["gzip"]:
        answer.direct_passthrough = False
        answer.set_data(_compressed(filename, version()))
        answer.headers["Content-Encoding"] = "gzip"
    answer.vary.add("Accept-Encoding")
    answer.headers["Cache-Control"] = FOR_EVER if version_asked == version() else BRIEFLY
    return answer


@allow("public")
def favicon() -> Response:
    """The icon, where a browser asks for it without having read a page."""
    answer = send_from_directory(FOLDER, "favicon.ico")
    answer.headers["Cache-Control"] = "public, max-age=86400"
    return answer


def _put_version(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint == "static" and "version_asked" not in values:
        if current_app.debug:
            version.cache_clear()
        values["version_asked"] = version()


def init_app(app: Flask) -> None:
    """Serve kb/static/ under the endpoint ``static``, as Flask names it."""
    app.add_url_rule("/static/<version_asked>/<path:filename>", "static", serve)
    app.add_url_rule("/favicon.ico", "favicon", favicon)
    app.url_defaults(_put_version)
