"""Who is signed in, in which browser."""

from __future__ import annotations

from playwright.sync_api import Page

from kb.access import Member
from kb.accounts import sessions
from kb.accounts import store as accounts
from kb.db import get_db, transaction
from tests.browser.site import Site
from tests.people import address_of


def person(site: Site, name: str) -> Member:
    with site.app.app_context():
        account = accounts.find_account(get_db(), address_of(name))
    assert account
    return account.member


def enter(page: Page, site: Site, name: str) -> Page:
    """Give the browser a session of that person."""
    token = sessions.new_token()
    with site.app.app_context(), transaction(get_db()) as db:
        accounts.insert_session(db, sessions.hash_of(token), person(site, name).id)
    page.context.add_cookies([{"name": "kb_session", "value": token, "url": site.url}])
    return page


def end_sessions(site: Site) -> None:
    with site.app.app_context(), transaction(get_db()) as db:
        db.execute("DELETE FROM session")
