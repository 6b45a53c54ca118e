"""Whatever people do with a practice in whatever order: who writes it, and who sees it, holds."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sqlite_utils import Database

from kb.access import Member, can
from kb.accounts import membership
from kb.accounts import store as accounts
from kb.accounts.model import LastAdministrator
from kb.db import FILENAME, NotFound, get_db
from kb.moderation import actions as moderation
from kb.moderation import desk
from kb.moderation import store as desk_store
from kb.moderation.desk import NothingWaits
from kb.moderation.model import AlreadyDecided, Decision, Shelf, StaleRevision
from kb.municipalities import store as municipalities
from kb.practices import actions, approval, authors, authorship, store
from kb.practices.model import Impossible, NotAuthor, Practice, StaleDraft
from tests.kb.moderation.conftest import CARD
from tests.kb.practices.cases import write_all
from tests.people import address_of

REFUSALS = (
    *(NotFound, NotAuthor, Impossible, StaleDraft, actions.Incomplete, actions.Unchanged),
    *(AlreadyDecided, StaleRevision, NothingWaits, approval.NotAwaiting, LastAdministrator),
)
NAMES = ("Anna", "Bruno", "Clara", "Mona", "Ada")
CITIES = ("athens", "thessaloniki")
Deed = tuple[str, str, str]
PERSON = st.sampled_from(NAMES)
DEEDS = st.tuples(
    st.sampled_from(
        "save submit withdraw approve send_back publish request_changes decline archive"
        " take_down restore take_up join leave take_lead add remove hand_over switch close open"
        " move coordinate".split()
    ),
    PERSON,
    PERSON,
)


@dataclass
class History:
    """One practice, and what people try to do with it."""

    db: Database
    number: int = 0
    begun: int = 0

    def member(self, name: str) -> Member:
        account = accounts.find_account(self.db, address_of(name))
        assert account
        return account.member

    @property
    def practice(self) -> Practice:
        return store.get(self.db, self.begun)

    def happen(self, what: str, who: str, whom: str) -> bool:
        """Whether it could be done."""
        self.number += 1
        if what not in OF_ACCOUNTS and not self.is_signed_in(who):
            return False
        try:
            getattr(self, what)(self.member(who), self.member(whom))
        except REFUSALS:
            return False
        return True

    def is_signed_in(self, name: str) -> bool:
        return accounts.get_account(self.db, self.member(name).id).is_active

    def save(self, who: Member, _whom: Member) -> None:
        draft = actions.working_copy(self.db, self.practice)
        content = {**CARD, "summary": {"el": f"Σύνοψη {self.number}"}}
        write_all(self.db, self.practice, who, content, draft.version)

    def submit(self, who: Member, _whom: Member) -> None:
        draft = actions.working_copy(self.db, self.practice)
        actions.submit(self.db, self.practice, who, draft.version)

    def withdraw(self, who: Member, _whom: Member) -> None:
        actions.withdraw(self.db, self.practice, who)

    def approve(self, who: Member, _whom: Member) -> None:
        approval.approve(self.db, self.practice, who, self.practice.newest_revision_id or 0)

    def send_back(self, who: Member, _whom: Member) -> None:
        revision = self.practice.newest_revision_id or 0
        approval.send_back(self.db, self.practice, who, revision, "Γιατί;")

    def decide(self, action: Any, who: Member) -> None:
        decision = Decision(action, self.practice.newest_revision_id or 0, "Γιατί;")
        moderation.decide(self.db, self.practice, who, decision)

    def publish(self, who: Member, _whom: Member) -> None:
        self.decide("publish", who)

    def request_changes(self, who: Member, _whom: Member) -> None:
        self.decide("request_changes", who)

    def decline(self, who: Member, _whom: Member) -> None:
        self.decide("decline", who)

    def archive(self, who: Member, _whom: Member) -> None:
        self.decide("archive", who)

    def take_down(self, who: Member, _whom: Member) -> None:
        decision = Decision("archive", self.practice.public_revision_id or 0, "Γιατί;")
        moderation.take_down(self.db, self.practice, who, decision)

    def restore(self, who: Member, _whom: Member) -> None:
        self.decide("restore", who)

    def take_up(self, who: Member, _whom: Member) -> None:
        desk.take_up(self.db, self.practice, who)

    def join(self, who: Member, _whom: Member) -> None:
        authorship.join(self.db, self.practice, who)

    def leave(self, who: Member, _whom: Member) -> None:
        authorship.remove(self.db, self.practice, who, who.id)

    def take_lead(self, who: Member, _whom: Member) -> None:
        authorship.take_lead(self.db, self.practice, who)

    def add(self, who: Member, whom: Member) -> None:
        authorship.add(self.db, self.practice, who, whom.id)

    def remove(self, who: Member, whom: Member) -> None:
        authorship.remove(self.db, self.practice, who, whom.id)

    def hand_over(self, who: Member, whom: Member) -> None:
        authorship.hand_over(self.db, self.practice, who, whom.id)

    def switch(self, _who: Member, _whom: Member) -> None:
        is_on = municipalities.get(self.db, "athens").approves_first
        membership.change_municipality(
            self.db, self.member("Ada"), "athens", mailbox=None, approves_first=not is_on
        )

    def close(self, who: Member, _whom: Member) -> None:
        if who.name != "Ada":
            membership.deactivate(self.db, None, who.id)

    def open(self, who: Member, _whom: Member) -> None:
        membership.reactivate(self.db, None, who.id)

    def move(self, who: Member, _whom: Member) -> None:
        if who.municipality:
            city = CITIES[who.municipality == CITIES[0]]
            membership.change_rights(self.db, None, who.id, "contributor", city)

    def coordinate(self, who: Member, _whom: Member) -> None:
        if who.municipality:
            membership.change_rights(
                self.db, None, who.id, "contributor", who.municipality, not who.is_coordinator
            )

    def check(self) -> None:
        practice = self.practice
        self.check_authors(practice)
        self.check_stages(practice)
        self.check_desk(practice)

    def check_authors(self, practice: Practice) -> None:
        present = authors.list_present(self.db, practice.id)
        assert [each.is_lead for each in present].count(True) == (1 if present else 0)
        assert {each.member.id for each in present} <= practice.author_ids
        # Nobody is locked out: as long as somebody works there, somebody writes it or can.
        there = accounts.list_active(self.db, municipality=practice.municipality)
        ways = ("write", "take-lead")
        assert not there or any(can(each, way, practice) for each in there for way in ways)

    def check_stages(self, practice: Practice) -> None:
        coordinators = accounts.coordinators(self.db, practice.municipality)
        if practice.awaits_approval:
            assert municipalities.get(self.db, practice.municipality).approves_first
            assert coordinators
        if practice.held_back:
            assert practice.status in ("draft", "submitted", "changes_requested")
        if practice.public_revision_id:
            public = store.get_revision(self.db, practice.public_revision_id)
            sent = desk_store.list_revisions(self.db, practice.id, for_network=True)
            assert public.id in [head.id for head in sent]

    def check_desk(self, practice: Practice) -> None:
        counted = sum(desk_store.count_by_status(self.db, None).values())
        shown = desk_store.list_queue(self.db, Shelf(practice.status), 9, 0)
        documents = list(self.db.execute("SELECT id FROM desk_document"))
        is_there = practice.newest_revision_id is not None and not practice.held_back
        assert len(documents) == int(is_there)
        assert counted == len(shown) == int(is_there and practice.status != "draft")
        if is_there:
            sent = desk_store.list_revisions(self.db, practice.id, for_network=True)
            assert practice.newest_revision_id in [head.id for head in sent]


OF_ACCOUNTS = ("switch", "close", "open", "move", "coordinate")


def test_who_writes_and_who_sees_holds_whatever_happens(
    make_app: Callable[..., Flask], template: Path
) -> None:
    app, done = make_app(), set()

    @examples(max_examples=60)
    @given(st.lists(DEEDS, max_size=30))
    def check(deeds: list[Deed]) -> None:
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy(template, Path(folder) / FILENAME)
            app.config["INSTANCE"] = Path(folder)
            with app.app_context():
                history = History(get_db())
                anna = history.member("Anna")
                history.begun = actions.create(history.db, anna, "key", CARD).id
                for what, who, whom in [*PRELUDE, *deeds]:
                    if history.happen(what, who, whom):
                        done.add(what)
                    history.check()

    check()
    assert {"approve", "send_back", "publish", "take_down", "hand_over", "take_lead"} <= done


# What makes most of the rest possible, and shows that it is.
PRELUDE: tuple[Deed, ...] = (
    ("coordinate", "Bruno", "Bruno"),
    ("switch", "Ada", "Ada"),
    ("submit", "Anna", "Anna"),
    ("send_back", "Bruno", "Bruno"),
    ("submit", "Anna", "Anna"),
    ("approve", "Bruno", "Bruno"),
    ("publish", "Mona", "Mona"),
    ("save", "Anna", "Anna"),
    ("submit", "Anna", "Anna"),
    ("take_down", "Mona", "Mona"),
    ("restore", "Mona", "Mona"),
    ("hand_over", "Anna", "Bruno"),
    ("close", "Bruno", "Bruno"),
    ("take_lead", "Anna", "Anna"),
    ("open", "Bruno", "Bruno"),
)
