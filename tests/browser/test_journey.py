"""A practice's whole way, on the real application: written, sent back, mended, published, found."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site, check_accessibility
from tests.browser.test_accounts import SEND, link_for

CARD = {
    "title_el": "Λαχανόκηπος γειτονιάς με νέους κατοίκους",
    "summary_el": "Παλιοί και νέοι κάτοικοι καλλιεργούν μαζί έναν δημοτικό κήπο.",
    "start": "2023-04",
    "how_it_works_el": "Κάθε Σάββατο δύο γεωπόνοι του δήμου υποδέχονται όποιον έρθει.",
    "contact_service_el": "Τμήμα Κοινωνικής Πολιτικής",
    "contact_mailbox": "koinoniki@example.gr",
}
REASON = "Συμπληρώστε, παρακαλούμε, ποιος πληρώνει το νερό."
MENDED = "Κάθε Σάββατο δύο γεωπόνοι υποδέχονται όποιον έρθει· το νερό πληρώνει ο δήμος."
# As people type it: capitals, no accents.
SOUGHT = "ΛΑΧΑΝΟΚΗΠΟΣ"


def sign_in(page: Page, site: Site, name: str) -> None:
    page.goto(link_for(site, name).replace("/en/", "/el/"))
    page.click(SEND)


def write_card(page: Page) -> None:
    page.goto("/el/my-practices/new")
    for name, text in CARD.items():
        page.fill(f"[name={name}]", text)
    page.select_option("[name=areas_main]", "reception")
    page.check("[name=target_groups][value=families]")
    page.check("[name=practice_type][value=programme]")
    page.check("[name=stage][value=running]")


def submit(page: Page) -> None:
    page.click("button[name=then][value=submit]")
    expect(page).to_have_url(re.compile("/submit$"))
    for box in page.locator("main form input[type=checkbox]").all():
        box.check()
    page.click("form[action$='/submit'] button")
    expect(page).to_have_url(re.compile("/submitted$"))


def find(page: Page, word: str, *, until: bool) -> int:
    """How many practices the search finds; waits for the index where ``until`` says so."""
    for _ in range(50):
        page.goto("/el/")
        page.fill("main [name=q]", word)
        page.keyboard.press("Enter")
        page.wait_for_url("**/el/practices?**")
        count = page.locator("main").get_by_role("link", name=CARD["title_el"]).count()
        if bool(count) == until:
            break
        time.sleep(0.1)
    return count


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
def test_practice_is_written_sent_back_mended_published_and_found(
    open_browser: Callable[..., Page], site: Site, javascript: bool
) -> None:
    visitor, anna, mona = (open_browser(javascript=javascript) for _ in range(3))
    assert find(visitor, SOUGHT, until=False) == 0

    sign_in(anna, site, "Anna")
    write_card(anna)
    submit(anna)
    address = re.search(r"/my-practices/(\d+)/", anna.url)
    assert address
    assert find(visitor, SOUGHT, until=False) == 0

    sign_in(mona, site, "Mona")
    mona.goto("/el/review")
    mona.get_by_role("link", name=CARD["title_el"]).click()
    if javascript:
        check_accessibility(mona)
    mona.fill("[name=reason]", REASON)
    mona.click("form[action$='/request-changes'] button:not([formaction])")

    anna.goto(f"/el/my-practices/{address[1]}")
    expect(anna.locator("main")).to_contain_text(REASON)
    if javascript:
        check_accessibility(anna)
    anna.goto(f"/el/my-practices/{address[1]}/edit")
    anna.fill("[name=how_it_works_el]", MENDED)
    submit(anna)
    assert find(visitor, SOUGHT, until=False) == 0

    mona.goto(f"/el/review/{address[1]}")
    expect(mona.locator("main")).to_contain_text("το νερό πληρώνει ο δήμος")
    mona.click("form[action$='/publish'] button")

    assert find(visitor, SOUGHT, until=True) == 1
    visitor.locator("main").get_by_role("link", name=CARD["title_el"]).click()
    expect(visitor.locator("h1")).to_have_text(CARD["title_el"])
    expect(visitor.locator("main")).to_contain_text("το νερό πληρώνει ο δήμος")


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize(
    ("typed", "title"),
    [("ΚΕΝΤΡΟ ΕΝΤΑΞΗΣ ΜΕΤΑΝΑΣΤΩΝ", "Κέντρο Ένταξης Μεταναστών"), ("στεγαση", "τέγαση")],
)
def test_visitor_finds_a_practice_by_words_in_capitals_or_without_accents(
    open_browser: Callable[..., Page], javascript: bool, typed: str, title: str
) -> None:
    page = open_browser(javascript=javascript)
    page.goto("/el/")
    page.fill("main [name=q]", typed)
    page.keyboard.press("Enter")
    page.locator("main a[href*='/el/practices/']").filter(has_text=title).first.click()
    expect(page.locator("h1")).to_contain_text(title)


def test_newer_save_is_shown_beside_what_was_typed(
    open_browser: Callable[..., Page], site: Site
) -> None:
    """A card saved in a second tab is shown beside what was typed in the first."""
    first = open_browser()
    sign_in(first, site, "Anna")
    write_card(first)
    first.click("button[name=then][value=save]")
    second = first.context.new_page()
    second.goto(first.url)
    second.fill("[name=title_el]", "Τίτλος από τη δεύτερη καρτέλα")
    second.click("button[name=then][value=save]")
    first.fill("[name=title_el]", "Τίτλος από την πρώτη καρτέλα")
    first.click("button[name=then][value=save]")
    assert first.input_value("[name=title_el]") == "Τίτλος από την πρώτη καρτέλα"
    expect(first.locator("main")).to_contain_text("Τίτλος από τη δεύτερη καρτέλα")
