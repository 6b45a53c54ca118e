"""What the page's own modules add to pages that work without them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.hands import follow, next_page

PRACTICE = "/en/practices/athens-migrant-integration-centre"


def test_an_error_summary_takes_the_focus_and_leads_to_the_field(page: Page) -> None:
    page.goto("/en/accessibility")
    follow(page, page.get_by_role("button", name="Send feedback"))
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    assert page.title().startswith("Error:")
    page.get_by_role("link", name="Describe the problem.").click()
    expect(page.get_by_label("What is the problem?")).to_be_focused()


def test_a_text_area_counts_what_is_left_as_greek_readers_count(page: Page) -> None:
    page.goto("/en/accessibility")
    page.get_by_label("What is the problem?").fill("Άνθρωποι 👩🏽")
    expect(page.locator("#message-info")).to_have_text("Characters left: 3,989")
    page.get_by_label("What is the problem?").fill("α" * 4002)
    expect(page.locator("#message-info")).to_have_text("Characters too many: 2")


def test_a_ticked_filter_submits_itself_and_keeps_the_focus(page: Page) -> None:
    page.goto("/en/practices")
    box = page.get_by_role("checkbox", name="Thessaloniki")
    with next_page(page):
        box.click()
    assert "municipality=thessaloniki" in page.url
    expect(page.get_by_role("checkbox", name="Thessaloniki")).to_be_checked()
    expect(page.get_by_role("checkbox", name="Thessaloniki")).to_be_focused()
    follow(page, page.get_by_role("link", name="Remove filter: Thessaloniki"))
    expect(page.get_by_role("checkbox", name="Thessaloniki")).not_to_be_checked()


def test_filters_are_folded_on_a_narrow_screen(open_browser: Callable[..., Page]) -> None:
    page = open_browser(width=320)
    page.goto("/en/practices")
    expect(page.get_by_role("button", name="Apply filters")).to_be_hidden()
    page.get_by_text("Filters", exact=True).click()
    expect(page.get_by_role("button", name="Apply filters")).to_be_visible()


def test_without_script_filters_are_open_and_submitted_by_their_button(
    open_browser: Callable[..., Page],
) -> None:
    page = open_browser(javascript=False, width=320)
    page.goto("/en/practices")
    page.get_by_label("Thessaloniki").check()
    follow(page, page.get_by_role("button", name="Apply filters"))
    assert "municipality=thessaloniki" in page.url


@pytest.mark.parametrize("javascript", [True, False])
def test_the_tools_of_a_practice_show_where_they_work(
    open_browser: Callable[..., Page], javascript: bool
) -> None:
    page = open_browser(javascript=javascript, permissions=["clipboard-write", "clipboard-read"])
    page.goto(PRACTICE)
    print_button = page.get_by_role("button", name="Print")
    expect(print_button).to_be_visible(visible=javascript)
    if javascript:
        page.get_by_role("button", name="Copy link").click()
        expect(page.get_by_role("status")).to_have_text("The address is copied.")
        assert page.evaluate("navigator.clipboard.readText()").endswith(PRACTICE)
