"""Static files: addresses that hold a version, kept for ever by browsers, sent compressed."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, current_app, request

from kb.access import allow

FOLDER = Path(__file__).parent / "static"
COMPRESSIBLE = (".css", ".js", ".svg", ".json", ".txt")
FOR_EVER = "public, max-age=31536000, immutable"
BRIEFLY = "public, max-age=60"
VERSION_LENGTH = 12
# Debian's and Python's tables differ on these.
TYPES = {".js": "text/javascript", ".woff2": "font/woff2", ".ico": "image/x-icon"}


def _files() -> dict[str, Path]:
    return {p.relative_to(FOLDER).as_posix(): p for p in FOLDER.rglob("*") if p.is_file()}


@lru_cache(maxsize=1)
def version() -> str:
    """One hash over all static files: style sheets and modules refer to others relatively."""
    digest = hashlib.sha256()
    for name, path in sorted(_files().items()):
        digest.update(name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:VERSION_LENGTH]


@lru_cache(maxsize=200)
def _content(filename: str, compressed: bool, _version: str) -> bytes | None:
    """The file's bytes; None for a name that is not one of ours, wherever it points."""
    path = _files().get(filename)
    if path is None:
        return None
    content = path.read_bytes()
    return gzip.compress(content, compresslevel=9, mtime=0) if compressed else content


@allow("public")
def serve(version_asked: str, filename: str) -> Response:
    """One static file; an address of another version is answered, but not for ever."""
    compressed = filename.endswith(COMPRESSIBLE) and bool(request.accept_encodings["gzip"])
    content = _content(filename, compressed, version())
    if content is None:
        abort(404)
    suffix = Path(filename).suffix
    kind = TYPES.get(suffix) or mimetypes.types_map.get(suffix, "application/octet-stream")
    answer = Response(content, content_type=f"{kind}; charset=utf-8" if "text" in kind else kind)
    if compressed:
        answer.headers["Content-Encoding"] = "gzip"
    answer.vary.add("Accept-Encoding")
    answer.headers["Cache-Control"] = FOR_EVER if version_asked == version() else BRIEFLY
    return answer


@allow("public")
def favicon() -> Response:
    """The icon, where a browser asks for it without having read a page."""
    answer: Response = serve(version_asked="", filename="favicon.ico")
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
