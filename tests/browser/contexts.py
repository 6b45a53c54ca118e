"""Browser contexts that go from test to test, each time as good as new."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext

# Milliseconds for each thing that is waited for: enough for machines that are slow at times.
TIMEOUT = 30_000


class Shared:
    """A context with its processes, which cost more to start than a page costs to show."""

    def __init__(self, browser: Browser, url: str, javascript: bool) -> None:
        self.origin = url
        self.context = browser.new_context(base_url=url, java_script_enabled=javascript)
        self.context.set_default_timeout(TIMEOUT)
        # As long as a page of the site is open, the next one is shown by the same process.
        self.keeper = self.context.new_page()
        self.keeper.goto("/robots.txt")
        self.wire = self.context.new_cdp_session(self.keeper)

    def forget(self) -> None:
        """Close all pages; keep nothing of what they stored, were sent or were told."""
        for page in self.context.pages:
            if page != self.keeper:
                page.close()
        self.context.unroute_all()
        self.context.set_offline(False)
        self.context.clear_cookies()
        self.wire.send("Network.clearBrowserCache")
        self.wire.send("Storage.clearDataForOrigin", {"origin": self.origin, "storageTypes": "all"})


class Contexts:
    """The contexts of one browser; all are of the application at one address."""

    def __init__(self, browser: Browser, url: str) -> None:
        self.browser = browser
        self.url = url
        self.idle: list[tuple[bool, Shared]] = []

    @contextmanager
    def lend(self, javascript: bool) -> Iterator[BrowserContext]:
        """A context that remembers nothing, for the time of one test."""
        shared = self._idle(javascript) or Shared(self.browser, self.url, javascript)
        yield shared.context
        shared.forget()
        self.idle.append((javascript, shared))

    def _idle(self, javascript: bool) -> Shared | None:
        for found in self.idle:
            if found[0] == javascript:
                self.idle.remove(found)
                return found[1]
        return None

    @contextmanager
    def make(self, javascript: bool, **options: Any) -> Iterator[BrowserContext]:
        """A context of its own, for what cannot be taken back."""
        context = self.browser.new_context(
            base_url=self.url, java_script_enabled=javascript, **options
        )
        context.set_default_timeout(TIMEOUT)
        yield context
        context.close()
