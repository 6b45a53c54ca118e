"""What authors are told of a decision: to whom, in which language, once."""

from __future__ import annotations

import re

import pytest

from kb import sending
from kb.accounts import store as accounts
from kb.db import transaction
from kb.mail import quoted
from kb.practices import authorship, records, store
from kb.practices.model import Practice, dump
from tests.kb.moderation.conftest import CARD, Desk

REASON = "Πόσοι εξυπηρετήθηκαν;\n\nΚαι σε ποιο διάστημα;"


def test_author_reads_the_reason_and_where_to_go_on(desk: Desk) -> None:
    practice = desk.decide(desk.submitted(by="Bruno"), "request_changes", REASON)
    (sent,) = desk.mails("request_changes")
    assert (sent["recipient"], sent["language"]) == ("bruno@example.gr", "en")
    assert sent["subject"] == "Changes requested: Interpreters at citizen service centres"
    assert "> Πόσοι εξυπηρετήθηκαν;\n>\n> Και σε ποιο διάστημα;" in sent["body"]
    assert sent["body"].startswith("Dear Bruno,\n\n")
    assert practice.reference in sent["body"]
    assert sent["body"].endswith(f"/en/my-practices/{practice.id}\n")


def test_author_gets_it_in_their_own_language(desk: Desk) -> None:
    desk.decide(desk.submitted(by="Anna"), "publish")
    (sent,) = desk.mails("publish")
    assert (sent["recipient"], sent["language"]) == ("anna@example.gr", "el")
    assert "Διερμηνείς στα ΚΕΠ" in sent["subject"]
    assert re.search(r"https?://\S+/el/practices/\S+\n$", sent["body"])


@pytest.mark.parametrize("action", ["publish", "request_changes", "decline"])
def test_message_about_an_update_says_what_becomes_of_the_published_text(
    desk: Desk, action: str
) -> None:
    desk.decide(desk.updated(by="Bruno"), action)  # type: ignore[arg-type]
    update = desk.mails(action)[-1]["body"]
    desk.decide(desk.submitted(by="Bruno", key="two"), action)  # type: ignore[arg-type]
    assert "update" in update
    assert "replaced" in update or "stays as it is" in update
    assert "published text" not in desk.mails(action)[-1]["body"]


@pytest.mark.parametrize("action", ["archive", "restore"])
def test_archiving_and_restoring_are_told(desk: Desk, action: str) -> None:
    practice = desk.decide(desk.published(by="Bruno"), "archive", REASON)
    if action == "restore":
        desk.decide(practice, "restore")
    (sent,) = desk.mails(action)
    assert sent["recipient"] == "bruno@example.gr"
    assert ("> Πόσοι" in sent["body"]) == (action == "archive")


def test_one_practice_going_round_twice_is_told_each_time(desk: Desk) -> None:
    practice = desk.decide(desk.published(), "archive")
    practice = desk.decide(desk.decide(practice, "restore"), "archive")
    assert [len(desk.mails(kind)) for kind in ("archive", "restore")] == [2, 1]


def test_imported_practice_has_nobody_to_tell(desk: Desk) -> None:
    practice = _imported(desk)
    desk.decide(practice, "publish")
    assert desk.mails() == []


def test_imported_practice_is_told_to_the_mailbox_of_its_municipality(desk: Desk) -> None:
    _give_mailbox(desk)
    desk.decide(_imported(desk), "publish")
    (sent,) = desk.mails()
    assert (sent["recipient"], sent["language"]) == ("entaxi@athens.example.gr", "el")


def test_author_who_left_is_not_written_to(desk: Desk) -> None:
    practice = desk.submitted()
    _give_mailbox(desk)
    with transaction(desk.db):
        accounts.update_active(desk.db, desk.member("Anna").id, False)
    desk.decide(practice, "publish")
    (sent,) = desk.mails("publish")
    assert sent["recipient"] == "entaxi@athens.example.gr"


def test_author_who_works_elsewhere_by_now_is_not_written_to(desk: Desk) -> None:
    practice = desk.submitted()
    with transaction(desk.db):
        accounts.update_rights(desk.db, desk.member("Anna").id, "contributor", "larissa")
    desk.decide(practice, "publish")
    assert desk.mails("publish") == []


def test_all_authors_are_told_each_in_their_language(desk: Desk) -> None:
    practice = desk.submitted(by="Anna")
    authorship.join(desk.db, practice, desk.member("Bruno"))
    desk.decide(practice, "request_changes", REASON)
    sent = {each["recipient"]: each for each in desk.mails("request_changes")}
    assert list(sent) == ["anna@example.gr", "bruno@example.gr"]
    assert [each["language"] for each in sent.values()] == ["el", "en"]
    assert sent["bruno@example.gr"]["body"].startswith("Dear Bruno,\n\n")
    assert all("> Πόσοι εξυπηρετήθηκαν;" in each["body"] for each in sent.values())


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE practice_author SET removed_at = '2026-01-01', removed_by = 1 WHERE member_id = 2",
        "UPDATE member SET is_active = 0 WHERE id = 2",
        "UPDATE member SET municipality = 'larissa' WHERE id = 2",
    ],
)
def test_co_author_who_has_gone_is_not_told(desk: Desk, change: str) -> None:
    practice = desk.submitted(by="Anna")
    authorship.join(desk.db, practice, desk.member("Bruno"))
    with transaction(desk.db):
        desk.db.execute(change)
    desk.decide(practice, "publish")
    assert [each["recipient"] for each in desk.mails("publish")] == ["anna@example.gr"]


def test_title_and_reason_are_told_as_they_are(desk: Desk) -> None:
    title = "100 % «δωρεάν» %(x)s {0} & <b>"
    practice = desk.submitted(content={**CARD, "title": {"el": title}})
    desk.decide(practice, "decline", "50 % <i>\nBcc: all@example.gr")
    (sent,) = desk.mails("decline")
    assert title in sent["subject"]
    assert title in sent["body"]
    assert "> 50 % <i>\n> Bcc: all@example.gr" in sent["body"]
    message = sending.message(sent)
    assert message["Bcc"] is None
    assert message["To"] == "anna@example.gr"


def test_quoting_keeps_every_line() -> None:
    assert quoted("α\n\n  β") == "> α\n>\n>   β"


def _imported(desk: Desk) -> Practice:
    report = records.import_lines(desk.db, [dump(CARD).encode()])
    assert report.added == 1
    return store.get(desk.db, 1)


def _give_mailbox(desk: Desk) -> None:
    with transaction(desk.db):
        desk.db.execute(
            "UPDATE municipality SET mailbox = 'entaxi@athens.example.gr' WHERE code = 'athens'"
        )
