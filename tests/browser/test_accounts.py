"""Coming in, inviting others and looking after one's account, in a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from kb.accounts import membership, store
from kb.db import get_db
from tests.browser.accessibility import check_accessibility, width_of
from tests.browser.hands import follow
from tests.browser.site import Site
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
        follow(page, SEND)
        yield f"{path} with errors"
    for path in ("sign-in/mail-sent", "links/unknown"):
        page.goto(f"/{language}/{path}")
        yield path
    page.goto(link_for(site, "Ada").replace("/en/", f"/{language}/"))
    yield "link"
    follow(page, SEND)
    yield "members, after signing in"
    for path in ("members/invite", "members/1", "account/password"):
        page.goto(f"/{language}/{path}")
        yield path
    follow(page, SEND)
    yield "account/password with errors"
    page.goto(f"/{language}/members/invite")
    follow(page, SEND)
    yield "members/invite with errors"
    page.goto(f"/{language}/account")
    page.fill("#name", "")
    follow(page, SEND)
    yield "account with errors"


@pytest.mark.parametrize(("language", "width"), [("el", 320), ("en", 1280)])
def test_no_page_of_accounts_has_a_fault_or_is_too_wide(
    open_browser: Callable[..., Page], site: Site, language: str, width: int
) -> None:
    page = open_browser(width=width)
    for step in walk(page, site, language):
        check_accessibility(page)
        assert width_of(page) <= width, step


@pytest.mark.parametrize("javascript", [True, False])
def test_invited_person_comes_in_and_out_again(
    open_browser: Callable[..., Page], site: Site, javascript: bool
) -> None:
    ada, zoe = open_browser(javascript=javascript), open_browser(javascript=javascript)
    ada.goto(link_for(site, "Ada"))
    follow(ada, SEND)
    ada.goto("/en/members/invite")
    ada.fill("#email", "zoe@example.gr")
    ada.fill("#name", "Ζωή Νέα")
    ada.check("input[name=role][value=contributor]")
    ada.select_option("#municipality", "larissa")
    follow(ada, SEND)
    expect(ada.locator(".kb-notice")).to_contain_text("zoe@example.gr")
    with site.app.app_context():
        path = link_to(get_db(), "zoe@example.gr")
    zoe.goto(path)
    zoe.fill("#password", PASSWORD)
    follow(zoe, SEND)
    zoe.goto("/en/account")
    expect(zoe.locator("main")).to_contain_text("Municipality of Larissa")
    follow(zoe, "header form button")
    zoe.goto("/en/account")
    assert "/en/sign-in?next=" in zoe.url
    zoe.fill("#email", "zoe@example.gr")
    zoe.fill("#password", PASSWORD)
    follow(zoe, SEND)
    assert zoe.url == f"{site.url}/en/account"


def test_page_with_errors_takes_the_focus_to_their_summary(page: Page) -> None:
    page.goto("/en/sign-in")
    follow(page, SEND)
    assert page.title().startswith("Error: ")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    page.click(".govuk-error-summary a >> nth=0")
    expect(page.locator("#email")).to_be_focused()
