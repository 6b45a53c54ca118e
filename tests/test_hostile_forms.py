"""Forms as nobody's browser sends them: every field of every form with what was never meant."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlite_utils import Database

from kb.access import Member
from kb.db import transaction
from kb.moderation import actions as moderation
from kb.moderation.model import Decision
from kb.practices import actions, drafts, store
from kb.practices.model import Practice
from kb.practices.template import BY_CODE
from tests.kb.accounts.cases import VOLOS
from tests.kb.practices.cases import CARD, CONFIRMED, FORM, changed

Find = Callable[[str], Member]
SignIn = Callable[[str | None], FlaskClient]

VALUES = [
    "9" * 30, "-1", "٣", "²", "0001-01-01T00:00", "9999-12-31T23:59", "2027-03-28T03:30",
    "α\0β\u202e", '{"title_el": 1, "links": "' + "a." * 5000 + '"}', "[" * 20_000,
    '{"content": {"title": []}}', "99999999999999999999:1", "//evil.example", "a" * 200_000,
]  # fmt: skip


@pytest.fixture
def library(app: Flask, db: Database, member: Find) -> list[Practice]:
    """Anna's draft, one that waits, one that is public; and Clara's draft."""
    anna, clara, mona = (member(name) for name in ("Anna", "Clara", "Mona"))
    actions.create(db, anna, "a key of Anna", CARD)
    for title in ("Περιμένει", "Δημόσια"):
        practice = actions.create(db, anna, title, changed(title={"el": title}))
        actions.submit(db, practice, anna, 1)
    moderation.decide(db, store.get(db, 3), mona, Decision("publish", 2))
    actions.create(db, clara, "a key of Clara", changed(municipality="thessaloniki"))
    return [store.get(db, number) for number in (1, 2, 3, 4)]


TERM = {
    f"{name}_{language}": "Στέγη"
    for name in ("label", "definition", "text", "synonyms")
    for language in ("el", "en")
}
# Forms as they should be: whose, where, what. Each of their fields is replaced in turn.
SOUND: list[tuple[str, str, dict[str, Any]]] = [
    ("Anna", "my-practices", {**FORM, "submission_key": "another key", "then": "save"}),
    ("Mona", "my-practices", {**FORM, "submission_key": "Mona's key", "municipality": "athens"}),
    ("Anna", "my-practices/autosave", {**FORM, "submission_key": "a third key", "page": "tab"}),
    ("Anna", "my-practices/1/edit", {**FORM, "version": "1", "opened": "{}", "page": "tab"}),
    (
        "Anna",
        "my-practices/1/write/quick/autosave",
        {**FORM, "version": "1", "opened": '{"title_el": "-"}', "page": "tab"},
    ),
    (
        "Anna",
        "my-practices/1/write/results",
        {
            "indicators_0_name_el": "Ώρες",
            "indicators_0_value": "12",
            "indicators_0_unit_el": "ώρες",
            "version": "1",
            "opened": '{"indicators": "a.b"}',
            "then": "stay",
            "remove": "",
            "add": "",
        },
    ),
    ("Anna", "my-practices/1/files", {"then": "save", "remove": "0" * 64}),
    ("Anna", "my-practices/1/submit", {**CONFIRMED, "version": "1"}),
    ("Anna", "my-practices/1/word/apply", {"found": "{}", "chosen": "title_el"}),
    ("Mona", "review/2/publish", {"revision": "1", "evidence": "", "when": "now", "at": ""}),
    ("Mona", "review/2/publish", {"revision": "1", "when": "later", "at": "2027-01-31T09:00"}),
    ("Mona", "review/2/request-changes", {"revision": "1", "reason": "Γιατί;", "ready": ""}),
    ("Mona", "review/3/assess", {"revision": "2", "evidence": "", "maturity": ""}),
    ("Mona", "review/3/archive", {"revision": "2", "reason": "Γιατί;", "ready": ""}),
    ("Mona", "review/3/take-down", {"revision": "2", "reason": "Γιατί;", "ready": ""}),
    (
        "Mona",
        "review/2/comments",
        {"key": "a key of ours", "field": "title", "language": "el", "text": "Γιατί;"},
    ),
    ("Mona", "review/2/hand-over", {"to": "5"}),
    (
        "Mona",
        "review/2/checklist",
        {"revision": "1", "answer_inclusion": "yes", "opened_inclusion": "-"},
    ),
    ("Mona", "review/3/undo", {"decision": "3"}),
    ("Mona", "review/bulk", {"do": "publish", "practice": "2:1", "to": "5"}),
    ("Mona", "review/bulk", {"do": "hand-over", "practice": "2:1", "to": "5"}),
    ("Ada", "members/1", {"role": "contributor", "municipality": "athens"}),
    (
        "Ada",
        "members/invite",
        {"email": "new@example.gr", "name": "Νέα", "role": "moderator", "language": "el"},
    ),
    (
        "Ada",
        "municipality-settings/athens",
        {"mailbox": "a@example.gr", "approves_first": "yes", "opened": ""},
    ),
    ("Ada", "municipality-settings/athens/details", {**VOLOS, "opened": ""}),
    ("Ada", "members/add-municipality", VOLOS),
    ("Anna", "account", {"name": "Anna", "language": "el", "delivery": "daily"}),
    ("Ada", "vocabularies/areas/new", {**TERM, "code": "homes"}),
    ("Ada", "vocabularies/decision_reasons/terms/other", {**TERM, "opened": "0" * 64}),
    (None, "accessibility", {"page": "/el/", "message": "Καλό", "email": "a@example.gr"}),
    (None, "sign-in", {"email": "anna@example.gr", "password": "x", "next": "/", "carried": "x"}),
    (None, "sign-in/link", {"email": "anna@example.gr", "next": "/en/"}),
]


@pytest.mark.parametrize("case", SOUND, ids=lambda case: f"{case[0]}-{case[1]}")
def test_no_value_of_any_field_is_a_fault_of_ours(
    library: list[Practice], sign_in: SignIn, case: tuple[str | None, str, dict[str, Any]]
) -> None:
    name, address, form = case
    client = sign_in(name)
    for number, field in enumerate(form):
        # Each value meets each form, and each field some of the values.
        for value in VALUES[number % 5 :: min(5, len(form))]:
            answer = client.post(f"/en/{address}", data={**form, field: value})
            assert answer.status_code < 500, (field, value[:40])


PRIVATE_COLUMNS = {
    "id": "77", "status": "published", "slug": "mine", "reference": "CNI-1999-001",
    "municipality": "thessaloniki", "created_by": "5", "author_id": "5", "member_id": "5",
    "public_revision_id": "1", "newest_revision_id": "1", "published_at": "2000-01-01",
    "evidence_level": "strong", "evidence": "strong", "confirmed_on": "2026-01-01",
    "reviewed_on": "2026-01-01", "role": "administrator", "is_active": "1",
    "is_coordinator": "1", "approves_first": "1", "saved_by": "5", "email": "mine@example.gr",
}  # fmt: skip


def standing(db: Database, table: str) -> list[tuple[Any, ...]]:
    """The rows of a table, without what one's own save and the clock put there."""
    rows = [dict(row) for row in db.execute(f"SELECT * FROM {table}")]
    moving = {"content", "version", "saved_at", "status_since", "written", "page"}
    return [tuple(row[name] for name in row if name not in moving) for row in rows]


def test_no_form_of_writing_sets_what_is_not_asked(
    db: Database, library: list[Practice], sign_in: SignIn
) -> None:
    anna, tables = sign_in("Anna"), ("practice", "revision", "member", "moderation_log")
    before = {table: standing(db, table) for table in tables}
    form = {**FORM, **PRIVATE_COLUMNS, "version": "1"}
    for address in ("1/edit", "1/write/quick", "1/write/results", "1/write/quick/autosave"):
        assert anna.post(f"/en/my-practices/{address}", data=form).status_code < 400
    assert {table: standing(db, table) for table in tables} == before
    draft = store.find_draft(db, 1)
    assert draft
    assert draft.content["municipality"] == "athens"
    assert set(draft.content) <= set(CARD)
    details = {**PRIVATE_COLUMNS, "name": "Anna", "language": "el", "delivery": "at_once"}
    assert anna.post("/en/account", data=details).status_code == 303
    assert standing(db, "member") == before["member"]


def test_nobody_writes_in_another_municipality_s_practice(
    app: Flask, db: Database, library: list[Practice], sign_in: SignIn
) -> None:
    def state() -> list[Any]:
        tables = ("practice", "draft", "draft_version", "revision", "comment", "attachment")
        return [tuple(row) for table in tables for row in db.execute(f"SELECT * FROM {table}")]

    clara, before = sign_in("Clara"), state()
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        for rule in app.url_map.iter_rules():
            if "POST" not in (rule.methods or ()) or "practice_id" not in rule.arguments:
                continue
            values = dict.fromkeys(rule.arguments, 1) | {"lang": "en"}
            values |= {"section": "quick"} if "section" in rule.arguments else {}
            for practice in library[:3]:
                values["practice_id"] = practice.id
                address = adapter.build(rule.endpoint, values, method="POST")
                form = {**FORM, **CONFIRMED, "version": "1", "revision": "1", "page": "tab"}
                assert clara.post(address, data=form).status_code == 404, address
    assert state() == before


@pytest.mark.parametrize("address", ["my-practices", "my-practices/autosave"])
def test_a_key_of_another_s_form_opens_nothing(
    db: Database, library: list[Practice], sign_in: SignIn, address: str
) -> None:
    before = [store.find_draft(db, each.id) for each in library]
    form = {**FORM, "submission_key": "a key of Anna", "title_el": "Της Κλάρας"}
    assert sign_in("Clara").post(f"/en/{address}", data=form).status_code == 404
    assert [store.find_draft(db, each.id) for each in library] == before


def test_versions_and_revisions_of_others_are_not_restored(
    db: Database, library: list[Practice], sign_in: SignIn
) -> None:
    anna = sign_in("Anna")
    theirs = drafts.list_versions(db, 4, 1)[0].id
    assert anna.post(f"/en/my-practices/1/history/{theirs}/restore").status_code == 404
    assert anna.post("/en/my-practices/1/revisions/1/restore").status_code == 404
    assert actions.working_copy(db, library[0]).content == CARD


def test_only_the_moderator_who_decided_takes_it_back(
    db: Database, library: list[Practice], sign_in: SignIn
) -> None:
    last = store.list_log(db, 3)[0].id
    assert sign_in("Ada").post("/en/review/3/undo", data={"decision": last}).status_code == 409
    assert store.get(db, 3).is_public


@pytest.mark.parametrize("field", ["nothing", "attachments", "municipality", "title.el", "", "__"])
def test_a_comment_is_about_a_field_that_there_is(
    db: Database, library: list[Practice], sign_in: SignIn, field: str
) -> None:
    form = {"key": "a key of ours", "field": field, "language": "xx", "text": "Γιατί;"}
    answer = sign_in("Mona").post("/en/review/2/comments", data=form)
    fields = [row["field"] for row in db.execute("SELECT field FROM comment")]
    assert answer.status_code in (303, 400, 404)
    assert set(fields) <= set(BY_CODE)


@pytest.mark.parametrize(
    "at", ["2000-01-01T00:00", "9999-12-31T23:59", "10000-01-01T00:00", "later", "2027-01-31"]
)
def test_nothing_is_published_at_a_time_that_no_calendar_of_ours_has(
    db: Database, library: list[Practice], sign_in: SignIn, at: str
) -> None:
    form = {"revision": "1", "when": "later", "at": at}
    answer = sign_in("Mona").post("/en/review/2/publish", data=form)
    planned = db.execute("SELECT count(*) FROM planned_publication").fetchone()[0]
    assert (answer.status_code, planned) in ((400, 0), (303, at == "2027-01-31"))
    assert store.get(db, 2).status == "submitted"


def test_several_at_once_are_only_what_waits(
    db: Database, library: list[Practice], sign_in: SignIn
) -> None:
    mona = sign_in("Mona")
    for chosen in ("1:1", "4:1", "77:1", "2", ":", "2:1:1", "٢:x"):
        answer = mona.post("/en/review/bulk", data={"do": "publish", "practice": chosen})
        assert answer.status_code in (303, 404), chosen
    assert [store.get(db, each.id).status for each in library] == [
        "draft", "submitted", "published", "draft",
    ]  # fmt: skip
    moved = {"do": "publish", "practice": ["2:2", "3:1"]}
    assert mona.post("/en/review/bulk", data=moved).status_code == 303
    assert store.get(db, 2).status == "submitted"
    assert store.get(db, 3).public_revision_id == 2


def test_a_table_of_ten_thousand_rows_is_refused_and_costs_little(
    db: Database, library: list[Practice], sign_in: SignIn
) -> None:
    rows = {f"links_{number}_url": f"https://example.gr/{number}" for number in range(9_999)}
    begun = time.process_time()
    form = {"version": "1", "opened": "{}", "page": "tab", **rows}
    answer = sign_in("Anna").post("/en/my-practices/1/write/sources/autosave", data=form)
    assert answer.status_code < 500
    assert time.process_time() - begun < 2
    assert len(actions.working_copy(db, library[0]).content.get("links", [])) <= 30


def test_a_flood_of_saves_fills_no_disk(
    db: Database, library: list[Practice], sign_in: SignIn
) -> None:
    now = datetime.now(UTC)
    with transaction(db):
        for number in range(drafts.MOST + 200):
            drafts.insert(db, 1, f"tab {number}", {}, now)
    assert drafts.count(db, 1) <= drafts.MOST + 1
