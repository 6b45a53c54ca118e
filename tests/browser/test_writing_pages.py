"""Every page of writing is accessible and fits a telephone, also those that trouble leads to."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from kb.db import get_db
from kb.practices import actions
from kb.practices.model import Practice
from tests.browser.accessibility import check_accessibility, width_of
from tests.browser.hands import follow
from tests.browser.members import end_sessions, enter, person
from tests.browser.site import Site
from tests.browser.writing import address, void_token
from tests.kb.practices.cases import write_all
from tests.people import PASSWORD, address_of, give_password


def walk(practice: Practice, language: str) -> list[str]:
    """Every page of writing, in one language."""
    root = f"/{language}/my-practices"
    sections = ("card", "what", "results", "people", "means", "contact", "sources")
    return [
        f"{root}/new",
        *(f"{root}/{practice.id}{page}" for page in ("/edit", "/write", "/history", "/submit")),
        *(f"{root}/{practice.id}/write/{section}" for section in sections),
    ]


@pytest.mark.parametrize(("language", "width"), [("el", 320), ("en", 1280)])
def test_no_page_of_writing_has_a_fault_or_is_too_wide(
    open_browser: Callable[..., Page], site: Site, practice: Practice, language: str, width: int
) -> None:
    page = enter(open_browser(width=width), site, "Anna")
    for path in walk(practice, language):
        page.goto(path)
        check_accessibility(page)
        assert width_of(page) <= width, path


def test_no_page_of_writing_is_too_wide_without_javascript(
    open_browser: Callable[..., Page], site: Site, practice: Practice
) -> None:
    page = enter(open_browser(width=320, javascript=False), site, "Anna")
    for path in walk(practice, "el"):
        page.goto(path)
        assert width_of(page) <= 320, path


@pytest.mark.parametrize("language", ["el", "en"])
def test_pages_in_between_have_no_fault_that_axe_finds(
    page: Page, site: Site, practice: Practice, language: str
) -> None:
    """What one sees without our modules: signed out, signed in again, token void, in conflict."""
    with site.app.app_context():
        give_password(get_db(), "Anna")
    page.route("**/js/**", lambda route: route.abort())
    enter(page, site, "Anna").goto(address(practice, "what", language))
    end_sessions(site)
    page.fill("#goals_el", "Χωρίς σύνδεση")
    follow(page, "button[value=next]")
    expect(page.locator("#password")).to_be_visible()
    check_accessibility(page)
    page.fill("#email", address_of("Anna"))
    page.fill("#password", PASSWORD)
    follow(page, "main form button >> nth=0")
    expect(page.locator("#password")).to_have_count(0)
    check_accessibility(page)
    follow(page, "main form button")
    void_token(page)
    page.fill("#results_el", "Με άκυρο διακριτικό")
    follow(page, "button[value=next]")
    expect(page.locator("#results_el")).to_have_count(0)
    check_accessibility(page)
    follow(page, "main form button")
    expect(page.locator("#lessons_el")).to_be_visible()
    page.goto(address(practice, "what", language))
    with site.app.app_context():
        now = actions.working_copy(get_db(), practice)
        theirs = {**now.content, "goals": {"el": "Του Μπρούνο"}}
        write_all(get_db(), practice, person(site, "Bruno"), theirs, now.version)
    page.fill("#goals_el", "Της Άννας")
    follow(page, "button[value=next]")
    expect(page.locator(".kb-versions")).to_contain_text("Του Μπρούνο")
    check_accessibility(page)
