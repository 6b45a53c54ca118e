"""Every kind of message, in both languages, as a real mail server receives it from the worker."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlite_utils import Database

from kb import mail
from kb.practices import records
from tests.kb.practices.cases import CARD, FORM, changed
from tests.mailbox import open_mailbox
from tests.people import PASSWORD, address_of
from tests.story import LONG, Sink, Story

SignIn = Callable[[str | None], FlaskClient]
REASON = "Πόσοι εξυπηρετήθηκαν;\r\n\r\nΚαι σε ποιο διάστημα;"
LAST_YEAR = "2025-11-22T10:00:00Z"
QUOTED = "> Πόσοι εξυπηρετήθηκαν;\n>\n> Και σε ποιο διάστημα;"
COMMENT = "Ο τίτλος λέει «Τράπεζα»: τι είναι;"


@pytest.fixture
def sink() -> Iterator[Sink]:
    with open_mailbox(Sink()) as box:
        yield box  # type: ignore[misc]


@pytest.fixture(params=["el", "en"])
def story(
    request: pytest.FixtureRequest, app: Flask, db: Database, sink: Sink, sign_in: SignIn
) -> Story:
    """The library on its first day, in one language."""
    app.config.update(SMTP_HOST="127.0.0.1", SMTP_PORT=sink.port, SMTP_SECURITY="none")
    app.config["CONTACT_EMAIL"] = "cni@example.gr"
    return Story(app, db, sink, sign_in, request.param)


def test_each_kind_of_message_arrives_and_is_right(story: Story) -> None:
    for scene in SCENES:
        scene(story)
    assert {letter.kind for letter in story.letters} == set(mail.KINDS)


def submission(story: Story) -> None:
    practice = story.begin("submission")
    story.submit(practice)
    letters = {letter.kind: letter for letter in story.work()}
    assert set(letters) == {"receipt", "review"}
    assert letters["receipt"].header("To") == address_of("Anna")
    assert letters["review"].header("To") == address_of("Mona")
    assert letters["review"].header("Subject").endswith(LONG if story.language == "el" else "ers")
    (path,) = letters["review"].paths
    assert path == f"/{story.language}/review/{practice}"


def review(story: Story) -> None:
    practice, language = story.begin("review"), story.language
    story.submit(practice)
    story.work()
    story.post("Mona", f"review/{practice}/take-up")
    assert "Mona" in story.one("taken_up").text
    for name, kinds in (("Ada", {"taken_up", "given"}), ("Mona", {"given"})):
        to = story.value("SELECT id FROM member WHERE name = ?", name)
        story.post("Ada" if name == "Mona" else "Mona", f"review/{practice}/hand-over", to=to)
        assert {letter.kind for letter in story.work()} == kinds
    on = {"field": "title", "language": "el"}
    story.post("Mona", f"review/{practice}/comments", key="the key c1", text=COMMENT, **on)
    on = {"field": "how_it_works", "language": ""}
    story.post("Mona", f"review/{practice}/comments", key="the key c2", text="Με ποιους;", **on)
    told = story.one("commented")
    assert f"> {COMMENT}" in told.text
    first = story.value("SELECT min(id) FROM comment WHERE practice_id = ?", practice)
    # The text stands still while it is reviewed: there is the comment to answer, no field.
    own = f"/{language}/my-practices/{practice}/comments/{first}"
    assert story.open(told, told.paths[0]) == own

    thread = f"{practice}/comments/{first}"
    story.post("Anna", f"my-practices/{thread}", key="the key a1", text="Ένας κατάλογος.")
    told = story.one("answered")
    assert told.header("To") == address_of("Mona")
    assert "> Ένας κατάλογος." in told.text
    assert story.open(told, told.paths[0]) == f"/{language}/review/{thread}"
    story.post("Mona", f"review/{thread}", key="the key a2", text="Γράψτε το.")
    told = story.one("answered")
    assert (told.header("To"), told.paths[0]) == (address_of("Anna"), own)

    story.decide(practice, "request-changes", reason=REASON)
    told = story.one("request_changes")
    assert QUOTED in told.text
    assert f"> {COMMENT}" in told.text
    to_title, to_text, to_all = told.paths
    form = f"/{language}/my-practices/{practice}/write"
    assert story.open(told, to_title) == f"{form}/card#title_el"
    assert story.open(told, to_text).startswith(f"{form}/")
    assert story.open(told, to_text).endswith(f"#how_it_works_{language}")
    assert to_all == f"/{language}/my-practices/{practice}"
    taken_back(story, practice)


def taken_back(story: Story, practice: int) -> None:
    """The municipality submits it again, and takes it back from whoever has it."""
    story.submit(practice)
    story.work()
    story.post("Anna", f"my-practices/{practice}/withdraw")
    assert story.one("withdrawn").header("To") == address_of("Mona")


def decisions(story: Story) -> None:
    practice = story.begin("decisions")
    story.submit(practice)
    story.decide(practice, "publish")
    told = story.one("publish")
    assert re.fullmatch(rf"/{story.language}/practices/[\w-]+", told.paths[-1])
    for action in ("archive", "restore"):
        reason = {"reason": REASON} if action == "archive" else {}
        story.decide(practice, action, **reason)
        assert (QUOTED in story.one(action).text) == bool(reason)
    refused = story.begin("refused")
    story.submit(refused)
    story.decide(refused, "decline", reason=REASON)
    assert QUOTED in story.one("decline").text
    decision = story.value("SELECT max(id) FROM moderation_log")
    story.post("Mona", f"review/{refused}/undo", decision=decision)
    assert story.one("undo").header("To") == address_of("Anna")


def updates(story: Story) -> None:
    """What is said of an update tells what becomes of the published text."""
    practice = story.begin("updates")
    story.submit(practice)
    story.decide(practice, "publish")
    story.work()
    for year, action in enumerate(("request-changes", "decline", "publish"), 2022):
        version = story.version(practice)
        form = {**FORM, "title_el": LONG, "start": str(year), "version": version}
        story.post("Anna", f"my-practices/{practice}/edit", **form)
        story.submit(practice)
        story.work()
        story.decide(practice, action, reason=REASON)
        (told,) = story.work()
        assert (QUOTED in told.text) == (action != "publish")


def account(story: Story) -> None:
    anna = address_of("Anna")
    story.post(None, "sign-in/link", email=anna)
    assert len(story.one("sign_in").paths) == 1
    story.post(None, "password/reset", email=anna)
    (path,) = story.one("reset").paths
    story.post(None, path.removeprefix(f"/{story.language}/"), password=PASSWORD)
    story.one("password_changed")
    for role, place in (("contributor", "athens"), ("administrator", "")):
        new = {"name": "Νίκη Α.", "email": f"{role}@example.gr", "role": role}
        story.post("Ada", "members/invite", **new, municipality=place, language=story.language)
        assert story.one("invitation").header("To") == f"{role}@example.gr"


def feedback(story: Story) -> None:
    # The network's mailbox, where there is one, gets it in Greek.
    story.app.config["CONTACT_EMAIL"] = ""
    story.post(None, "accessibility", message=REASON, email="reader@example.gr", page="/el/")
    told = story.one("feedback")
    assert QUOTED in told.text
    assert "reader@example.gr" in told.text
    story.app.config["CONTACT_EMAIL"] = "cni@example.gr"


def renewal(story: Story) -> None:
    # A mailbox reads Greek; where there is none, an author gets it in their own language.
    contact = {"contact": CARD["contact"] if story.language == "el" else None}
    line = json.dumps(changed(title={"el": LONG, "en": "Interpreters"}, **contact))
    assert records.import_lines(story.db, [line.encode()], publish=True).added == 1
    practice = story.value("SELECT max(id) FROM practice")
    for author in ("Anna", "Bruno"):
        story.post(author, f"my-practices/{practice}/join")
    story.work()
    long_ago = "2020-01-01T00:00:00Z"
    story.write("UPDATE practice SET published_at = ? WHERE id = ?", long_ago, practice)
    story.write("DELETE FROM chore")
    told = story.one("renewal")
    (path,) = told.paths
    # Who was asked by name knows what they answered.
    others = {address_of("Bruno")} | ({address_of("Anna")} if story.language == "el" else set())
    link = path.removeprefix(f"/{story.language}/")
    story.post(None, f"{link}/edit")
    assert {letter.header("To") for letter in story.work()} == others
    story.post(None, f"{link}/ended", note=REASON)
    told = story.work()
    assert all(QUOTED in letter.text for letter in told)
    assert {letter.header("To") for letter in told} == others | {address_of("Mona")}


def together(story: Story) -> None:
    """Anna and Bruno write together; Bruno becomes their coordinator."""
    practice, bruno = story.begin("together"), 2
    authors = f"my-practices/{practice}/authors"
    story.post("Bruno", f"my-practices/{practice}/join")
    assert story.one("joined").header("To") == address_of("Anna")
    story.post("Anna", f"{authors}/{bruno}/remove")
    assert story.one("removed").header("To") == address_of("Bruno")
    story.post("Anna", authors, member=bruno)
    assert story.one("added").header("To") == address_of("Bruno")
    story.post("Anna", f"{authors}/{bruno}/lead")
    assert story.one("handed_over").header("To") == address_of("Bruno")
    story.write("UPDATE member SET is_coordinator = 1 WHERE id = ?", bruno)
    other = f"my-practices/{story.begin('other')}"
    story.post("Bruno", f"{other}/join")
    story.work()
    story.post("Bruno", f"{other}/authors/{bruno}/lead")
    assert story.one("handed_on").header("To") == address_of("Anna")


def approval(story: Story) -> None:
    """Bruno approves for their municipality, until there is no coordinator any more."""
    story.write("UPDATE municipality SET approves_first = 1 WHERE code = 'athens'")
    practice = story.begin("approval")
    own = f"my-practices/{practice}"
    story.submit(practice)
    letters = {letter.kind: letter.header("To") for letter in story.work()}
    assert letters == {
        "receipt_in_house": address_of("Anna"),
        "awaiting_approval": address_of("Bruno"),
    }
    story.post("Anna", f"{own}/withdraw")
    assert story.one("taken_back").header("To") == address_of("Bruno")
    revision = story.submit(practice)
    story.work()
    story.write("UPDATE practice SET status_since = ? WHERE id = ?", LAST_YEAR, practice)
    story.write("DELETE FROM chore")
    told = story.one("approval_reminder")
    assert "22 November 2025" in told.text or "22 Νοεμβρίου 2025" in told.text
    story.post("Bruno", f"{own}/approval/request-changes", revision=revision, reason=REASON)
    assert QUOTED in story.one("sent_back").text
    revision = story.submit(practice)
    story.work()
    story.post("Bruno", f"{own}/approval/approve", revision=revision)
    assert {letter.kind for letter in story.work()} == {"approved", "review"}
    story.submit(story.begin("passed-on"))
    story.work()
    story.post("Ada", "members/2/deactivate")
    assert {letter.kind for letter in story.work()} == {"passed_on", "review"}


def digest(story: Story) -> None:
    details = {"name": "Anna", "language": story.language, "delivery": "daily"}
    story.post("Anna", "account", **details)
    story.write("UPDATE municipality SET approves_first = 0")
    practice = story.begin("digest")
    story.submit(practice)
    story.post("Mona", f"review/{practice}/take-up")
    story.decide(practice, "request-changes", reason=REASON)
    assert {letter.kind for letter in story.work()} == {"review"}
    day_before = (datetime.now(UTC) - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    story.write("UPDATE outbox SET created_at = ? WHERE sent_at IS NULL", day_before)
    told = story.one("digest")
    assert "3" in told.header("Subject")
    assert QUOTED in told.text
    assert [f"\n{number}. " in told.text for number in range(1, 5)] == [True] * 3 + [False]
    assert told.paths[-1] == f"/{story.language}/account"
    greeting = "Dear Anna," if story.language == "en" else "Προς: Anna"
    assert told.text.count(greeting) == 1


SCENES: tuple[Callable[[Story], None], ...] = (
    submission,
    review,
    decisions,
    updates,
    feedback,
    account,
    renewal,
    together,
    approval,
    digest,
)
