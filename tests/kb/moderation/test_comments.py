"""Comments on fields: who writes, answers, resolves and reads them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from kb.db import transaction
from kb.moderation import comments, conversation
from kb.moderation.model import COMMENT_LENGTH, Thread
from kb.practices import actions
from kb.practices.model import Practice
from tests.kb.moderation.conftest import UPDATED, Desk
from tests.test_every_page import faults

SignIn = Callable[[str | None], FlaskClient]
SAID = "Which centres exactly?"


def say(
    client: FlaskClient,
    practice: Practice,
    text: str = SAID,
    key: str = "a key of ours",
    **form: str,
) -> int:
    sent = {"key": key, "field": "how_it_works", "language": "en", "text": text, **form}
    return client.post(f"/en/review/{practice.id}/comments", data=sent).status_code


def threads(desk: Desk, practice: Practice) -> list[Thread]:
    return comments.list_threads(desk.db, practice.id)


def address(practice: Practice, thread: Thread, side: str = "review") -> str:
    return f"/en/{side}/{practice.id}/comments/{thread.first.id}"


def test_comment_stands_beside_its_field(desk: Desk, mona: FlaskClient) -> None:
    practice = desk.submitted()
    assert say(mona, practice) == 303
    (thread,) = threads(desk, practice)
    assert (thread.first.field, thread.first.language, thread.is_open) == (
        "how_it_works",
        "en",
        True,
    )
    page = mona.get(f"/en/review/{practice.id}").text
    assert page.index('id="comments-how_it_works"') < page.index(SAID)
    assert list(faults("/en/", page)) == []


def test_comment_on_what_is_missing_is_possible(desk: Desk, mona: FlaskClient) -> None:
    practice = desk.submitted()
    assert say(mona, practice, field="results", language="") == 303
    assert SAID in mona.get(f"/en/review/{practice.id}").text


def test_form_sent_twice_is_one_comment(desk: Desk, mona: FlaskClient) -> None:
    practice = desk.submitted()
    assert [say(mona, practice), say(mona, practice)] == [303, 303]
    assert len(threads(desk, practice)) == 1
    assert say(mona, practice, key="another key") == 303
    assert len(threads(desk, practice)) == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Write the comment"),
        (" …\r\n", "Write the comment"),
        ("λ" * (COMMENT_LENGTH + 1), f"The comment has {COMMENT_LENGTH + 1} characters"),
        ("bad\x00", "U+0000"),
    ],
)
def test_comment_that_does_not_fit_is_kept_for_mending(
    desk: Desk, mona: FlaskClient, text: str, message: str
) -> None:
    practice = desk.submitted()
    sent = {"key": "a key of ours", "field": "how_it_works", "text": text}
    answer = mona.post(f"/en/review/{practice.id}/comments", data=sent)
    assert answer.status_code == 400
    assert message in answer.text
    assert 'href="#text-how_it_works"' in answer.text
    assert text.strip("\r\n \x00") in answer.text
    assert list(faults("/en/", answer.text)) == []
    assert threads(desk, practice) == []


@pytest.mark.parametrize(
    "form",
    [{"field": "nonsense"}, {"field": ""}, {"language": "fr"}, {"field": "areas"}, {"key": ""}],
)
def test_comment_on_nothing_is_refused(desk: Desk, mona: FlaskClient, form: dict[str, str]) -> None:
    practice = desk.submitted()
    assert say(mona, practice, **form) in (400, 404)
    assert threads(desk, practice) == []


def test_author_answers_and_moderator_resolves_and_reopens(
    desk: Desk, mona: FlaskClient, sign_in: SignIn
) -> None:
    practice = desk.submitted()
    say(mona, practice)
    thread = threads(desk, practice)[0]
    anna = sign_in("Anna")
    assert SAID in anna.get(f"/en/my-practices/{practice.id}").text
    own = address(practice, thread, "my-practices")
    assert list(faults("/en/", anna.get(own).text)) == []
    sent = {"key": "anna's own key", "text": "All ten of them."}
    for _ in range(2):
        assert anna.post(own, data=sent).status_code == 303
    (thread,) = threads(desk, practice)
    assert [each.text for each in thread.answers] == ["All ten of them."]
    assert "All ten of them." in mona.get(f"/en/review/{practice.id}").text
    assert mona.post(address(practice, thread) + "/resolve").status_code == 303
    assert threads(desk, practice)[0].first.resolved_by == "Mona"
    assert "Resolved" in anna.get(own).text
    assert mona.post(address(practice, thread) + "/reopen").status_code == 303
    assert threads(desk, practice)[0].is_open


def test_answer_that_says_nothing_is_asked_for_again(
    desk: Desk, mona: FlaskClient, sign_in: SignIn
) -> None:
    practice = desk.submitted()
    say(mona, practice)
    thread = threads(desk, practice)[0]
    for name, side in (("Anna", "my-practices"), ("Mona", "review")):
        sent = {"key": "a key of its own", "text": "  "}
        answer = sign_in(name).post(address(practice, thread, side), data=sent)
        assert answer.status_code == 400
        assert 'href="#text"' in answer.text
        assert list(faults("/en/", answer.text)) == []


@pytest.mark.parametrize(("name", "status"), [(None, 303), ("Clara", 404)])
def test_nobody_else_reads_or_answers(
    desk: Desk, mona: FlaskClient, sign_in: SignIn, name: str | None, status: int
) -> None:
    practice = desk.published()
    practice = desk.edited(practice, "Anna", UPDATED)
    say(mona, practice)
    thread, other = threads(desk, practice)[0], sign_in(name)
    for side in ("review", "my-practices"):
        assert other.get(address(practice, thread, side)).status_code == status
        assert other.post(address(practice, thread, side)).status_code == status
    assert SAID not in other.get(f"/en/practices/{practice.slug}").text


def test_contributor_neither_begins_nor_resolves(
    desk: Desk, mona: FlaskClient, sign_in: SignIn
) -> None:
    practice = desk.submitted()
    say(mona, practice)
    thread, anna = threads(desk, practice)[0], sign_in("Anna")
    assert say(anna, practice, key="anna's own key") == 404
    assert anna.post(address(practice, thread) + "/resolve").status_code == 404


def test_comment_of_another_practice_is_not_found(desk: Desk, mona: FlaskClient) -> None:
    first, second = desk.submitted(key="one"), desk.submitted(key="two")
    say(mona, first)
    assert mona.get(address(second, threads(desk, first)[0])).status_code == 404


def test_comment_says_when_the_text_has_changed_since(desk: Desk, mona: FlaskClient) -> None:
    practice = desk.submitted()
    say(mona, practice)
    back = desk.decide(practice, "request_changes")
    again = {**UPDATED, "how_it_works": {**UPDATED["how_it_works"], "en": "At all ten centres."}}
    desk.edited(back, "Anna", again)
    page = mona.get(f"/en/review/{practice.id}").text
    assert "the text has changed since" in page
    assert "on revision 1" in page


def test_form_of_the_field_shows_what_is_open(
    desk: Desk, mona: FlaskClient, sign_in: SignIn
) -> None:
    practice = desk.submitted()
    say(mona, practice)
    desk.decide(practice, "request_changes")
    anna, path = sign_in("Anna"), f"/en/my-practices/{practice.id}/write"
    page = anna.get(f"{path}/what").text
    assert SAID in page
    assert 'href="#how_it_works_en"' in page
    assert list(faults("/en/", page)) == []
    assert SAID not in anna.get(f"{path}/means").text
    mona.post(address(practice, threads(desk, practice)[0]) + "/resolve")
    assert SAID not in anna.get(f"{path}/what").text


def test_open_comments_go_with_a_request_for_changes(desk: Desk, mona: FlaskClient) -> None:
    practice = desk.submitted(by="Bruno")
    say(mona, practice)
    say(mona, practice, "Settled already.", key="another key")
    mona.post(address(practice, threads(desk, practice)[1]) + "/resolve")
    desk.decide(practice, "request_changes")
    (sent,) = desk.mails("request_changes")
    assert f"How it works (English):\n> {SAID}" in sent["body"]
    assert "Settled already." not in sent["body"]


def test_comments_of_one_day_are_told_once(desk: Desk, mona: FlaskClient) -> None:
    practice = desk.submitted(by="Bruno")
    say(mona, practice)
    say(mona, practice, key="another key")
    (sent,) = desk.mails("commented")
    assert (sent["recipient"], sent["language"]) == ("bruno@example.gr", "en")
    assert f"/en/my-practices/{practice.id}/comments/1" in sent["body"]


def test_answer_is_told_to_the_other_side(desk: Desk, mona: FlaskClient, sign_in: SignIn) -> None:
    practice = desk.submitted()
    say(mona, practice)
    thread = threads(desk, practice)[0]
    sent = {"key": "anna's own key", "text": "All ten."}
    sign_in("Anna").post(address(practice, thread, "my-practices"), data=sent)
    sent = {"key": "mona's own key", "text": "Then say so."}
    mona.post(address(practice, thread), data=sent)
    to_mona, to_anna = desk.mails("answered")
    assert (to_mona["recipient"], to_anna["recipient"]) == ("mona@example.gr", "anna@example.gr")
    assert "> All ten." in to_mona["body"]
    assert f"/el/review/{practice.id}/comments/1" in to_mona["body"]
    assert f"/el/my-practices/{practice.id}/comments/1" in to_anna["body"]


def test_comment_that_comes_too_late_is_shown_to_its_writer(desk: Desk, mona: FlaskClient) -> None:
    practice = desk.published()
    form = {"key": "a key of Mona", "field": "title", "language": "el", "text": "Πολλά & καλά."}
    answer = mona.post(f"/en/review/{practice.id}/comments", data=form)
    assert answer.status_code == 409
    assert "Πολλά &amp; καλά." in answer.text
    assert list(faults("/en/", answer.text)) == []


def test_second_moderator_answers_the_author_too(
    desk: Desk, mona: FlaskClient, sign_in: SignIn
) -> None:
    practice = desk.submitted()
    mona.post(f"/en/review/{practice.id}/take-up")
    conversation.comment(
        desk.db, practice, desk.member("Mona"), "a key of Mona", "title", "", "Πού;"
    )
    form = {"key": "a key of Ada", "text": "Ή πότε;"}
    sign_in("Ada").post(f"/en/review/{practice.id}/comments/1", data=form)
    assert [each["recipient"] for each in desk.mails("answered")] == ["anna@example.gr"]


@pytest.mark.parametrize(
    "change", ["is_active = 0", "role = 'contributor', municipality = 'larissa'"]
)
def test_answer_finds_a_moderator_where_who_asked_has_left(
    desk: Desk, sign_in: SignIn, change: str
) -> None:
    practice = desk.submitted()
    conversation.comment(desk.db, practice, desk.member("Ada"), "a key of Ada", "title", "", "Πού;")
    with transaction(desk.db):
        desk.db.execute(f"UPDATE member SET {change} WHERE name = 'Ada'")
    form = {"key": "a key of Anna", "text": "Παντού."}
    sign_in("Anna").post(f"/el/my-practices/{practice.id}/comments/1", data=form)
    assert [each["recipient"] for each in desk.mails("answered")] == ["mona@example.gr"]


def test_handing_over_is_told_to_who_gets_it(desk: Desk, mona: FlaskClient) -> None:
    practice = desk.submitted()
    for name in ("Mona", "Ada", "Ada"):
        to = {"to": desk.member(name).id}
        mona.post(f"/en/review/{practice.id}/hand-over", data=to)
    (told,) = desk.mails("given")
    assert (told["recipient"], told["language"]) == ("ada@example.gr", "en")
    assert told["body"].endswith(f"/en/review/{practice.id}\n")


def test_taking_up_is_told_to_the_author_once(desk: Desk, mona: FlaskClient) -> None:
    practice = desk.submitted(by="Bruno")
    for path in ("take-up", "release", "take-up"):
        mona.post(f"/en/review/{practice.id}/{path}")
    (sent,) = desk.mails("taken_up")
    assert sent["recipient"] == "bruno@example.gr"
    assert "Mona of the Coordination Team" in sent["body"]


def test_what_was_taken_back_gets_no_comment(desk: Desk, mona: FlaskClient) -> None:
    practice = desk.submitted()
    actions.withdraw(desk.db, practice, desk.member("Anna"))
    assert say(mona, practice) == 409
