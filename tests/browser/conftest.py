"""The application served to a real Chromium; every page is held to its promises as it is left."""

from __future__ import annotations

import logging
import os
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import ConsoleMessage, Page, expect, sync_playwright
from werkzeug.serving import make_server

from kb import create_app
from kb.db import FILENAME, get_db
from kb.practices import actions, records
from kb.practices.model import Practice
from tests.browser.contexts import TIMEOUT, Contexts
from tests.browser.members import person
from tests.browser.site import Handler, Site, known
from tests.kb.practices.cases import CARD, written_with
from tests.people import CHEAP

expect.set_options(timeout=TIMEOUT)

# The shell draws no window and takes a third less of the processor for the same pages.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
MISSING = "Chromium is missing; on Debian: apt-get install chromium-headless-shell"
SWITCHES = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--no-first-run"),
]
MakeApp = Callable[..., Flask]
DEMO = Path(records.__file__).parent / "demo" / "practices.jsonl"


@pytest.fixture(autouse=True, scope="session")
def chromium_is_there() -> None:
    """Without Chromium the browser tests are skipped; in continuous integration they fail."""
    if not CHROMIUM:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(MISSING)


@pytest.fixture(scope="session")
def library(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of the other tests with the demo library in it, and its index."""
    folder = tmp_path_factory.mktemp("library")
    shutil.copy(template, folder / FILENAME)
    app = create_app({"INSTANCE": folder, "TESTING": True, "LOG_LEVEL": "WARNING"})
    with app.app_context(), DEMO.open("rb") as lines:
        report = records.import_lines(get_db(), lines, publish=True, all_or_nothing=True)
    assert not report.bad
    app.extensions["search"].sync()
    return folder


@pytest.fixture
def instance(library: Path, tmp_path: Path) -> Path:
    """One installation's folder, with the demo library."""
    return Path(shutil.copytree(library, tmp_path / "instance"))


@pytest.fixture(scope="session")
def listening() -> Iterator[socket.socket]:
    """Where each test's application is served: one address for all."""
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listening:
        yield listening


@pytest.fixture
def site(make_app: MakeApp, listening: socket.socket) -> Iterator[Site]:
    """The application with the demo library, served, protected as in real use (by cheap hashes)."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    host, port = listening.getsockname()
    url = f"http://{host}:{port}"
    app = make_app(WTF_CSRF_ENABLED=True, TESTING=False, BASE_URL=url, ARGON2=CHEAP)
    server = make_server(
        host, port, known(app), threaded=True, request_handler=Handler, fd=listening.fileno()
    )
    server.daemon_threads = True
    # How often it looks whether it shall end.
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield Site(url, app)
    server.shutdown()
    thread.join()
    for connection in list(Handler.connections):
        with suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
    server.server_close()


@pytest.fixture(scope="session")
def contexts(listening: socket.socket) -> Iterator[Contexts]:
    """One browser for all tests, and its contexts."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        host, port = listening.getsockname()
        yield Contexts(browser, f"http://{host}:{port}")
        browser.close()


@pytest.fixture
def open_browser(contexts: Contexts, site: Site) -> Iterator[Callable[..., Page]]:
    """Opens a person's browser: ``open_browser(javascript=False, width=320)``.

    With ``shared=False`` or other options it is started for this test. At the end no page may have
    asked another server for anything, nor met an error.
    """
    with ExitStack() as closing:

        def open_one(
            javascript: bool = True, width: int = 1280, shared: bool = True, **options: Any
        ) -> Page:
            start = contexts.lend if shared and not options else contexts.make
            page = closing.enter_context(start(javascript, **options)).new_page()
            page.set_viewport_size({"width": width, "height": 900})
            _watch(page, site)
            return page

        yield open_one
    assert site.complaints == []


def _watch(page: Page, site: Site) -> None:
    def on_console(message: ConsoleMessage) -> None:
        # That a page was refused on purpose (404, 400) is told on the console, too.
        if message.type == "error" and "Failed to load resource" not in message.text:
            site.complaints.append(f"{page.url}: {message.text}")

    def on_request(address: str) -> None:
        if not address.startswith((site.url + "/", "data:", "blob:")):
            site.complaints.append(f"{page.url} asks {address}")

    page.on("console", on_console)
    page.on("pageerror", lambda error: site.complaints.append(f"{page.url}: {error}"))
    page.on("request", lambda request: on_request(request.url))
    page.on("response", lambda answer: _expect_no_fault(answer.url, answer.status, site))


def _expect_no_fault(address: str, status: int, site: Site) -> None:
    if status >= 500:
        site.complaints.append(f"{address} answered {status}")


@pytest.fixture
def page(open_browser: Callable[..., Page]) -> Page:
    """A visitor's browser with JavaScript."""
    return open_browser()


@pytest.fixture
def practice(site: Site) -> Practice:
    """A draft of Anna's; Bruno writes along."""
    with site.app.app_context():
        practice = actions.create(get_db(), person(site, "Anna"), "key", CARD)
        return written_with(get_db(), practice, person(site, "Bruno"))
