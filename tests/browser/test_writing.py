"""Writing a practice in a real browser: nothing that was typed is lost, whatever happens."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from kb.access import Member
from kb.accounts import sessions
from kb.accounts import store as accounts
from kb.db import get_db, transaction
from kb.practices import actions, store
from kb.practices.model import Practice
from kb.practices.sheets import SECTION_SHEETS
from tests.browser.conftest import Site, check_accessibility, width_of
from tests.browser.hands import follow
from tests.kb.practices.cases import CARD, CONFIRMED, written_with
from tests.people import PASSWORD, address_of, give_password

# Each save waits for the disk, and disks of test machines are slow at times.
expect.set_options(timeout=15_000)

LONG = "Αυτό είναι ένα κείμενο που δεν πρέπει να χαθεί. " * 20


@pytest.fixture
def make_app(make_app: Callable[..., Any]) -> Callable[..., Any]:
    """As in the other tests, with hashes that cost little."""
    cheap = {"time_cost": 1, "memory_cost": 8, "parallelism": 1}
    return lambda **settings: make_app(**{"ARGON2": cheap, **settings})


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


@pytest.fixture
def practice(site: Site) -> Practice:
    with site.app.app_context():
        practice = actions.create(get_db(), person(site, "Anna"), "key", CARD)
        return written_with(get_db(), practice, person(site, "Bruno"))


def void_token(page: Page) -> None:
    """As when the key that signs the tokens was changed, or the cookie is gone."""
    page.locator("form.kb-writing [name=csrf_token]").evaluate("input => input.value = 'void'")


def saved(site: Site, practice_id: int) -> dict[str, Any]:
    with site.app.app_context():
        draft = store.find_draft(get_db(), practice_id)
    assert draft
    return dict(draft.content)


def address(practice: Practice, section: str, lang: str = "en") -> str:
    return f"/{lang}/my-practices/{practice.id}/write/{section}"


def expect_saved(page: Page) -> None:
    expect(page.locator("[data-saving-state]")).to_contain_text("Saved at")


def test_what_is_typed_saves_itself(page: Page, site: Site, practice: Practice) -> None:
    enter(page, site, "Anna").goto(address(practice, "what"))
    page.fill("#challenge_el", LONG)
    expect_saved(page)
    assert saved(site, practice.id)["challenge"] == {"el": LONG.strip()}
    page.fill("#challenge_el", LONG + "Τέλος")
    page.locator("#challenge_el").blur()
    expect(page.locator("[data-saving-state]")).to_contain_text("Saved at")
    page.goto("/en/my-practices")
    assert saved(site, practice.id)["challenge"]["el"].endswith("Τέλος")


def test_a_new_card_becomes_a_practice_while_it_is_typed(page: Page, site: Site) -> None:
    enter(page, site, "Anna").goto("/en/my-practices/new")
    page.fill("#title_el", "Νέα πρακτική")
    expect_saved(page)
    expect(page).to_have_url(re.compile(r"/my-practices/\d+/edit$"))
    number = int(re.findall(r"\d+", page.url)[-1])
    page.fill("#summary_el", "Με σύνοψη")
    page.click("text=Save draft")
    expect(page.locator(".kb-notice--success")).to_be_visible()
    content = saved(site, number)
    assert (content["title"], content["summary"]) == ({"el": "Νέα πρακτική"}, {"el": "Με σύνοψη"})
    page.goto("/en/my-practices")
    assert page.locator(".kb-mine__item", has_text="Νέα πρακτική").count() == 1


def test_an_ended_session_asks_over_the_page_and_goes_on(
    page: Page, site: Site, practice: Practice
) -> None:
    with site.app.app_context():
        give_password(get_db(), "Anna")
    enter(page, site, "Anna").goto(address(practice, "what"))
    end_sessions(site)
    page.fill("#goals_el", LONG)
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
    dialog = page.locator("dialog")
    expect(dialog).to_be_visible()
    page.click("text=Not now")
    expect(page.locator("[data-saving-state]")).to_contain_text("You are signed out")
    page.fill("#goals_en", "Typed while signed out")
    enter(page, site, "Anna")
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect_saved(page)
    assert saved(site, practice.id)["goals"]["en"] == "Typed while signed out"


def test_an_offline_spell_loses_nothing(page: Page, site: Site, practice: Practice) -> None:
    enter(page, site, "Anna").goto(address(practice, "experience"))
    page.context.set_offline(True)
    page.fill("#lessons_el", LONG)
    expect(page.locator("[data-saving-state]")).to_contain_text("There is no connection")
    page.click("text=Save and go on")
    expect(page).to_have_url(re.compile("/write/experience$"))
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
    anna.fill("#goals_el", "Της Άννας")
    expect_saved(anna)
    bruno.fill("#goals_en", "Bruno's")
    expect_saved(bruno)
    # Each sees what the other wrote, and who it was.
    expect(bruno.locator("#goals_el")).to_have_value("Της Άννας")
    expect(bruno.locator("[data-saving-others]")).to_contain_text("Anna saved this draft")
    assert saved(site, practice.id)["goals"] == {"el": "Της Άννας", "en": "Bruno's"}

    anna.fill("#challenge_el", "Της Άννας")
    expect_saved(anna)
    bruno.fill("#challenge_el", "Του Μπρούνο")
    box = bruno.locator(".kb-conflict")
    expect(box).to_contain_text("Της Άννας")
    assert saved(site, practice.id)["challenge"] == {"el": "Της Άννας"}
    check_accessibility(bruno)
    box.locator("text=Keep mine").click()
    expect_saved(bruno)
    assert saved(site, practice.id)["challenge"] == {"el": "Του Μπρούνο"}
    expect(bruno.locator(".kb-conflict")).to_have_count(0)


def test_what_cannot_be_saved_is_named_and_kept(page: Page, site: Site, practice: Practice) -> None:
    enter(page, site, "Anna").goto(address(practice, "card"))
    page.fill("#summary_en", "Typed beside it")
    page.fill("#start", "πέρυσι")
    expect(page.locator("[data-saving-state]")).to_contain_text("Saved, except: Start")
    assert saved(site, practice.id)["summary"]["en"] == "Typed beside it"
    assert saved(site, practice.id)["start"] == CARD["start"]
    page.click("text=Save and return")
    expect(page).to_have_title(re.compile("^Error: "))
    expect(page.locator("#start")).to_have_value("πέρυσι")
    check_accessibility(page)


@pytest.mark.parametrize("javascript", [True, False])
def test_rows_are_added_and_removed(
    open_browser: Callable[..., Page], site: Site, practice: Practice, javascript: bool
) -> None:
    page = enter(open_browser(javascript=javascript), site, "Anna")
    page.goto(address(practice, "people"))
    page.fill("#partners_0_name_el", "Πρώτος")
    page.select_option("#partners_0_type", "ngo")
    page.click("text=Add a row")
    page.fill("#partners_1_name_el", "Δεύτερος")
    page.click("[name=remove][value=partners_0]")
    page.click("text=Save and return to the sections")
    expect(page.locator("h1")).to_have_text("Write the practice")
    assert saved(site, practice.id)["partners"] == [{"name": {"el": "Δεύτερος"}}]
    expect(page.locator("li", has_text="Who is involved")).to_contain_text("Has problems")


def test_a_form_without_javascript_outlives_its_session(
    open_browser: Callable[..., Page], site: Site, practice: Practice
) -> None:
    with site.app.app_context():
        give_password(get_db(), "Anna")
    page = enter(open_browser(javascript=False), site, "Anna")
    page.goto(address(practice, "what"))
    end_sessions(site)
    page.fill("#goals_el", LONG)
    page.click("text=Save and go on")
    expect(page.locator("main")).to_contain_text("Not saved yet")
    page.fill("#email", address_of("Anna"))
    page.fill("#password", PASSWORD)
    page.click("main form button[type=submit] >> nth=0")
    page.click("text=Save it now")
    expect(page.locator("h1")).to_have_text("Results")
    assert saved(site, practice.id)["goals"]["el"] == LONG.strip()


def test_a_void_token_is_renewed_while_typing(page: Page, site: Site, practice: Practice) -> None:
    enter(page, site, "Anna").goto(address(practice, "what"))
    void_token(page)
    page.fill("#goals_el", "Με νέο διακριτικό")
    expect_saved(page)
    assert saved(site, practice.id)["goals"] == {"el": "Με νέο διακριτικό"}


def test_choices_are_searched_without_accents(page: Page, site: Site, practice: Practice) -> None:
    enter(page, site, "Anna").goto(address(practice, "card", "el"))
    box = page.locator("#search-target_groups")
    box.fill("ΓΥΝΑΙΚ")
    shown = page.locator(
        "[data-searched]:has(#search-target_groups) .govuk-checkboxes__item:visible"
    )
    texts = shown.all_inner_texts()
    assert 0 < len(texts) < 10
    assert any("υναίκ" in text for text in texts)
    check_accessibility(page)


def test_the_whole_form_by_keyboard_alone(page: Page, site: Site, practice: Practice) -> None:
    enter(page, site, "Anna").goto(f"/en/my-practices/{practice.id}/write")
    page.locator("text=Experience").focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Experience")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "obstacles_en":
            break
    page.keyboard.type("Typed by hand")
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent").strip() == "Save and go on":
            break
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Doing it elsewhere")
    assert saved(site, practice.id)["obstacles"] == {"en": "Typed by hand"}


def test_an_earlier_text_is_found_and_restored(page: Page, site: Site, practice: Practice) -> None:
    with site.app.app_context():
        emptied = {**CARD, "how_it_works": {"el": "-"}}
        actions.save(get_db(), practice, person(site, "Bruno"), emptied, 1)
    enter(page, site, "Anna").goto(f"/en/my-practices/{practice.id}/history")
    check_accessibility(page)
    page.locator(".kb-timeline__item a").nth(1).click()
    expect(page.locator("main")).to_contain_text("διερμηνέας")
    check_accessibility(page)
    page.click("text=Restore this version")
    expect(page.locator(".kb-notice--success")).to_be_visible()
    assert saved(site, practice.id) == CARD


def fill_texts(page: Page, word: str) -> dict[str, str]:
    """Type something of its own into every text of the page; returns it by input."""
    names = page.locator("form.kb-writing textarea").evaluate_all("all => all.map(a => a.id)")
    typed = {name: f"{word} {name}" for name in names}
    for name, text in typed.items():
        page.fill(f"#{name}", text)
    return typed


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
    page.click("button[value=next]")
    page.wait_for_url("**/write/what")
    end_sessions(site)
    typed |= fill_texts(page, "Πρωί")
    page.locator("#again-password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("dialog")).to_be_hidden()
    typed |= fill_texts(page, "Πρωί")
    page.click("button[value=next]")
    page.wait_for_url("**/write/results")

    page = enter(open_browser(width=320), site, "Anna")
    page.goto(f"/{language}/my-practices/{practice.id}/write")
    for section in ("results", "experience", "transfer", "means"):
        page.goto(address(practice, section, language))
        page.context.set_offline(section == "experience")
        typed |= fill_texts(page, "Απόγευμα")
        if section == "experience":
            expect(page.locator(".kb-saving--trouble")).to_be_visible()
            page.context.set_offline(False)
        page.click("button[value=return]")
        page.wait_for_url("**/write")

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
    for text in (*typed.values(), "Οδηγός – https://www.example.gr/οδηγός"):
        expect(page.locator("main")).to_contain_text(text)
    for name in CONFIRMED:
        page.check(f"#{name}")
    follow(page, "main form button[type=submit]")
    expect(page.locator(".govuk-panel")).to_contain_text("CNI-")
    assert saved(site, practice.id)["links"][0]["title"] == "Οδηγός"


def walk(page: Page, practice: Practice, language: str) -> list[str]:
    """Every page of writing, in one language."""
    root = f"/{language}/my-practices"
    sections = ("card", "what", "results", "people", "means", "contact", "sources")
    return [
        f"{root}/new",
        *(f"{root}/{practice.id}{page}" for page in ("/edit", "/write", "/history", "/submit")),
        *(f"{root}/{practice.id}/write/{section}" for section in sections),
    ]


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
    page.fill("#goals_el", LONG)
    page.click("button[value=next]")
    expect(page.locator("#password")).to_be_visible()
    check_accessibility(page)
    page.fill("#email", address_of("Anna"))
    page.fill("#password", PASSWORD)
    page.click("main form button >> nth=0")
    expect(page.locator("#password")).to_have_count(0)
    check_accessibility(page)
    page.click("main form button")
    page.wait_for_url("**/write/results")
    void_token(page)
    page.fill("#results_el", LONG)
    page.click("button[value=next]")
    expect(page.locator("#results_el")).to_have_count(0)
    check_accessibility(page)
    page.click("main form button")
    page.wait_for_url("**/write/experience")
    page.goto(address(practice, "what", language))
    with site.app.app_context():
        now = actions.working_copy(get_db(), practice)
        theirs = {**now.content, "goals": {"el": "Του Μπρούνο"}}
        actions.save(get_db(), practice, person(site, "Bruno"), theirs, now.version)
    page.fill("#goals_el", "Της Άννας")
    page.click("button[value=next]")
    expect(page.locator(".kb-versions")).to_contain_text("Του Μπρούνο")
    check_accessibility(page)


@pytest.mark.parametrize("language", ["el", "en"])
def test_no_page_of_writing_has_a_fault_that_axe_finds(
    page: Page, site: Site, practice: Practice, language: str
) -> None:
    enter(page, site, "Anna")
    for path in walk(page, practice, language):
        page.goto(path)
        check_accessibility(page)


@pytest.mark.parametrize("javascript", [True, False])
def test_no_page_of_writing_is_wider_than_a_telephone(
    open_browser: Callable[..., Page], site: Site, practice: Practice, javascript: bool
) -> None:
    page = enter(open_browser(width=320, javascript=javascript), site, "Anna")
    wide = []
    for path in walk(page, practice, "el"):
        page.goto(path)
        if width_of(page) > 320:
            wide.append(path)
    assert wide == []
