"""What every answer has in common: headers, request id, caching, refusals and error pages."""

from __future__ import annotations

import errno
import gzip
import io
import logging
import secrets
import sqlite3
from typing import IO, Any, cast
from urllib.parse import quote, urlsplit

import flask
from flask import (
    Flask,
    abort,
    current_app,
    g,
    jsonify,
    redirect,
    render_template,
    request,
    session,
)
from flask_wtf.csrf import CSRFError, CSRFProtect
from markupsafe import escape
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge, SecurityError
from werkzeug.formparser import FormDataParser
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map
from werkzeug.wrappers import Response

from kb.db import NotFound

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
HSTS = "max-age=31536000; includeSubDomains"

# SQLite's integers have 64 bits.
LARGEST_NUMBER = 2**63 - 1

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
COMPRESSIBLE = (
    "text/",
    "application/json",
    "application/xml",
    "application/atom+xml",
    "image/svg+xml",
)
WORTH_COMPRESSING = 1000  # bytes
READ_ON = 300_000_000  # bytes of a body that is over the limit

# What begins so is asked by programs, which read no pages.
PROGRAMS = "/api/"

# The statuses that have a page of their own in templates/errors/.
PAGES = frozenset({400, 403, 404, 405, 413, 429, 500, 503, 507})

# By the primary code of SQLite's error.
STORE_FAILURES = {
    sqlite3.SQLITE_BUSY: 503,
    sqlite3.SQLITE_LOCKED: 503,
    sqlite3.SQLITE_READONLY: 503,
    sqlite3.SQLITE_CANTOPEN: 503,
    sqlite3.SQLITE_IOERR: 503,
    sqlite3.SQLITE_FULL: 507,
}
LAST_WORDS = "Δοκιμάστε ξανά σε λίγο. Try again in a moment."
ELSEWHERE = "Η βιβλιοθήκη βρίσκεται εδώ: {0}. The library is here: {0}."

log = logging.getLogger("kb.web")
csrf = CSRFProtect()

_facts: dict[type[Exception], tuple[int, str]] = {}


class Nowhere(io.RawIOBase):
    """A file that forgets what is written to it."""

    def write(self, content: Any, /) -> int:
        return len(content)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return 0

    def readinto(self, buffer: Any, /) -> int:
        return 0


class FormParser(FormDataParser):
    """werkzeug's, which counts the fields of forms with files only: here those of all forms."""

    def _parse_urlencoded(self, stream: IO[bytes], *about: Any) -> Any:
        body = stream.read()
        if self.max_form_parts is not None and body.count(b"&") >= self.max_form_parts:
            raise RequestEntityTooLarge
        return super()._parse_urlencoded(io.BytesIO(body), *about)


class Request(flask.Request):
    """A request whose files may be let go by while they come, where only its words count."""

    form_data_parser_class = FormParser
    keeps_files = True

    def _get_file_stream(self, *about: Any, **more: Any) -> IO[bytes]:
        if self.keeps_files:
            return super()._get_file_stream(*about, **more)
        return cast(IO[bytes], Nowhere())


class NumberConverter(IntegerConverter):
    """``<int:…>`` in an address: a number that the store could hold; a larger one is no page."""

    def __init__(self, map: Map, **limits: Any) -> None:  # noqa: A002 – werkzeug's name for it
        super().__init__(map, **{"max": LARGEST_NUMBER, **limits})


def error_page(fact: type[Exception], status: int, template: str) -> None:
    """Answer the domain error ``fact`` with ``status`` and the page ``template``.

    The template gets the exception as ``error``. Features call this when they are imported.
    """
    _facts[fact] = (status, template)


def local_path(target: str | None) -> str | None:
    """``target`` where it is a path on this site, else None: where `next` may lead."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return None
    if any(ord(character) < 0x21 or character == "\\" for character in target):
        return None
    parts = urlsplit(target)
    return None if parts.scheme or parts.netloc else target


def absolute_url(endpoint: str, **values: object) -> str:
    """The address of a page as people get it in a message: always of BASE_URL.

    Never of the request's Host header, which whoever sends the request chooses. A page under a
    language needs ``lang``.
    """
    base = urlsplit(current_app.config["BASE_URL"])
    adapter = current_app.url_map.bind(base.netloc, url_scheme=base.scheme)
    return adapter.build(endpoint, values, force_external=True)


def wants_json() -> bool:
    """Whether a program of ours asks, which reads JSON, and not a person's browser by itself."""
    return request.accept_mimetypes.best == "application/json"


def is_own_form() -> bool:
    """Whether a page of this site sent the form: only then may it be offered to be sent again."""
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site == "same-origin"
    return path_here(request.headers.get("Origin")) is not None


def path_here(address: str | None) -> str | None:
    """The path of what a browser says it comes from, where that is this site.

    None for all else: a header holds whatever its sender likes.
    """
    try:
        parts = urlsplit(address or "")
    except ValueError:
        return None
    return parts.path if parts.netloc == request.host else None


def posted_number(name: str) -> int:
    """A number of the form; 0, which is nothing's, where it is none that the store could hold."""
    number = request.form.get(name, type=int, default=0)
    return number if 0 <= number <= LARGEST_NUMBER else 0


def asked_number(name: str) -> int | None:
    """A number of the query; None where there is none, or none that the store could hold."""
    number = request.args.get(name, type=int)
    return number if number is not None and 0 <= number <= LARGEST_NUMBER else None


def posted_fields() -> list[tuple[str, str]]:
    """What the form held, without its token; nothing of the forms that hold passwords."""
    if (request.endpoint or "").startswith("accounts."):
        return []
    return [(name, text) for name, text in request.form.items(multi=True) if name != "csrf_token"]


def posted_files() -> list[str]:
    """The names of the files that came with the form."""
    return [file.filename for file in request.files.values() if file.filename]


def is_public_page(response: Response) -> bool:
    """Whether ``response`` is the same for every visitor, so that it may be kept by caches."""
    if g.get("member") is not None or session or "Set-Cookie" in response.headers:
        return False
    view = current_app.view_functions.get(request.endpoint or "")
    return request.method in SAFE_METHODS and getattr(view, "access", None) in ("public", "read")


def _name_request() -> None:
    g.request_id = secrets.token_hex(8)


def _refuse_cross_site() -> None:
    # The token protects already; this also stops a forged request that has found one.
    if request.method not in SAFE_METHODS and request.headers.get("Sec-Fetch-Site") == "cross-site":
        abort(403)


def _finish(response: Response) -> Response:
    """Set the headers that every answer has, where the view did not set its own."""
    if session.modified:
        session.permanent = True  # a form that was left open outlives a restart of the browser
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if current_app.config["PREFERRED_URL_SCHEME"] == "https":
        response.headers.setdefault("Strict-Transport-Security", HSTS)
    response.headers["X-Request-Id"] = g.get("request_id", "-")
    if "Cache-Control" in response.headers:
        return response
    if is_public_page(response) and response.status_code < 500:
        response.headers["Cache-Control"] = "no-cache"
        response.vary.update(["Accept-Encoding", "Cookie"])
        return _validate_and_compress(response)
    response.headers["Cache-Control"] = "no-store"
    return response


def _validate_and_compress(response: Response) -> Response:
    """Let an unchanged page be answered with 304, and a changed one travel small.

    Only what every visitor gets: compressing a page that holds a secret would betray it by size.
    """
    if response.status_code != 200 or response.is_streamed or response.direct_passthrough:
        return response
    response.add_etag(weak=True)
    if _accepts_gzip() and _is_compressible(response):
        response.set_data(gzip.compress(response.get_data(), compresslevel=5, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response.make_conditional(request)


def _accepts_gzip() -> bool:
    return bool(request.accept_encodings["gzip"])


def _is_compressible(response: Response) -> bool:
    size = response.content_length or 0
    kind = (response.mimetype or "").startswith(COMPRESSIBLE)
    return kind and size >= WORTH_COMPRESSING and "Content-Encoding" not in response.headers


def problem(status: int, title: str, detail: str) -> Response:
    """What went wrong, for a program, in the form of RFC 9457."""
    response = jsonify(type="about:blank", title=title, status=status, detail=detail)
    response.status_code = status
    response.content_type = "application/problem+json"
    return response


def _answer_http_error(error: HTTPException) -> Response:
    answer = error.get_response()
    status = error.code or 500
    if status == 413:
        _read_on()
    if request.routing_exception and (meant := _path_without_slash()):
        return redirect(meant, 308)
    if status >= 400 and request.path.startswith(PROGRAMS):
        refusal = problem(status, error.name, error.description or "")
        if "Allow" in answer.headers:
            refusal.headers["Allow"] = answer.headers["Allow"]
        return refusal
    # For a host that is not ours no address can be made, so no page either: a bare sentence.
    if isinstance(error, SecurityError):
        home = escape(current_app.config["BASE_URL"])
        answer.set_data(_bare(status, ELSEWHERE.format(f'<a href="{home}">{home}</a>')))
    elif status >= 400:
        template = f"errors/{status}.html" if status in PAGES else "errors/400.html"
        answer.set_data(_page(template, status, error))
        answer.content_type = "text/html; charset=utf-8"
    return answer


def _path_without_slash() -> str | None:
    """The address that was meant by one that ends with a slash too many, if there is one."""
    shorter = request.path.rstrip("/")
    if shorter == request.path or request.method not in SAFE_METHODS:
        return None
    try:
        current_app.create_url_adapter(request).match(shorter, "GET")  # type: ignore[union-attr]
    except HTTPException:
        return None
    return f"{quote(shorter)}?{request.query_string.decode('ascii', 'replace')}".rstrip("?")


def _read_on() -> None:
    """Let the browser finish sending, within bounds: one that is cut off shows no page."""
    left = min(request.content_length or 0, READ_ON)
    while left > 0 and (chunk := request.environ["wsgi.input"].read(min(left, 65536))):
        left -= len(chunk)


def _answer_csrf_error(error: CSRFError) -> tuple[str | dict[str, str], int]:
    if wants_json():
        return {"error": "token"}, 400
    return _page("errors/form-expired.html", 400, error), 400


def _answer_not_found(error: NotFound) -> tuple[str, int]:
    return _page("errors/404.html", 404, error), 404


def _answer_fact(error: Exception) -> tuple[str, int]:
    status, template = next(_facts[kind] for kind in type(error).__mro__ if kind in _facts)
    return _page(template, status, error), status


def _answer_store_failure(error: sqlite3.OperationalError | OSError) -> tuple[str, int]:
    """A disk that is full or a store that cannot be had says so; all else is a fault of ours."""
    log.error("the store failed", exc_info=error)
    if isinstance(error, sqlite3.OperationalError):
        status = STORE_FAILURES.get(error.sqlite_errorcode & 0xFF, 500)
    else:
        status = 507 if error.errno in (errno.ENOSPC, errno.EDQUOT) else 500
    return _page(f"errors/{status}.html", status, error), status


def _page(template: str, status: int, error: Exception) -> str:
    """The error page; a bare sentence where even that cannot be made."""
    try:
        return render_template(template, error=error, status=status)
    except Exception:
        if current_app.testing:
            raise
        log.exception("no error page")
        return _bare(status, LAST_WORDS)


def _bare(status: int, sentence: str) -> str:
    return f"<!doctype html><title>{status}</title><h1>{status}</h1><p>{sentence}"


def init_app(app: Flask) -> None:
    """Protect every form, name every request, dress every answer."""
    app.request_class = Request
    csrf.init_app(app)
    for shown in (is_own_form, posted_fields, posted_files):
        app.add_template_global(shown)
    # First in the line, whatever was registered before: even a refusal has an id.
    app.before_request_funcs.setdefault(None, []).insert(0, _name_request)
    app.before_request(_refuse_cross_site)
    # The functions run in reverse order: this one last, when all else has had its say.
    app.after_request_funcs.setdefault(None, []).insert(0, _finish)
    app.register_error_handler(HTTPException, _answer_http_error)
    app.register_error_handler(CSRFError, _answer_csrf_error)
    app.register_error_handler(NotFound, _answer_not_found)
    for fact in _facts:
        app.register_error_handler(fact, _answer_fact)
    app.register_error_handler(sqlite3.OperationalError, _answer_store_failure)
    app.register_error_handler(OSError, _answer_store_failure)
    if proxies := app.config["PROXIES"]:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies
        )
