"""The form of a practice in a browser: where its pages are, what is typed and what is saved."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from kb.db import get_db
from kb.practices import store
from kb.practices.model import Practice
from tests.browser.site import Site


def address(practice: Practice, section: str, lang: str = "en") -> str:
    return f"/{lang}/my-practices/{practice.id}/write/{section}"


def saved(site: Site, practice_id: int) -> dict[str, Any]:
    with site.app.app_context():
        draft = store.find_draft(get_db(), practice_id)
    assert draft
    return dict(draft.content)


def expect_saved(page: Page) -> None:
    expect(page.locator("[data-saving-state]")).to_contain_text("Saved at")


def leave_field(page: Page) -> None:
    """Go on to the next field, whereupon what was typed is saved at once."""
    page.keyboard.press("Tab")


def void_token(page: Page) -> None:
    """As when the key that signs the tokens was changed, or the cookie is gone."""
    page.locator("form.kb-writing [name=csrf_token]").evaluate("input => input.value = 'void'")


def fill_texts(page: Page, word: str) -> dict[str, str]:
    """Type something of its own into every text of the page; returns it by input."""
    names = page.locator("form.kb-writing textarea").evaluate_all("all => all.map(a => a.id)")
    typed = {name: f"{word} {name}" for name in names}
    for name, text in typed.items():
        page.fill(f"#{name}", text)
    return typed
