"""The messages among authors and coordinators: whole, in their language, with a way there."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlite_utils import Database

from kb import sending
from kb.access import Member
from kb.db import transaction
from kb.practices import actions, letters
from kb.practices.letters import LETTERS
from tests.kb.practices.cases import CARD, written_with
from tests.people import mails_to

Find = Callable[[str], Member]
SignIn = Callable[[str | None], FlaskClient]
REASON = "Πόσα σχολεία;\n\nΚαι από πότε;"


@pytest.mark.parametrize("language", ["el", "en"])
@pytest.mark.parametrize("kind", sorted(LETTERS))
def test_each_is_whole_and_leads_to_its_place(
    db: Database, member: Find, sign_in: SignIn, kind: str, language: str
) -> None:
    practice = actions.create(db, member("Bruno"), "key", CARD)
    with transaction(db):
        db.execute("UPDATE municipality SET approves_first = 1 WHERE code = 'athens'")
        db.execute("UPDATE member SET is_coordinator = 1 WHERE name = 'Anna'")
        db.execute("UPDATE member SET language = ?", (language,))
    practice = actions.submit(db, practice, member("Bruno"), 1)
    anna = member("Anna")
    reason = REASON if kind == "sent_back" else ""
    with transaction(db):
        letters.send(db, kind, "an event", practice, anna, by="Bruno", reason=reason)
        letters.send(db, kind, "an event", practice, anna, by="Bruno", reason=reason)
    *_before, text = mails_to(db, anna.email)
    assert db.execute("SELECT count(*) FROM outbox WHERE key LIKE 'an event%'").fetchone()[0] == 1
    assert "%" not in text
    assert CARD["title"]["el"] in text.partition("\n")[0]
    assert practice.reference in text
    assert ("Bruno" in text) == ("%(name)s" in str(LETTERS[kind].happened))
    assert ("> Και από πότε;" in text) == (kind == "sent_back")
    found = re.search(rf"https?://[^/\s]+(/{language}/\S+)", text)
    assert found
    assert sign_in("Anna").get(found[1]).status_code == 200
    row = db.execute("SELECT * FROM outbox ORDER BY id DESC LIMIT 1").fetchone()
    assert sending.message(row)["Content-Language"] == language


def test_draft_without_a_title_has_one_in_its_message(db: Database, member: Find) -> None:
    practice = actions.create(db, member("Anna"), "key", {})
    written_with(db, practice, member("Bruno"))
    (text,) = mails_to(db, "anna@example.gr")
    assert re.search(r": \S", text.partition("\n")[0])
    assert "None" not in text
