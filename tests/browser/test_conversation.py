"""From the first word to the published page: one practice, all who work on it, both languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import FilePayload, Page, expect

from kb.db import get_db, transaction
from kb.moderation.actions import publish_due
from kb.moderation.model import days_ago
from kb.practices.model import Practice
from tests.browser.hands import follow
from tests.browser.members import end_sessions, enter
from tests.browser.site import Site
from tests.browser.test_attachments import PAPER, PHOTO, describe
from tests.browser.test_moderation import LATER, on_desk
from tests.browser.writing import fill_texts, leave_field
from tests.kb.office.documents import changed_text
from tests.people import PASSWORD, give_password

OLD = "Με ραντεβού κάθε Τρίτη"
DESCRIBED = "Άνθρωποι γύρω από ένα τραπέζι"
ASKED = {"how_it_works": "Ποιες ώρες;", "results": "Πόσοι άνθρωποι;"}
ANSWERED = "Από τις εννέα ως τη μία."


@dataclass
class Story:
    """A practice that everybody can read, and the update of it that is being written."""

    site: Site
    practice: Practice
    language: str
    visitor: Page

    def own(self, page: str = "") -> str:
        return f"/{self.language}/my-practices/{self.practice.id}{page}"

    def at_review(self, page: str = "") -> str:
        return f"/{self.language}/review/{self.practice.id}{page}"

    def expect_only_what_was_approved(self, *unpublished: str) -> None:
        """The public page, the search and the interface for programs tell nothing of the update."""
        page = f"/{self.language}/practices/{self.practice.slug}"
        self.visitor.goto(page)
        expect(self.visitor.locator("main")).to_contain_text(
            OLD if self.language == "el" else "By appointment every Tuesday"
        )
        ask = self.visitor.request.get
        pages = [ask(path).text() for path in (page, f"/{self.language}/practices?q=ραντεβού")]
        for shown in (*pages, str(ask("/api/v1/search?q=ραντεβού").json())):
            assert str(self.practice.slug) in shown
            assert [text for text in unpublished if text in shown] == []


@pytest.fixture
def story(open_browser: Callable[..., Page], site: Site, language: str) -> Story:
    with site.app.app_context():
        give_password(get_db(), "Anna")
        practice = on_desk(site).published()
        with transaction(get_db()) as db:
            db.execute("UPDATE municipality SET approves_first = 1 WHERE code = 'athens'")
            db.execute("UPDATE member SET is_coordinator = 1 WHERE name = 'Bruno'")
    site.app.extensions["search"].sync()
    return Story(site, practice, language, open_browser())


def in_the_morning(story: Story, page: Page) -> dict[str, str]:
    """The first sections are written at the office; the session ends in the middle of one."""
    page.goto(story.own("/write/card"))
    typed = fill_texts(page, "Πρωί")
    follow(page, "button[value=next]")
    end_sessions(story.site)
    page.fill("#challenge_el", "Γράφτηκε την ώρα που έληγε η σύνδεση")
    leave_field(page)
    page.locator("#again-password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("dialog")).to_be_hidden()
    expect(page.locator("#challenge_el")).to_have_value("Γράφτηκε την ώρα που έληγε η σύνδεση")
    typed |= fill_texts(page, "Πρωί")
    follow(page, "button[value=next]")
    expect(page).to_have_url(re.compile("/write/results$"))
    return typed


def in_the_afternoon(story: Story, page: Page) -> dict[str, str]:
    """The others are written on another device, one of them without a connection."""
    typed: dict[str, str] = {}
    for section in ("results", "experience", "transfer", "means"):
        page.goto(story.own(f"/write/{section}"))
        page.context.set_offline(section == "experience")
        typed |= fill_texts(page, "Απόγευμα")
        if section == "experience":
            leave_field(page)
            expect(page.locator(".kb-saving--trouble")).to_be_visible()
            page.context.set_offline(False)
        follow(page, "button[value=return]")
        expect(page).to_have_url(re.compile("/write$"))
    return typed


def through_word(story: Story, page: Page, before: str, after: str) -> None:
    """The draft is taken to Word, one phrase is changed there, and it comes back."""
    page.goto(story.own("/write"))
    follow(page, "a[href$='/word/upload']")
    with page.expect_download() as started:
        page.locator("main a[download]").click()
    written = changed_text(Path(started.value.path()).read_bytes(), before, after)
    document = FilePayload(name="Πρακτική.docx", mimeType="", buffer=written)
    page.set_input_files("#file", [document])
    follow(page, "form[enctype] button")
    expect(page.locator(".kb-compare")).to_have_count(1)
    follow(page, ".kb-actions button")
    expect(page).to_have_url(re.compile("/write$"))


def with_files(story: Story, page: Page) -> None:
    page.goto(story.own("/files"))
    page.set_input_files("#files", [PHOTO, PAPER])
    expect(page.locator(".kb-file")).to_have_count(2)
    describe(page)
    expect(page.locator(".kb-notice--success")).to_be_visible()


def submit(story: Story, page: Page) -> None:
    page.goto(story.own("/submit"))
    for box in page.locator("main form input[type=checkbox]").all():
        box.check()
    follow(page, "form[action$='/submit'] button")
    expect(page).to_have_url(re.compile("/submitted$"))


def approve(story: Story, page: Page) -> None:
    """The coordinator finds it among what waits for them, reads it and sends it on."""
    page.goto(f"/{story.language}/my-practices")
    follow(page, f"a[href$='/{story.practice.id}/approval']")
    follow(page, "form[action$='/approval/approve'] button")
    expect(page.locator(".kb-notice--success")).to_be_visible()


def expect_not_to_wait(story: Story, page: Page) -> None:
    """What its municipality has not approved is not on the moderators' desk."""
    page.goto(f"/{story.language}/review")
    expect(page.locator(f"a[href$='/review/{story.practice.id}']")).to_have_count(0)


def ask_for_changes(story: Story, page: Page) -> None:
    """The moderator takes it up, comments on two fields and sends it back with a ready reason."""
    page.goto(story.at_review())
    follow(page, "form[action$=take-up] button")
    for field, text in ASKED.items():
        page.locator(f"#comments-{field} summary").click()
        page.fill(f"#text-{field}", text)
        follow(page, page.locator(f"#comments-{field} form button").last)
        expect(page.locator(f"#comments-{field} .kb-quote")).to_have_text(text)
    page.select_option("#ready", "no-results")
    follow(page, "form[action$=request-changes] button")
    expect(page.locator(".kb-notice")).to_contain_text(story.practice.reference or "")


def answer_and_mend(story: Story, page: Page, text: str) -> None:
    page.goto(story.own())
    expect(page.locator("main")).to_contain_text(ASKED["results"])
    follow(page, "main a[href*='/comments/']")
    page.fill("#text", ANSWERED)
    follow(page, "main form button.govuk-button")
    expect(page.locator(".kb-quote").last).to_have_text(ANSWERED)
    page.goto(story.own("/write/what"))
    page.fill("#how_it_works_el", text)
    follow(page, "button[value=return]")
    expect(page).to_have_url(re.compile("/write$"))


def publish_tomorrow(story: Story, page: Page, text: str) -> None:
    """The moderator compares, sees what was answered, and approves it for a time."""
    page.goto(story.at_review())
    expect(page.locator("#changes ~ .kb-change").first).to_be_visible()
    expect(page.locator("main")).to_contain_text(text)
    expect(page.locator("main")).to_contain_text(ANSWERED)
    page.get_by_label(LATER[story.language], exact=True).check()
    tomorrow = datetime.now(ZoneInfo("Europe/Athens")) + timedelta(days=1)
    page.fill("#at", tomorrow.strftime("%Y-%m-%dT09:00"))
    follow(page, "form[action$=publish] button")
    expect(page.locator(".kb-notice")).to_be_visible()


def when_its_time_has_come(story: Story) -> None:
    with story.site.app.app_context():
        with transaction(get_db()) as db:
            db.execute("UPDATE planned_publication SET due = ?", (days_ago(0),))
        assert publish_due(get_db()) == 1


@pytest.mark.parametrize("language", ["el", "en"])
def test_everything_written_is_published_and_nothing_before_it_was_approved(
    open_browser: Callable[..., Page], story: Story
) -> None:
    site = story.site
    anna = enter(open_browser(), site, "Anna")
    typed = in_the_morning(story, anna)
    anna = enter(open_browser(width=320, accept_downloads=True), site, "Anna")
    typed |= in_the_afternoon(story, anna)
    through_word(story, anna, typed["lessons_el"], "Γράφτηκε στο Word")
    typed["lessons_el"] = "Γράφτηκε στο Word"
    with_files(story, anna)
    unpublished = (*typed.values(), DESCRIBED)
    story.expect_only_what_was_approved(*unpublished)
    submit(story, anna)
    bruno, mona = enter(open_browser(), site, "Bruno"), enter(open_browser(), site, "Mona")
    expect_not_to_wait(story, mona)
    story.expect_only_what_was_approved(*unpublished)
    approve(story, bruno)
    story.expect_only_what_was_approved(*unpublished)

    ask_for_changes(story, mona)
    story.expect_only_what_was_approved(*unpublished, *ASKED.values())
    mended = "Πρωινές ώρες δίχως σειρά προτεραιότητας"
    answer_and_mend(story, anna, mended)
    typed["how_it_works_el"] = mended
    submit(story, anna)
    expect_not_to_wait(story, mona)
    approve(story, bruno)
    unpublished = (*typed.values(), DESCRIBED, ANSWERED, *ASKED.values())
    publish_tomorrow(story, mona, mended)
    story.expect_only_what_was_approved(*unpublished)

    when_its_time_has_come(story)
    visitor = story.visitor
    visitor.goto(f"/{story.language}/practices/{story.practice.slug}")
    published = visitor.locator("main").text_content() or ""
    expected = [text for name, text in typed.items() if name.endswith(story.language)]
    assert [text for text in expected if text not in published] == []
    expect(visitor.locator(f"img[alt='{DESCRIBED}']")).to_have_count(1)
    shown = visitor.content()
    assert [text for text in (ANSWERED, *ASKED.values()) if text in shown] == []
