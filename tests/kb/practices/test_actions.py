"""What contributors do with a practice, and what they cannot."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlite_utils import Database

from kb.access import Member
from kb.accounts import store as accounts
from kb.db import NotFound, connect, path_of
from kb.practices import actions, drafts, merge, store
from kb.practices.model import Impossible, Practice, StaleDraft
from kb.practices.template import BY_CODE, FIELDS, LANGUAGES, Kind
from tests.kb.practices.cases import CARD, changed, write_all, written_with

Find = Callable[[str], Member]


@pytest.fixture
def anna(member: Find) -> Member:
    return member("Anna")


@pytest.fixture
def practice(db: Database, anna: Member, member: Find) -> Practice:
    """Begun by Anna; Bruno writes along."""
    return written_with(db, actions.create(db, anna, "key", CARD), member("Bruno"))


def test_the_same_form_sent_twice_is_one_practice(db: Database, anna: Member) -> None:
    first = actions.create(db, anna, "key", CARD)
    assert actions.create(db, anna, "key", changed(stage="pilot")).id == first.id
    assert store.count(db) == 1


def test_another_municipality_cannot_take_up_a_form(
    db: Database, practice: Practice, member: Find
) -> None:
    with pytest.raises(NotFound):
        actions.create(db, member("Clara"), "key", CARD)


def test_a_contributor_writes_for_their_own_municipality(db: Database, anna: Member) -> None:
    practice = actions.create(db, anna, "other", changed(municipality="tilos"))
    assert practice.municipality == "athens"
    write_all(db, practice, anna, changed(municipality="tilos"), 1)
    assert store.get(db, practice.id).municipality == "athens"


def test_a_save_on_an_older_version_does_not_overwrite(
    db: Database, practice: Practice, anna: Member, member: Find
) -> None:
    write_all(db, practice, member("Bruno"), changed(stage="pilot"), 1)
    draft = write_all(db, practice, anna, changed(stage="regular"), 1)
    assert (draft.version, draft.content["stage"]) == (2, "pilot")
    assert actions.working_copy(db, practice).content["stage"] == "pilot"


def test_the_same_text_saved_twice_is_saved_once(
    db: Database, practice: Practice, anna: Member
) -> None:
    once = write_all(db, practice, anna, changed(stage="pilot"), 1)
    assert write_all(db, practice, anna, changed(stage="pilot"), 1) == once


def test_of_two_saves_at_once_one_is_told(db: Database, practice: Practice, anna: Member) -> None:
    stage, outcomes = [BY_CODE["stage"]], list[actions.Written]()
    opened = merge.marks(CARD, stage)

    def save(code: str) -> None:
        own = connect(path_of(db))
        typed = {"stage": code}
        outcomes.append(actions.write(own, practice, anna, stage, typed, opened=opened, version=1))
        own.close()

    threads = [threading.Thread(target=save, args=(code,)) for code in ("pilot", "regular")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcome.conflicts for outcome in outcomes) == [(), ("stage",)]
    assert {outcome.draft.version for outcome in outcomes} == {2}


def test_submitting_gives_an_address_a_reference_a_revision_and_a_log_row(
    db: Database, practice: Practice, anna: Member
) -> None:
    done = actions.submit(db, practice, anna, 1)
    assert done.status == "submitted"
    assert done.slug == "athens-trapeza-diermineon-gia-ta-scholeia"
    assert done.reference is not None
    assert done.reference.startswith("CNI-")
    assert store.get_revision(db, done.newest_revision_id).content == CARD
    assert [entry.action for entry in store.list_log(db, done.id)] == ["submit"]


def test_submitting_twice_is_submitting_once(
    db: Database, practice: Practice, anna: Member
) -> None:
    assert actions.submit(db, practice, anna, 1) == actions.submit(db, practice, anna, 1)
    assert len(store.list_log(db, practice.id)) == 1
    told = db.execute("SELECT kind FROM outbox WHERE kind <> 'joined' ORDER BY id").fetchall()
    assert [row["kind"] for row in told] == ["receipt", "review"]  # Anna's and Mona's


def test_an_unfinished_draft_is_not_submitted(db: Database, anna: Member) -> None:
    practice = actions.create(db, anna, "short", changed(stage=None))
    with pytest.raises(actions.Incomplete) as incomplete:
        actions.submit(db, practice, anna, 1)
    assert [problem.field for problem in incomplete.value.problems] == ["stage"]
    assert store.get(db, practice.id).status == "draft"


def test_only_what_was_shown_is_submitted(
    db: Database, practice: Practice, anna: Member, member: Find
) -> None:
    write_all(db, practice, member("Bruno"), changed(stage="pilot"), 1)
    with pytest.raises(StaleDraft):
        actions.submit(db, practice, anna, 1)


def test_what_is_submitted_stands_still_until_it_is_withdrawn(
    db: Database, practice: Practice, anna: Member
) -> None:
    actions.submit(db, practice, anna, 1)
    with pytest.raises(Impossible):
        write_all(db, practice, anna, changed(stage="pilot"), 1)
    back = actions.withdraw(db, practice, anna)
    assert (back.status, actions.working_copy(db, back).content) == ("draft", CARD)
    write_all(db, back, anna, changed(stage="pilot"), 1)


def test_resubmitting_the_same_text_makes_no_revision(
    db: Database, practice: Practice, anna: Member
) -> None:
    actions.submit(db, practice, anna, 1)
    actions.withdraw(db, practice, anna)
    actions.submit(db, practice, anna, 1)
    assert len(store.list_revisions(db, practice.id)) == 1


def test_two_practices_of_one_title_have_two_addresses(db: Database, anna: Member) -> None:
    slugs = set()
    for key in ("one", "two", "three"):
        slugs.add(actions.submit(db, actions.create(db, anna, key, CARD), anna, 1).slug)
    assert len(slugs) == 3


def test_references_count_up_within_a_year(db: Database, anna: Member) -> None:
    references = [
        actions.submit(db, actions.create(db, anna, key, CARD), anna, 1).reference
        for key in ("one", "two")
    ]
    assert [str(reference)[-4:] for reference in references] == ["-001", "-002"]


def test_a_revision_and_a_log_row_can_never_be_changed(
    db: Database, practice: Practice, anna: Member
) -> None:
    import sqlite3

    actions.submit(db, practice, anna, 1)
    for statement in (
        "UPDATE revision SET content = '{}'",
        "UPDATE moderation_log SET reason = 'other'",
        "DELETE FROM moderation_log",
    ):
        with pytest.raises(sqlite3.IntegrityError):
            db.conn.execute(statement)


def words(el: str, en: str = "") -> dict[str, str]:
    return {language: text for language, text in (("el", el), ("en", en)) if text}


def typed(
    db: Database, practice: Practice, member: Member, opened: dict[str, str] | None, **fields: Any
) -> actions.Written:
    """Save some fields as a page of the form does."""
    own = [BY_CODE[code] for code in fields]
    content = {code: value for code, value in fields.items() if value}
    return actions.write(
        db, practice, member, own, content, opened=opened, version=1, page=f"{member.name}'s tab"
    )


def test_two_people_in_two_fields_both_get_what_they_typed(
    db: Database, practice: Practice, anna: Member, member: Find
) -> None:
    fields = [BY_CODE["goals"], BY_CODE["lessons"]]
    opened = merge.marks(practice_content(db, practice), fields)
    typed(db, practice, member("Bruno"), opened, goals=words("Του Μπρούνο"), lessons=None)
    written = typed(db, practice, anna, opened, goals=None, lessons=words("Της Άννας"))
    assert (written.conflicts, written.newer) == ((), ("goals_el",))
    content = practice_content(db, practice)
    assert content["goals"] == {"el": "Του Μπρούνο"}
    assert content["lessons"] == {"el": "Της Άννας"}


def practice_content(db: Database, practice: Practice) -> Any:
    return actions.working_copy(db, practice).content


def test_the_same_text_changed_by_two_stays_as_saved_first(
    db: Database, practice: Practice, anna: Member, member: Find
) -> None:
    opened = merge.marks(CARD, [BY_CODE["summary"]])
    save = {"summary": words("Του Μπρούνο")}
    write_all(db, practice, member("Bruno"), changed(**save), 1)
    written = typed(db, practice, anna, opened, summary=words("Της Άννας"))
    assert written.conflicts == ("summary_el",)
    assert practice_content(db, practice)["summary"] == {"el": "Του Μπρούνο"}


def test_a_page_whose_answer_was_lost_goes_on(
    db: Database, practice: Practice, anna: Member
) -> None:
    opened = merge.marks(CARD, [BY_CODE["goals"]])
    for text in ("Πρώτα", "Πρώτα και ύστερα"):
        written = typed(db, practice, anna, opened, goals=words(text))
        assert written.conflicts == ()
    assert practice_content(db, practice)["goals"] == {"el": "Πρώτα και ύστερα"}


def test_nothing_is_written_where_nothing_changed(
    db: Database, practice: Practice, anna: Member
) -> None:
    opened = merge.marks(CARD, [BY_CODE["summary"]])
    written = typed(db, practice, anna, opened, summary=CARD["summary"])
    assert written.draft.version == 1
    assert drafts.count(db, practice.id) == 1


def test_what_is_submitted_takes_no_more_words(
    db: Database, practice: Practice, anna: Member
) -> None:
    actions.submit(db, practice, anna, 1)
    with pytest.raises(Impossible):
        typed(db, practice, anna, {"goals_el": merge.NOTHING}, goals=words("Αργά"))


def test_every_save_of_twenty_at_once_is_kept(db: Database, practice: Practice) -> None:
    """Twenty tabs in twenty fields of one draft: all of it is there, no save was refused."""
    fields = [field for field in FIELDS if field.kind is Kind.PROSE]
    people = accounts.list_active(db, municipality="athens")

    def save(number: int) -> None:
        own = connect(path_of(db))
        field, language = fields[number // 2], LANGUAGES[number % 2]
        content = {field.code: {**CARD.get(field.code, {}), language: f"text {number}"}}
        opened = merge.marks(CARD, [field])
        actions.write(own, practice, people[number % 2], [field], content, opened=opened, version=1)
        own.close()

    numbers = range(2 * len(fields))
    threads = [threading.Thread(target=save, args=(number,)) for number in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    content = practice_content(db, practice)
    for number in numbers:
        assert content[fields[number // 2].code][LANGUAGES[number % 2]] == f"text {number}"
    assert drafts.count(db, practice.id) == 1 + len(numbers)


def test_an_earlier_draft_is_restored_as_a_new_version(
    db: Database, practice: Practice, anna: Member
) -> None:
    write_all(db, practice, anna, changed(stage="pilot"), 1)
    first = drafts.list_versions(db, practice.id, 10)[-1]
    draft = actions.restore(db, practice, anna, first.id)
    assert (draft.content, draft.version) == (CARD, 3)
    stages = [each.content["stage"] for each in drafts.list_versions(db, practice.id, 10)]
    assert stages == ["running", "pilot", "running"]


def test_another_practices_draft_is_not_restored(
    db: Database, practice: Practice, anna: Member, member: Find
) -> None:
    other = actions.create(db, member("Clara"), "clara", CARD)
    theirs = drafts.list_versions(db, other.id, 1)[0]
    with pytest.raises(NotFound):
        actions.restore(db, practice, anna, theirs.id)
