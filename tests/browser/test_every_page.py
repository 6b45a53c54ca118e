"""Every page in a real browser: nothing that axe finds, nothing cut off, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import check_accessibility, width_of
from tests.browser.site import Site

PAGES = [
    *("", "practices", "practices?q=zzzzqqqq", "areas", "municipalities", "municipalities/athens"),
    *("practices/athens-migrant-integration-centre", "about", "privacy", "accessibility"),
    *("sign-in", "nowhere"),
]


@pytest.mark.parametrize(("language", "width"), [("el", 320), ("en", 1280)])
def test_no_page_has_a_fault_or_is_too_wide(
    open_browser: Callable[..., Page], language: str, width: int
) -> None:
    page = open_browser(width=width)
    for path in PAGES:
        page.goto(f"/{language}/{path}")
        check_accessibility(page)
        assert width_of(page) <= width, path


@pytest.mark.parametrize(("language", "width"), [("el", 768), ("en", 320)])
def test_no_page_is_too_wide_without_javascript(
    open_browser: Callable[..., Page], language: str, width: int
) -> None:
    page = open_browser(width=width, javascript=False)
    for path in PAGES:
        page.goto(f"/{language}/{path}")
        assert width_of(page) <= width, path


@pytest.mark.parametrize("language", ["el", "en"])
def test_first_stop_of_the_keyboard_leads_to_the_content(page: Page, language: str) -> None:
    page.goto(f"/{language}/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_paper_shows_dark_letters_and_no_address_within_the_library(page: Page) -> None:
    page.goto("/el/")
    page.emulate_media(media="print")
    expect(page.locator("h1")).to_have_css("color", "rgb(0, 0, 0)")
    after = "getComputedStyle(document.querySelector('.kb-areas a'), '::after').content"
    assert page.evaluate(after) == "none"


def test_first_visit_weighs_less_than_a_hundred_kilobytes(
    open_browser: Callable[..., Page], site: Site
) -> None:
    page = open_browser(shared=False)
    sizes: list[float] = []
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(f"{site.url}/el/", wait_until="networkidle")
    assert 0 < sum(sizes) < 100_000
