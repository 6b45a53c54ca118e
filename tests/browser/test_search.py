"""Searching and browsing as a visitor does."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import check_accessibility

STATES = [
    "",
    "?q=ΣΤΕΓΑΣΗ",
    "?q=zzzyx&area=housing",
    "?area=nope&sort=nope&q=***",
    "?area=housing&area=health&municipality=athens&year=2019&funding=un&sort=title",
    "?page=2",
]


@pytest.mark.parametrize("javascript", [True, False])
def test_a_visitor_finds_by_capitals_without_accents_and_narrows(
    open_browser: Callable[..., Page], javascript: bool
) -> None:
    page = open_browser(javascript=javascript)
    page.goto("/el/practices")
    page.locator("#q").fill("ΣΤΕΓΑΣΗ ΠΡΟΣΦΥΓΩΝ")
    page.locator("#q").press("Enter")
    expect(page.locator(".kb-card mark").first).to_be_visible()
    before = page.locator(".kb-results__count").inner_text()
    page.locator("input[name=area][value=housing]").check()
    if not javascript:
        page.locator(".kb-browse__filters button[type=submit]").click()
    expect(page.locator(".kb-chip")).to_have_count(1)
    assert "area=housing" in page.url
    assert page.locator(".kb-results__count").inner_text() != before
    page.locator(".kb-chip").click()
    expect(page.locator(".kb-results__count")).to_have_text(before)
    expect(page.locator("#q")).to_have_value("ΣΤΕΓΑΣΗ ΠΡΟΣΦΥΓΩΝ")


def test_a_search_can_be_shared_and_gone_back_to(page: Page) -> None:
    page.goto("/en/practices?q=housing&sort=title")
    first = page.locator(".kb-card__link").first.inner_text()
    page.locator(".kb-card__link").first.click()
    expect(page.locator("h1")).to_have_text(first)
    page.go_back()
    expect(page.locator(".kb-card__link").first).to_have_text(first)


def test_another_order_is_taken_at_once(page: Page) -> None:
    page.goto("/en/practices?q=housing")
    page.locator("#sort").select_option("title")
    page.wait_for_url("**sort=title**")
    titles = page.locator(".kb-card__link").all_inner_texts()
    letters = [title for title in titles if re.match("[A-Za-z]", title)]
    assert letters == sorted(letters, key=str.casefold)


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("lang", ["el", "en"])
def test_the_page_is_accessible_in_each_state(
    open_browser: Callable[..., Page], lang: str, width: int
) -> None:
    page = open_browser(width=width)
    for state in STATES:
        page.goto(f"/{lang}/practices{state}")
        page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")
        check_accessibility(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), state
