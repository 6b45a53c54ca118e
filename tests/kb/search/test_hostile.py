"""Search as somebody asks it who means no good, or whose program is wrong."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kb.search.facets import FILTERS
from kb.search.syncing import Indexes
from tests.hostile_strings import naughty

ADDRESSES = [
    "/el/practices",
    "/en/practices.csv",
    "/en/practices.atom",
    "/api/v1/search",
    "/api/v1/suggest",
]
ATOM = "{http://www.w3.org/2005/Atom}"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
PARAMETERS = ["q", "sort", "page", "per_page", "lang", *FILTERS]
VALUES = ["", "x" * 3000, "-1", "1e9", "9" * 30, "٢", "\x00", "ATHENS", "[]", "' OR 1=1 --"]
# As a program may send them that does not know how addresses are written.
MALFORMED = [
    *("q", "&&==&=", "?q=x", "q=a;b=c", "q=%", "q=%ff%fe", "q=%ED%A0%80", "%00=%00", "q=%u0041"),
    *("area[]=housing", "area[x][y]=housing", "AREA=housing", "page=1&page=x", "area=housing%00"),
    *("lang=en&lang=el", "lang=", "lang=EN", "q=" + "%CE%B1" * 1200),
]


def ask(client: FlaskClient, address: str, query: Any) -> TestResponse:
    """Ask, and read the answer as whoever asked would."""
    answer = client.get(address, query_string=query)
    assert answer.status_code == 200 or (address.startswith("/api/") and answer.status_code == 400)
    if answer.status_code == 400:
        assert answer.content_type == "application/problem+json"
    elif address.endswith(".csv"):
        rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
        assert len({len(row) for row in rows}) == 1
    elif address.endswith(".atom"):
        assert list(faults(ElementTree.fromstring(answer.data))) == []
    return answer


def faults(feed: ElementTree.Element) -> Iterator[str]:
    """What RFC 4287 does not allow in a feed."""
    parts = [feed, *feed.iter(f"{ATOM}entry")]
    for part in parts:
        for name in ("id", "title", "updated", "author"):
            if len(part.findall(f"{ATOM}{name}")) != 1:
                yield f"not one {name}"
        if not MOMENT.fullmatch(part.findtext(f"{ATOM}updated", "")):
            yield "no moment"
        if not part.findtext(f"{ATOM}author/{ATOM}name"):
            yield "no name"
        if not all(link.get("href", "").isascii() for link in part.findall(f"{ATOM}link")):
            yield "no address"
    if len({part.findtext(f"{ATOM}id") for part in parts}) != len(parts):
        yield "an id stands twice"


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_parameter_is_an_error(client: FlaskClient, library: Indexes, address: str) -> None:
    for name in PARAMETERS:
        for value in VALUES:
            ask(client, address, {name: value})
        ask(client, address, [(name, str(number)) for number in range(1000)])


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_address_is_an_error(client: FlaskClient, library: Indexes, address: str) -> None:
    for query in MALFORMED:
        ask(client, address, query)


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_text_is_an_error(client: FlaskClient, library: Indexes, address: str) -> None:
    for typed in naughty()[::4]:
        ask(client, address, {"q": typed, "area": typed, "sort": typed})


@pytest.mark.parametrize("address", ADDRESSES)
def test_head_tells_what_get_would_and_what_is_unchanged_is_not_sent_again(
    client: FlaskClient, library: Indexes, address: str
) -> None:
    whole = ask(client, address, {"q": "στέγαση"})
    head = client.head(address, query_string={"q": "στέγαση"})
    assert head.data == b""
    for name in ("ETag", "Content-Length", "Content-Type", "Cache-Control", "Vary"):
        assert head.headers.get(name) == whole.headers.get(name)
    again = client.get(
        address, query_string={"q": "στέγαση"}, headers={"If-None-Match": whole.headers["ETag"]}
    )
    assert (again.status_code, again.data) == (304, b"")
