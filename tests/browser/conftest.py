"""The application served to a real Chromium; every page is held to its promises as it is left."""

from __future__ import annotations

import logging
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from werkzeug.serving import make_server

from kb import create_app
from kb.db import FILENAME, get_db
from kb.practices import records

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
MISSING = "Chromium is missing; on Debian: apt-get install chromium"
SWITCHES = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--no-first-run"),
]
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
MakeApp = Callable[..., Flask]
DEMO = Path(records.__file__).parent / "demo" / "practices.jsonl"


@pytest.fixture(autouse=True, scope="session")
def chromium_is_there() -> None:
    """Without Chromium the browser tests are skipped; in continuous integration they fail."""
    if not CHROMIUM:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(MISSING)


@dataclass
class Site:
    """The running application."""

    url: str
    app: Flask
    complaints: list[str] = field(default_factory=list)


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


@pytest.fixture
def site(make_app: MakeApp) -> Iterator[Site]:
    """The application with the demo library, on a port of its own, protected as in real use."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    app = make_app(WTF_CSRF_ENABLED=True, TESTING=False)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    server.daemon_threads = True
    app.config["BASE_URL"] = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Site(app.config["BASE_URL"], app)
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests; each person in a test has a context of their own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture
def open_browser(chromium: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """Opens a person's browser: ``open_browser(javascript=False, width=320)``.

    At the end no page may have asked another server for anything, nor met an error.
    """
    contexts: list[BrowserContext] = []

    def open_one(javascript: bool = True, width: int = 1280, **options: Any) -> Page:
        context = chromium.new_context(
            base_url=site.url,
            java_script_enabled=javascript,
            viewport={"width": width, "height": 900},
            **options,
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        _watch(page, site)
        return page

    yield open_one
    for context in contexts:
        context.close()
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


def check_accessibility(page: Page) -> None:
    """Fail with what axe finds against WCAG 2.2 AA on the page as it now is."""
    options = {"runOnly": {"type": "tag", "values": STANDARDS}}
    found = Axe().run(page, options=options).response["violations"]
    report = [f"{each['id']}: {[node['html'] for node in each['nodes'][:3]]}" for each in found]
    assert report == [], page.url
