"""Rules that every page keeps, found by following every link as each kind of person."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlite_utils import Database

from kb.access import POLICY
from kb.practices import records
from kb.web import HEADERS

KB = Path(__file__).parent.parent / "kb"
DEMO = KB / "practices" / "demo" / "practices.jsonl"
SITE_NAMES = ("Good-practice library, CNI", "Βιβλιοθήκη καλών πρακτικών, ΔΠΕ")
MOST_PAGES = 400
REFERENCES = {"for", "aria-describedby", "aria-labelledby", "aria-controls", "aria-owns"}
VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


class PageReader(HTMLParser):
    """What the rules ask of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.named: set[str] = set()
        self.inline: list[str] = []
        self.headings: list[str] = []
        self.language = self.title = ""
        self.open: list[str] = []
        self.crossed: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attributes}
        if tag not in VOID:
            self.open.append(tag)
        if tag == "html":
            self.language = values.get("lang", "")
        if tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            self.headings.append(tag)
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        if "id" in values:
            self.ids.append(values["id"])
        for name in REFERENCES & set(values):
            self.named |= set(values[name].split())
        if "style" in values or any(name.startswith("on") for name in values):
            self.inline.append(f"<{tag} {values}>")
        if tag in ("script", "style") and "src" not in values:
            self.inline.append(f"<{tag}>")

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.crossed.append(f"</{tag}> at {self.getpos()}")

    def handle_data(self, data: str) -> None:
        if self.open[-1:] == ["title"] and "svg" not in self.open:
            self.title += data


def faults(path: str, html: str) -> Iterator[str]:
    """What is wrong with a page, in words."""
    return problems(path, PageReader(html))


def problems(path: str, page: PageReader) -> Iterator[str]:
    """What is wrong with a page that has been read."""
    if page.language != path.split("/")[1]:
        yield f"its language is {page.language!r}"
    if page.headings.count("h1") != 1:
        yield f"it has {page.headings.count('h1')} headings of the first level"
    levels = [int(heading[1]) for heading in page.headings]
    if any(after > before + 1 for before, after in pairwise(levels)):
        yield f"its headings skip a level: {page.headings}"
    if repeated := [name for name, count in Counter(page.ids).items() if count > 1]:
        yield f"ids stand twice: {repeated}"
    if unknown := page.named - set(page.ids):
        yield f"it refers to ids that are not there: {sorted(unknown)}"
    if not re.fullmatch(rf"\S.* – ({'|'.join(SITE_NAMES)})", page.title):
        yield f"its title is {page.title!r}"
    if page.inline:
        yield f"it has inline code: {page.inline}"
    if page.crossed or page.open:
        yield f"its tags are not closed in order: {page.crossed or page.open}"


def crawl(client: FlaskClient, language: str) -> Iterator[tuple[str, PageReader]]:
    """Every page that links lead to from the home page, in one language."""
    seen = {f"/{language}/"}
    waiting = list(seen)
    kinds: Counter[str] = Counter()
    while waiting:
        path = waiting.pop(0)
        answer = client.get(path)
        assert answer.status_code < 400, f"{path} answered {answer.status_code}"
        if answer.status_code >= 300 or answer.mimetype != "text/html":
            continue
        page = PageReader(answer.text)
        yield path, page
        for link in page.links:
            target = link.partition("#")[0]
            # A few of each kind are enough: filters alone make addresses without number.
            kind = re.sub(r"[^/]+$", "", target.partition("?")[0]) + ("?" if "?" in target else "")
            if target.startswith(f"/{language}/") and target not in seen and kinds[kind] < 12:
                seen.add(target)
                kinds[kind] += 1
                waiting.append(target)
    assert len(seen) < MOST_PAGES


@pytest.fixture
def library(db: Database) -> None:
    """A few practices that everyone may read."""
    lines = DEMO.read_bytes().split(b"\n")[:6]
    assert records.import_lines(db, lines, publish=True).added == 6


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("language", ["el", "en"])
@pytest.mark.parametrize("name", [None, "Anna", "Mona", "Ada"])
def test_every_page_is_well_made(
    sign_in: Callable[[str | None], FlaskClient], name: str | None, language: str
) -> None:
    found = {
        path: told
        for path, page in crawl(sign_in(name), language)
        if (told := list(problems(path, page)))
    }
    assert found == {}


def test_every_route_has_exactly_one_access_rule(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        assert getattr(view, "access", None) in POLICY, rule.endpoint
        assert not hasattr(view.__wrapped__, "access"), rule.endpoint  # type: ignore[attr-defined]


def test_getting_and_posting_are_two_functions() -> None:
    for file in KB.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            assert not (isinstance(node, ast.keyword) and node.arg == "methods"), file


def test_every_page_has_exactly_the_headers(app: Flask, client: FlaskClient) -> None:
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.arguments <= {"lang"}:
            answer = client.get(rule.rule.replace("<any(el, en):lang>", "en"))
            assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS, rule.rule
            assert (
                "Set-Cookie" not in answer.headers or answer.headers["Cache-Control"] == "no-store"
            )


def test_no_form_is_taken_without_its_token(make_app: Callable[..., Flask]) -> None:
    app = make_app(WTF_CSRF_ENABLED=True)
    client = app.test_client()
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or ()):
            values = {"lang": "en"} | {name: 1 for name in rule.arguments if name != "lang"}
            with app.test_request_context():
                path = app.url_map.bind("localhost").build(rule.endpoint, values, method="POST")
            assert client.post(path).status_code == 400, rule.rule
