"""Writing a practice in a real browser: the whole form, in each way that people fill it in."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from kb.db import get_db
from kb.practices.model import Practice
from kb.practices.sheets import SECTION_SHEETS
from tests.browser.accessibility import check_accessibility
from tests.browser.hands import follow, next_page
from tests.browser.members import end_sessions, enter, person
from tests.browser.site import Site
from tests.browser.writing import address, expect_saved, fill_texts, leave_field, saved
from tests.kb.practices.cases import CARD, CONFIRMED, write_all
from tests.people import PASSWORD, give_password


def test_what_is_typed_saves_itself(page: Page, site: Site, practice: Practice) -> None:
    enter(page, site, "Anna").goto(address(practice, "what"))
    page.fill("#challenge_el", "Μία αρχή")
    expect_saved(page)
    assert saved(site, practice.id)["challenge"] == {"el": "Μία αρχή"}
    page.fill("#challenge_el", "Μία αρχή και ένα τέλος")
    leave_field(page)
    expect_saved(page)
    assert saved(site, practice.id)["challenge"] == {"el": "Μία αρχή και ένα τέλος"}


def test_a_new_card_becomes_a_practice_while_it_is_typed(page: Page, site: Site) -> None:
    enter(page, site, "Anna").goto("/en/my-practices/new")
    page.fill("#title_el", "Νέα πρακτική")
    leave_field(page)
    expect_saved(page)
    expect(page).to_have_url(re.compile(r"/my-practices/\d+/edit$"))
    number = int(re.findall(r"\d+", page.url)[-1])
    page.fill("#summary_el", "Με σύνοψη")
    follow(page, "text=Save draft")
    expect(page.locator(".kb-notice--success")).to_be_visible()
    content = saved(site, number)
    assert (content["title"], content["summary"]) == ({"el": "Νέα πρακτική"}, {"el": "Με σύνοψη"})
    page.goto("/en/my-practices")
    expect(page.locator(".kb-mine__item", has_text="Νέα πρακτική")).to_have_count(1)


def test_what_cannot_be_saved_is_named_and_kept(page: Page, site: Site, practice: Practice) -> None:
    enter(page, site, "Anna").goto(address(practice, "card"))
    page.fill("#summary_en", "Typed beside it")
    page.fill("#start", "πέρυσι")
    leave_field(page)
    expect(page.locator("[data-saving-state]")).to_contain_text("Saved, except: Start")
    assert saved(site, practice.id)["summary"]["en"] == "Typed beside it"
    assert saved(site, practice.id)["start"] == CARD["start"]
    follow(page, "text=Save and return")
    expect(page).to_have_title(re.compile("^Error: "))
    expect(page.locator("#start")).to_have_value("πέρυσι")
    check_accessibility(page)


@pytest.mark.parametrize("javascript", [True, False])
def test_rows_are_added_and_removed(
    open_browser: Callable[..., Page], site: Site, practice: Practice, javascript: bool
) -> None:
    page = enter(open_browser(javascript=javascript), site, "Anna")
    press = page.click if javascript else lambda button: follow(page, button)
    page.goto(address(practice, "people"))
    page.fill("#partners_0_name_el", "Πρώτος")
    page.select_option("#partners_0_type", "ngo")
    press("text=Add a row")
    page.fill("#partners_1_name_el", "Δεύτερος")
    press("[name=remove][value=partners_0]")
    follow(page, "text=Save and return to the sections")
    expect(page.locator("h1")).to_have_text("Write the practice")
    assert saved(site, practice.id)["partners"] == [{"name": {"el": "Δεύτερος"}}]
    expect(page.locator("li", has_text="Who is involved")).to_contain_text("Has problems")


def test_choices_are_searched_without_accents(page: Page, site: Site, practice: Practice) -> None:
    enter(page, site, "Anna").goto(address(practice, "card", "el"))
    box = page.locator("#search-target_groups")
    box.fill("ΓΥΝΑΙΚ")
    choices = page.locator("[data-searched]:has(#search-target_groups) .govuk-checkboxes__item")
    expect(choices.filter(has_text="Μονογονεϊκές")).to_be_hidden()
    shown = choices.locator("visible=true").all_inner_texts()
    assert 0 < len(shown) < 10
    assert any("υναίκ" in text for text in shown)
    check_accessibility(page)


def test_an_earlier_text_is_found_and_restored(page: Page, site: Site, practice: Practice) -> None:
    with site.app.app_context():
        emptied = {**CARD, "how_it_works": {"el": "-"}}
        write_all(get_db(), practice, person(site, "Bruno"), emptied, 1)
    enter(page, site, "Anna").goto(f"/en/my-practices/{practice.id}/history")
    check_accessibility(page)
    follow(page, page.locator(".kb-timeline__item a").nth(1))
    expect(page.locator("main")).to_contain_text("διερμηνέας")
    check_accessibility(page)
    follow(page, "text=Restore this version")
    expect(page.locator(".kb-notice--success")).to_be_visible()
    assert saved(site, practice.id) == CARD


def tab_until(page: Page, is_there: str) -> None:
    """Go on by keyboard until ``is_there``, in JavaScript, holds of the element in focus."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate(f"(({{ id, textContent }}) => {is_there})(document.activeElement)"):
            return
    raise AssertionError(f"Tab does not come to where {is_there}")


def test_the_whole_form_by_keyboard_alone(page: Page, site: Site, practice: Practice) -> None:
    enter(page, site, "Anna").goto(f"/en/my-practices/{practice.id}/write")
    page.locator("text=Experience").focus()
    with next_page(page):
        page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Experience")
    tab_until(page, "id === 'obstacles_en'")
    page.keyboard.type("Typed by hand")
    tab_until(page, "textContent.trim() === 'Save and go on'")
    with next_page(page):
        page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Doing it elsewhere")
    assert saved(site, practice.id)["obstacles"] == {"en": "Typed by hand"}


@pytest.mark.parametrize("language", ["el", "en"])
def test_every_section_is_written_over_two_sessions(
    open_browser: Callable[..., Page], site: Site, practice: Practice, language: str
) -> None:
    """One morning at the office, ended by a session; an afternoon on another device, offline."""
    with site.app.app_context():
        give_password(get_db(), "Anna")
    page = enter(open_browser(), site, "Anna")
    typed: dict[str, str] = {}
    page.goto(address(practice, "card", language))
    typed |= fill_texts(page, "Πρωί")
    follow(page, "button[value=next]")
    end_sessions(site)
    page.fill("#challenge_el", "Πρωί")
    leave_field(page)
    page.locator("#again-password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("dialog")).to_be_hidden()
    typed |= fill_texts(page, "Πρωί")
    follow(page, "button[value=next]")
    expect(page).to_have_url(re.compile("/write/results$"))

    page = enter(open_browser(width=320), site, "Anna")
    for section in ("results", "experience", "transfer", "means"):
        page.goto(address(practice, section, language))
        page.context.set_offline(section == "experience")
        typed |= fill_texts(page, "Απόγευμα")
        if section == "experience":
            leave_field(page)
            expect(page.locator(".kb-saving--trouble")).to_be_visible()
            page.context.set_offline(False)
        follow(page, "button[value=return]")
        expect(page).to_have_url(re.compile("/write$"))

    content = saved(site, practice.id)
    kept = {
        f"{code}_{lang}": text
        for code in {name[:-3] for name in typed}
        for lang, text in content[code].items()
    }
    assert kept == typed
    page.goto(f"/{language}/my-practices/{practice.id}/preview")
    expect(page.locator("main")).to_contain_text(typed[f"lessons_{language}"])


@pytest.mark.parametrize("language", ["el", "en"])
def test_the_whole_form_without_javascript(
    open_browser: Callable[..., Page], site: Site, practice: Practice, language: str
) -> None:
    page = enter(open_browser(javascript=False), site, "Anna")
    page.goto(address(practice, "card", language))
    typed: dict[str, str] = {}
    for section in SECTION_SHEETS[1:]:
        typed |= fill_texts(page, "Χωρίς")
        follow(page, "button[value=next]")
        expect(page).to_have_url(re.compile(f"/write/{section.code}$"))
    page.fill("#links_0_title", "Οδηγός")
    page.fill("#links_0_url", "https://www.example.gr/οδηγός")
    follow(page, "button[name=add][value=links]")
    follow(page, "button[value=return]")
    page.goto(f"/{language}/my-practices/{practice.id}/submit")
    shown = page.locator("main").inner_text()
    expected = (*typed.values(), "Οδηγός – https://www.example.gr/οδηγός")
    assert [text for text in expected if text not in shown] == []
    for name in CONFIRMED:
        page.check(f"#{name}")
    follow(page, "main form button[type=submit]")
    expect(page.locator(".govuk-panel")).to_contain_text("CNI-")
    assert saved(site, practice.id)["links"][0]["title"] == "Οδηγός"
