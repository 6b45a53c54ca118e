"""When a municipality is asked, how often, at which address, and in which words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask

from kb import mail
from kb.accounts import erasure
from kb.db import get_db, transaction
from kb.renewals import actions, asking, store
from kb.renewals.model import MOST_IN_A_LETTER, NobodyToAsk, due_on, is_due, since
from tests.kb.moderation.conftest import UPDATED
from tests.kb.renewals.conftest import Years

ATHENS = "entaxi@athens.example.gr"


def recipients(years: Years) -> list[str]:
    return [letter["recipient"] for letter in years.letters()]


@pytest.mark.parametrize(
    ("start", "months", "due"),
    [
        ("2025-11-22", 12, "2026-11-22"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2026-01-31", 12, "2027-01-31"),
        ("2026-08-31", 6, "2027-02-28"),
        ("2026-12-01", 1, "2027-01-01"),
    ],
)
def test_time_is_counted_in_months(start: str, months: int, due: str) -> None:
    assert due_on(start, months) == due
    assert is_due(start, months, datetime.fromisoformat(f"{due}T00:00:00Z"))
    before = datetime.fromisoformat(f"{due}T00:00:00Z").timestamp() - 1
    assert not is_due(start, months, datetime.fromtimestamp(before, UTC))


def test_the_later_of_publishing_and_confirming_counts() -> None:
    assert since("2025-03-01T10:00:00Z", None) == "2025-03-01"
    assert since("2025-03-01T10:00:00Z", "2026-03-02") == "2026-03-02"
    assert since("2025-03-01T10:00:00Z", "2024-03-02") == "2025-03-01"


def test_asked_after_a_year_and_not_before(years: Years) -> None:
    years.give_mailbox(ATHENS)
    years.published(360)
    assert years.ask() == 0
    assert years.ask(6) == 1
    (letter,) = years.letters()
    assert (letter["recipient"], letter["language"]) == (ATHENS, "el")


def test_one_letter_lists_all_that_is_due(years: Years) -> None:
    years.give_mailbox(ATHENS)
    for number in range(3):
        years.published(400 + number, key=f"key {number}")
    years.published(10, key="young")
    assert years.ask() == 1
    assert len(years.paths()) == len(set(years.paths())) == 3


def test_long_letters_are_cut_and_the_rest_follows_a_week_later(years: Years) -> None:
    years.give_mailbox(ATHENS)
    for number in range(MOST_IN_A_LETTER + 1):
        years.published(400, key=f"key {number}")
    assert [years.ask(), years.ask(6.9), years.ask(7.1), years.ask(15)] == [1, 0, 1, 0]
    assert len(years.paths()) == MOST_IN_A_LETTER + 1


def test_two_reminders_and_no_more(years: Years) -> None:
    years.give_mailbox(ATHENS)
    practice = years.published()
    asked = [day for day in range(200) if years.ask(day)]
    assert asked == [0, 30, 60]
    case = store.find_due(years.db, practice.id, 12, years.after(61))
    assert case is not None
    assert case.standing == "overdue"
    assert case.round is not None
    first = case.round.first_asked_at or ""
    assert first < (case.round.last_asked_at or "")


def test_municipality_then_contact_then_author_is_asked(years: Years) -> None:
    practice = years.published()
    for step in (ATHENS, "entaxi@example.gr", "anna@example.gr"):
        with transaction(years.db):
            years.db.execute("DELETE FROM renewal_link")
            years.db.execute("DELETE FROM renewal")
        years.give_mailbox(ATHENS if step == ATHENS else None)
        if step == "anna@example.gr":
            forget_contact(years, practice.public_revision_id)
        years.ask()
        assert recipients(years)[-1] == step
    assert "Anna" in years.letters()[-1]["body"]


def forget_contact(years: Years, revision_id: int | None) -> None:
    """As if the practice had come in without one."""
    with transaction(years.db):
        years.db.execute("DROP TRIGGER IF EXISTS revision_stands")
        years.db.execute(
            "UPDATE revision SET content = json_remove(content, '$.contact') WHERE id = ?",
            (revision_id,),
        )


def test_where_there_is_nobody_it_is_listed_at_once(years: Years) -> None:
    practice = years.published()
    forget_contact(years, practice.public_revision_id)
    with transaction(years.db):
        years.db.execute("UPDATE member SET is_active = 0 WHERE role = 'contributor'")
    assert years.ask() == 0
    case = store.find_due(years.db, practice.id, 12, years.start)
    assert case is not None
    assert case.standing == "nobody"
    with pytest.raises(NobodyToAsk):
        asking.ask_again(years.db, practice, years.start)


def test_cities_outside_the_network_are_listed_and_not_written_to(years: Years) -> None:
    practice = years.published()
    with transaction(years.db):
        years.db.execute("UPDATE practice SET municipality = 'other'")
    assert years.ask() == 0
    case = store.find_due(years.db, practice.id, 12, years.start)
    assert case is not None
    assert case.standing == "nobody"


def test_different_services_get_a_letter_each(years: Years) -> None:
    years.published(key="one")
    contact = {"service": {"el": "Κέντρο"}, "mailbox": "kem@example.gr", "visibility": "members"}
    years.published(key="two", contact=contact)
    assert years.ask() == 2
    assert sorted(recipients(years)) == ["entaxi@example.gr", "kem@example.gr"]


def test_what_is_under_review_is_not_asked(years: Years) -> None:
    practice = years.published()
    years.desk.edited(practice, "Anna", UPDATED)
    assert years.ask() == 0
    case = store.find_due(years.db, practice.id, 12, years.start)
    assert case is not None
    assert case.standing == "update"


@pytest.mark.parametrize("status", ["submitted", "changes_requested", "declined", "archived"])
def test_what_is_not_public_is_never_asked(years: Years, status: str) -> None:
    practice = years.desk.in_status(status)
    years.publish_ago(practice, 4000)
    assert years.ask() == 0
    assert store.list_due(years.db, 12, years.start) == []


def test_publishing_an_update_counts_as_confirming(years: Years) -> None:
    practice = years.published()
    assert years.now(practice).confirmed_on is None
    years.ask()
    years.desk.decide(years.desk.edited(practice, "Anna", UPDATED), "publish")
    assert years.now(practice).confirmed_on == years.today
    assert [years.ask(40), years.ask(360)] == [0, 0]
    assert years.ask(366) == 1


def test_taking_the_publication_back_leaves_the_question_as_it_was(years: Years) -> None:
    from kb.moderation.actions import undo

    practice = years.published()
    years.ask()
    update = years.desk.edited(practice, "Anna", UPDATED)
    before = years.now(practice)
    years.desk.decide(update, "publish")
    entry = years.db.execute("SELECT max(id) FROM moderation_log").fetchone()[0]
    undo(years.db, years.now(practice), years.desk.member("Mona"), entry)
    assert years.now(practice) == before
    case = store.find_due(years.db, practice.id, 12, years.start)
    assert case is not None
    assert case.round is not None
    assert case.round.letters == 1


def test_setting_of_none_asks_never(years: Years, app: Flask) -> None:
    years.published(4000)
    app.config["CONFIRM_MONTHS"] = 0
    assert years.ask() == 0
    app.config["CONFIRM_MONTHS"] = 6
    assert years.ask() == 1


def test_letter_says_what_is_asked_and_until_when(years: Years) -> None:
    with transaction(years.db):
        years.db.execute("UPDATE member SET is_active = 0 WHERE name = 'Anna'")
    practice = years.desk.published("Bruno")
    years.publish_ago(practice, 400)
    forget_contact(years, practice.public_revision_id)
    years.ask()
    (letter,) = years.letters()
    assert (letter["recipient"], letter["language"]) == ("bruno@example.gr", "en")
    assert letter["subject"] == "Is it still true? Interpreters at citizen service centres"
    body = letter["body"]
    assert body.startswith("Dear Bruno,\n\n")
    assert f"Municipality of Athens, reference {practice.reference}" in body
    assert "it is still true, it needs changes, or it has ended" in body
    assert "We first asked" not in body
    assert years.ask(30) == 1
    assert "We first asked on" in years.letters()[-1]["body"]


def test_link_of_the_first_letter_works_after_the_reminder(years: Years) -> None:
    years.published()
    years.ask()
    years.ask(30)
    first, second = (path.rpartition("/")[2] for path in years.paths())
    assert first != second
    assert actions.open_link(years.db, first, years.after(31)).is_open
    assert actions.open_link(years.db, second, years.after(31)).is_open


def test_old_links_and_addresses_are_forgotten(years: Years) -> None:
    first = years.published()
    years.ask()
    actions.confirm_by(years.db, first, years.desk.member("Anna"), years.start)
    years.ask(367)
    assert len(years.paths()) == 2
    asking.forget_old(years.db, years.after(367))
    assert years.db.execute("SELECT count(*) FROM renewal_link").fetchone()[0] == 1
    assert [row["recipient"] for row in years.rows()] == [None, "entaxi@example.gr"]


def test_erased_author_leaves_no_address(years: Years) -> None:
    practice = years.published()
    forget_contact(years, practice.public_revision_id)
    years.ask()
    assert [row["recipient"] for row in years.rows()] == ["anna@example.gr"]
    with transaction(years.db):
        years.db.execute("UPDATE member SET is_active = 0 WHERE name = 'Anna'")
    erasure.erase(years.db, None, years.desk.member("Anna").id)
    assert [row["recipient"] for row in years.rows()] == [None]
    assert years.letters() == []


def test_killed_before_the_commit_nothing_is_told_and_then_once(
    years: Years, monkeypatch: pytest.MonkeyPatch
) -> None:
    years.published()
    real = mail.queue

    def die(*given: object, **named: object) -> None:
        real(*given, **named)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    monkeypatch.setattr("kb.mail.queue", die)
    with pytest.raises(KeyboardInterrupt):
        years.ask()
    assert years.letters() == []
    assert years.rows() == []
    monkeypatch.setattr("kb.mail.queue", real)
    assert [years.ask(), years.ask()] == [1, 0]
    assert len(years.letters()) == 1


def test_two_workers_at_once_write_one_letter(app: Flask, years: Years) -> None:
    import threading

    years.give_mailbox(ATHENS)
    for number in range(4):
        years.published(key=f"key {number}")
    start, done = threading.Barrier(3), list[int]()

    def work() -> None:
        start.wait()
        with app.app_context():
            done.append(asking.ask(get_db(), years.start))

    workers = [threading.Thread(target=work) for _ in range(3)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    assert sum(done) == 1
    assert len(years.letters()) == 1


def test_worker_asks(app: Flask, years: Years) -> None:
    years.published()
    app.test_cli_runner().invoke(args=["worker", "--once"])
    assert len(years.letters()) == 1


def test_day_of_an_answer_is_that_of_athens(years: Years) -> None:
    practice = years.published()
    late = datetime(2027, 6, 30, 22, 15, tzinfo=UTC)  # a quarter past one
    actions.confirm_by(years.db, practice, years.desk.member("Anna"), late)
    assert years.now(practice).confirmed_on == "2027-07-01"
