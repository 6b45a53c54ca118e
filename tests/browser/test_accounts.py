"""Coming in, inviting others and looking after one's account, in a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page

from kb.accounts import membership, store
from kb.db import get_db
from tests.browser.conftest import Site, check_accessibility, width_of
from tests.people import address_of, link_to

PASSWORD = "τρία λόγια χωρίς ειρμό"
SEND = "main form button[type=submit]"


def link_for(site: Site, name: str) -> str:
    """The path of a link that signs the person in."""
    with site.app.app_context():
        account = store.find_account(get_db(), address_of(name))
        assert account
        url = membership.sign_in_link(get_db(), account.member, timedelta(hours=1))
    return url.removeprefix(site.url)


def walk(page: Page, site: Site, language: str) -> Iterator[str]:
    """Every page of accounts, and each form as it comes back with errors."""
    for path in ("sign-in", "sign-in/link", "password/reset"):
        page.goto(f"/{language}/{path}")
        yield path
        page.click(SEND)
        yield f"{path} with errors"
    for path in ("sign-in/mail-sent", "links/unknown"):
        page.goto(f"/{language}/{path}")
        yield path
    page.goto(link_for(site, "Ada").replace("/en/", f"/{language}/"))
    yield "link"
    page.click(SEND)
    yield "members, after signing in"
    for path in ("members/invite", "members/1", "account/password"):
        page.goto(f"/{language}/{path}")
        yield path
    page.click(SEND)
    yield "account/password with errors"
    page.goto(f"/{language}/members/invite")
    page.click(SEND)
    yield "members/invite with errors"
    page.goto(f"/{language}/account")
    page.fill("#name", "")
    page.locator("main form button[type=submit]").first.click()
    yield "account with errors"


@pytest.mark.parametrize("language", ["el", "en"])
def test_no_page_of_accounts_has_a_fault_that_axe_finds(
    page: Page, site: Site, language: str
) -> None:
    for _step in walk(page, site, language):
        check_accessibility(page)


def test_no_page_of_accounts_is_wider_than_a_telephone(
    open_browser: Callable[..., Page], site: Site
) -> None:
    page = open_browser(width=320, javascript=False)
    assert [step for step in walk(page, site, "el") if width_of(page) > 320] == []


@pytest.mark.parametrize("javascript", [True, False])
def test_invited_person_comes_in_and_out_again(
    open_browser: Callable[..., Page], site: Site, javascript: bool
) -> None:
    ada, zoe = open_browser(javascript=javascript), open_browser(javascript=javascript)
    ada.goto(link_for(site, "Ada"))
    ada.click(SEND)
    ada.goto("/en/members/invite")
    ada.fill("#email", "zoe@example.gr")
    ada.fill("#name", "Ζωή Νέα")
    ada.check("input[name=role][value=contributor]")
    ada.select_option("#municipality", "larissa")
    ada.click(SEND)
    assert "zoe@example.gr" in ada.inner_text(".kb-notice")
    with site.app.app_context():
        path = link_to(get_db(), "zoe@example.gr")
    zoe.goto(path)
    zoe.fill("#password", PASSWORD)
    zoe.click(SEND)
    zoe.goto("/en/account")
    assert "Municipality of Larissa" in zoe.inner_text("main")
    zoe.click("header form button")
    zoe.goto("/en/account")
    assert "/en/sign-in?next=" in zoe.url
    zoe.fill("#email", "zoe@example.gr")
    zoe.fill("#password", PASSWORD)
    zoe.click(SEND)
    assert zoe.url == f"{site.url}/en/account"


def test_page_with_errors_takes_the_focus_to_their_summary(page: Page) -> None:
    page.goto("/en/sign-in")
    page.click(SEND)
    assert page.title().startswith("Error: ")
    assert page.evaluate("document.activeElement.className") == "govuk-error-summary"
    page.click(".govuk-error-summary a >> nth=0")
    assert page.evaluate("document.activeElement.id") == "email"
