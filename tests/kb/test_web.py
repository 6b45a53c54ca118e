"""What every answer has in common: headers, caching, refusals and error pages."""

import errno
import gzip
import re
import sqlite3

import pytest
from flask import Flask, request

from kb import web
from kb.access import allow
from kb.db import NotFound
from kb.web import local_path

EXACT = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def add(app: Flask, path: str, view, methods=("GET",)) -> None:
    app.add_url_rule(path, path, allow("public")(view), methods=methods)


def failing(error: Exception):
    def view():
        raise error

    return view


@pytest.mark.parametrize("path", ["/", "/healthz", "/el/nowhere", "/robots.txt"])
def test_every_answer_has_exactly_these_headers(client, path):
    headers = client.get(path).headers
    assert {name: headers[name] for name in EXACT} == EXACT
    assert re.fullmatch("[0-9a-f]{16}", headers["X-Request-Id"])


def test_site_with_https_asks_browsers_to_stay_with_it(make_app):
    https = make_app(BASE_URL="https://library.example.gr").test_client()
    answer = https.get("/healthz", base_url="https://library.example.gr")
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_forged_host_is_refused_and_told_where_the_library_is(client):
    answer = client.get("/", base_url="http://evil.example")
    assert answer.status_code == 400
    assert '<a href="http://127.0.0.1:8000">' in answer.text
    assert "evil" not in answer.text


def test_watcher_on_this_machine_is_answered(make_app):
    client = make_app(BASE_URL="https://library.example.gr").test_client()
    assert client.get("/healthz", base_url="http://127.0.0.1:8000").status_code == 200


def test_post_from_another_site_is_refused(app: Flask):
    add(app, "/form", lambda: "done", methods=["POST"])
    client = app.test_client()
    assert client.post("/form", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.post("/form", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 200


def test_form_without_its_token_is_refused_with_a_page(make_app):
    app = make_app(WTF_CSRF_ENABLED=True)
    add(app, "/form", lambda: "done", methods=["POST"])
    answer = app.test_client().post("/form")
    assert answer.status_code == 400
    assert "<h1" in answer.text


def test_body_over_the_limit_gets_a_page(make_app):
    app = make_app(MAX_CONTENT_LENGTH=1000)
    add(app, "/form", lambda: request.form["text"], methods=["POST"])
    answer = app.test_client().post("/form", data={"text": "α" * 1000})
    assert answer.status_code == 413
    assert "<h1" in answer.text


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_form_of_endless_fields_is_refused(app: Flask, kind: str):
    add(app, "/form", lambda: str(len(request.form)), methods=["POST"])
    client = app.test_client()

    def post(fields: int):
        data = {f"field{number}": "x" for number in range(fields)}
        return client.post("/form", data=data, content_type=kind)

    assert post(2000).text == "2000"
    assert post(2001).status_code == 413


def test_public_page_may_be_kept_and_sets_no_cookie(app: Flask):
    add(app, "/page", lambda: "words " * 1000)
    answer = app.test_client().get("/page", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "Set-Cookie" not in answer.headers
    assert gzip.decompress(answer.data) == b"words " * 1000
    again = app.test_client().get("/page", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert {"Accept-Encoding", "Cookie"} <= set(again.vary)


def test_page_with_a_cookie_is_kept_by_nobody_and_not_compressed(app: Flask):
    def view():
        from flask import session

        session["form"] = "open"
        return "words " * 1000

    add(app, "/form", view)
    answer = app.test_client().get("/form", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotFound(), 404),
        (OSError(errno.ENOSPC, "No space left on device"), 507),
    ],
)
def test_known_failure_has_its_status_and_page(app: Flask, error, status):
    add(app, "/fails", failing(error))
    answer = app.test_client().get("/fails", headers={"Accept-Language": "el"})
    assert answer.status_code == status
    assert '<html lang="el"' in answer.text


@pytest.mark.parametrize(
    ("code", "status"),
    [(sqlite3.SQLITE_BUSY, 503), (sqlite3.SQLITE_FULL, 507), (sqlite3.SQLITE_IOERR_WRITE, 503)],
)
def test_store_that_cannot_be_had_says_so(app: Flask, code, status):
    error = sqlite3.OperationalError("not now")
    error.sqlite_errorcode = code
    add(app, "/fails", failing(error))
    assert app.test_client().get("/fails").status_code == status


def test_unexpected_error_gets_a_page_without_its_message(make_app):
    app = make_app(TESTING=False, LOG_LEVEL="ERROR", LOG_FILE="/dev/null")
    add(app, "/fails", failing(ValueError("a private word")))
    answer = app.test_client().get("/fails")
    assert answer.status_code == 500
    assert "<h1" in answer.text
    assert "private" not in answer.text


def test_error_page_is_in_the_language_of_the_address(client):
    assert '<html lang="en"' in client.get("/en/nowhere").text
    assert '<html lang="el"' in client.get("/el/nowhere").text


@pytest.mark.parametrize(
    ("path", "leads_to"),
    [
        ("/el/areas/", "/el/areas"),
        ("/en/practices/?q=rent%20now", "/en/practices?q=rent%20now"),
        ("/en/municipalities/athens//", "/en/municipalities/athens"),
        ("/en/municipalities/a\r\nX: y/", "/en/municipalities/a%0D%0AX%3A%20y"),
        ("/el/nowhere/", None),
        ("//evil.example/", None),
        ("//el/areas/", "/el/areas"),
        ("/en/municipalities/atlantis", None),
    ],
)
def test_slash_too_many_is_forgiven(client, path, leads_to):
    asked, _mark, query = path.partition("?")
    answer = client.get("/", environ_overrides={"PATH_INFO": asked, "QUERY_STRING": query})
    assert answer.headers.get("Location") == leads_to
    assert answer.status_code == (308 if leads_to else 404)


def test_feature_names_the_page_of_its_own_fact(make_app, monkeypatch):
    class Withered(Exception):
        pass

    monkeypatch.setattr(web, "_facts", {})
    web.error_page(Withered, 410, "errors/404.html")
    app = make_app()
    add(app, "/fails", failing(Withered()))
    assert app.test_client().get("/fails").status_code == 410


@pytest.mark.parametrize("target", ["/el/", "/el/practices?page=2", "/en/a%20b#c"])
def test_path_on_this_site_may_be_returned_to(target):
    assert local_path(target) == target


@pytest.mark.parametrize(
    "target",
    [
        *(None, "", "el/", "//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil"),
        *("javascript:alert(1)", "/a\r\nSet-Cookie: x=y", "\\\\evil.example", "/ /evil", "/a\\b"),
        *("///evil.example", "http:evil.example", "/\x00"),
    ],
)
def test_any_other_target_is_not_followed(target):
    assert local_path(target) is None
