"""What is typed in a real browser is kept: signed out, offline, in two windows, by two people."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from kb.db import get_db
from kb.practices.model import Practice
from tests.browser.accessibility import check_accessibility
from tests.browser.hands import follow
from tests.browser.members import end_sessions, enter
from tests.browser.site import Site
from tests.browser.writing import address, expect_saved, leave_field, saved, void_token
from tests.people import PASSWORD, address_of, give_password

LONG = "Αυτό είναι ένα κείμενο που δεν πρέπει να χαθεί. " * 20


@pytest.fixture(autouse=True)
def anna_has_a_password(site: Site) -> None:
    with site.app.app_context():
        give_password(get_db(), "Anna")


def test_an_ended_session_asks_over_the_page_and_goes_on(
    page: Page, site: Site, practice: Practice
) -> None:
    enter(page, site, "Anna").goto(address(practice, "what"))
    end_sessions(site)
    page.fill("#goals_el", LONG)
    leave_field(page)
    dialog = page.locator("dialog")
    expect(dialog).to_be_visible()
    check_accessibility(page)
    page.fill("#again-password", "not the password")
    page.keyboard.press("Enter")
    expect(dialog.locator("[data-sign-in-error]")).to_contain_text("not correct")
    page.fill("#again-password", PASSWORD)
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect_saved(page)
    assert saved(site, practice.id)["goals"] == {"el": LONG.strip()}


def test_signing_in_in_another_tab_goes_on_too(page: Page, site: Site, practice: Practice) -> None:
    enter(page, site, "Anna").goto(address(practice, "what"))
    end_sessions(site)
    page.fill("#goals_el", LONG)
    leave_field(page)
    expect(page.locator("dialog")).to_be_visible()
    page.click("text=Not now")
    expect(page.locator("[data-saving-state]")).to_contain_text("You are signed out")
    page.fill("#goals_en", "Typed while signed out")
    enter(page, site, "Anna")
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect_saved(page)
    assert saved(site, practice.id)["goals"]["en"] == "Typed while signed out"


def test_a_form_without_javascript_outlives_its_session(
    open_browser: Callable[..., Page], site: Site, practice: Practice
) -> None:
    page = enter(open_browser(javascript=False), site, "Anna")
    page.goto(address(practice, "what"))
    end_sessions(site)
    page.fill("#goals_el", LONG)
    follow(page, "text=Save and go on")
    expect(page.locator("main")).to_contain_text("Not saved yet")
    page.fill("#email", address_of("Anna"))
    page.fill("#password", PASSWORD)
    follow(page, "main form button[type=submit] >> nth=0")
    follow(page, "text=Save it now")
    expect(page.locator("h1")).to_have_text("Results")
    assert saved(site, practice.id)["goals"]["el"] == LONG.strip()


def test_a_void_token_is_renewed_while_typing(page: Page, site: Site, practice: Practice) -> None:
    enter(page, site, "Anna").goto(address(practice, "what"))
    void_token(page)
    page.fill("#goals_el", "Με νέο διακριτικό")
    leave_field(page)
    expect_saved(page)
    assert saved(site, practice.id)["goals"] == {"el": "Με νέο διακριτικό"}


def test_an_offline_spell_loses_nothing(page: Page, site: Site, practice: Practice) -> None:
    enter(page, site, "Anna").goto(address(practice, "experience"))
    page.context.set_offline(True)
    page.fill("#lessons_el", LONG)
    leave_field(page)
    expect(page.locator("[data-saving-state]")).to_contain_text("There is no connection")
    with page.expect_request("**/autosave"):
        page.click("text=Save and go on")
    expect(page.locator("[data-saving-state]")).to_contain_text("There is no connection")
    expect(page).to_have_url(re.compile("/write/experience$"))
    # Without room in the browser it does not say that anything is kept there.
    page.evaluate("() => { Storage.prototype.setItem = () => { throw new Error('full') } }")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("[data-saving-state]")).to_contain_text("has no room to keep it")
    page.context.set_offline(False)
    expect_saved(page)
    assert saved(site, practice.id)["lessons"] == {"el": LONG.strip()}


def test_what_was_kept_offline_is_offered_on_return(
    page: Page, site: Site, practice: Practice
) -> None:
    enter(page, site, "Anna").goto(address(practice, "results"))
    page.context.set_offline(True)
    page.click("text=Add a row")
    page.fill("#indicators_1_name_el", "Διερμηνείες")
    page.fill("#results_el", LONG)
    leave_field(page)
    expect(page.locator("[data-saving-state]")).to_contain_text("There is no connection")
    page.once("dialog", lambda dialog: dialog.accept())
    page.route("**/autosave", lambda route: route.abort())
    page.context.set_offline(False)
    page.goto(address(practice, "people"))
    page.unroute("**/autosave")
    page.goto(address(practice, "results"))
    expect(page.locator("#results_el")).to_have_value("")
    check_accessibility(page)
    page.click("text=Put it back")
    expect(page.locator("#results_el")).to_have_value(LONG)
    expect(page.locator("#indicators_1_name_el")).to_have_value("Διερμηνείες")
    expect_saved(page)
    content = saved(site, practice.id)
    assert content["results"] == {"el": LONG.strip()}
    assert content["indicators"] == [{"name": {"el": "Διερμηνείες"}}]
    page.reload()
    expect(page.locator("text=Put it back")).to_have_count(0)


def test_no_copy_overwrites_another(page: Page, site: Site, practice: Practice) -> None:
    """Twice without an answer from the library: both texts are offered, the newer one first."""
    page.on("dialog", lambda dialog: dialog.accept())
    enter(page, site, "Anna").route("**/autosave", lambda route: route.abort())
    for text in ("Πρώτο", "Δεύτερο"):
        page.goto(address(practice, "results"))
        page.fill("#results_el", text)
        leave_field(page)
        expect(page.locator(".kb-saving--trouble")).to_be_visible()
    page.goto(address(practice, "results"))
    expect(page.locator("[data-kept=restore]")).to_have_count(2)
    page.unroute("**/autosave")
    page.locator("[data-kept=restore]").nth(1).click()
    expect(page.locator("#results_el")).to_have_value("Πρώτο")
    expect_saved(page)
    page.locator("[data-kept=restore]").click()
    expect(page.locator("#results_el")).to_have_value("Δεύτερο")


def test_two_people_write_in_one_section(
    open_browser: Callable[..., Page], site: Site, practice: Practice
) -> None:
    anna, bruno = (enter(open_browser(), site, name) for name in ("Anna", "Bruno"))
    for page in (anna, bruno):
        page.goto(address(practice, "what"))
    for page, field, text in ((anna, "#goals_el", "Της Άννας"), (bruno, "#goals_en", "Bruno's")):
        page.fill(field, text)
        leave_field(page)
        expect_saved(page)
    # Each sees what the other wrote, and who it was.
    expect(bruno.locator("#goals_el")).to_have_value("Της Άννας")
    expect(bruno.locator("[data-saving-others]")).to_contain_text("Anna saved this draft")
    assert saved(site, practice.id)["goals"] == {"el": "Της Άννας", "en": "Bruno's"}

    anna.fill("#challenge_el", "Της Άννας")
    leave_field(anna)
    expect_saved(anna)
    bruno.fill("#challenge_el", "Του Μπρούνο")
    leave_field(bruno)
    box = bruno.locator(".kb-conflict")
    expect(box).to_contain_text("Της Άννας")
    assert saved(site, practice.id)["challenge"] == {"el": "Της Άννας"}
    check_accessibility(bruno)
    box.locator("text=Keep mine").click()
    expect_saved(bruno)
    assert saved(site, practice.id)["challenge"] == {"el": "Του Μπρούνο"}
    expect(bruno.locator(".kb-conflict")).to_have_count(0)

    # Rows of a colleague are saved beside one's own, and shown when one wants to see them.
    for page in (anna, bruno):
        page.goto(address(practice, "people"))
    for page, text in ((anna, "Της Άννας"), (bruno, "Του Μπρούνο")):
        page.fill("#partners_0_name_el", text)
        leave_field(page)
        expect_saved(page)
    expect(bruno.locator("[data-saving-unseen]")).to_contain_text(
        "changed this meanwhile: Partners"
    )
    bruno.click("text=Show it")
    expect(bruno.locator("#partners_1_name_el")).to_have_value("Του Μπρούνο")
    expect(bruno.locator("#partners_0_name_el")).to_have_value("Της Άννας")
