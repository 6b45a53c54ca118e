"""Who may do what, as a whole table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import product

import pytest

from kb.access import POLICY, Authors, Member, can
from kb.practices.model import Practice, Status

STATUSES: tuple[Status, ...] = (
    "draft", "submitted", "changes_requested", "published", "declined", "archived",
)  # fmt: skip
EDITABLE = ("draft", "changes_requested", "published")
PEOPLE = (None, "Anna", "Bruno", "Clara", "Mona", "Ada")
# What Bruno, a colleague of Anna's, may be to a practice that she leads.
TIES = ("colleague", "co-author", "removed", "coordinator")

Person = Callable[[str], Member]


@pytest.fixture
def case(member: Person) -> Callable[..., Practice]:
    """A practice of Athens, led by Anna; some are public besides."""

    def make(
        status: Status, is_public: bool, tie: str = "colleague", held: bool = False
    ) -> Practice:
        anna, bruno = member("Anna").id, member("Bruno").id
        writers = {anna, bruno} if tie == "co-author" else {anna}
        removed = {bruno} if tie == "removed" else set()
        return Practice(
            id=1, slug="one", reference="CNI-2026-001", municipality="athens", status=status,
            status_since="2026-01-01T00:00:00Z", newest_revision_id=2,
            public_revision_id=1 if is_public else None, published_at=None, evidence_level=None,
            maturity=None, reviewed_on=None, confirmed_on=None,
            author_ids=frozenset(writers | removed),
            authors=Authors(anna, frozenset(writers), frozenset(removed), frozenset(writers)),
            held_back=held,
        )  # fmt: skip

    return make


def expected(
    action: str, name: str | None, status: Status, is_public: bool, tie: str, held: bool
) -> bool:
    """The rules again, told as sentences are."""
    of_athens = name in ("Anna", "Bruno")
    of_network = name in ("Mona", "Ada")
    coordinates = name == "Bruno" and tie == "coordinator"
    writes = name == "Anna" or (name == "Bruno" and tie in ("co-author", "coordinator"))
    return {
        "public": True,
        "member": name is not None,
        "contribute": name is not None,
        "read": is_public or status == "archived" or of_athens or (of_network and not held),
        "follow": of_athens,
        "write": writes,
        "edit": writes and status in EDITABLE,
        "join": name == "Bruno" and tie in ("colleague", "coordinator"),
        "share": name in ("Anna", "Ada") or coordinates,
        "take-lead": False,
        "approve": coordinates,
        "moderate": of_network,
        "review": of_network and not held,
        "decide": of_network,
        "take-down": of_network and (is_public or status == "archived"),
        "administer": name == "Ada",
    }[action]


def who(member: Person, name: str | None, tie: str) -> Member | None:
    if name is None:
        return None
    is_coordinator = name == "Bruno" and tie == "coordinator"
    return replace(member(name), is_coordinator=is_coordinator)


def test_the_whole_table(member: Person, case: Callable[..., Practice]) -> None:
    wrong = []
    asked = product(POLICY, PEOPLE, STATUSES, (False, True), TIES, (False, True))
    for action, name, status, public, tie, held in asked:
        practice = case(status, public, tie, held)
        is_public = public and status != "archived"
        allowed = can(who(member, name, tie), action, practice)
        if allowed != expected(action, name, status, is_public, tie, held):
            wrong.append((action, name, status, public, tie, held))
    assert wrong == []


@pytest.mark.parametrize("tie", TIES)
@pytest.mark.parametrize("others", [True, False])
def test_lead_that_nobody_serving_has_is_taken_by_who_writes_it_and_else_by_anybody(
    member: Person, case: Callable[..., Practice], tie: str, others: bool
) -> None:
    bruno, clara = member("Bruno").id, 99
    practice = case("draft", False, tie)
    serving = frozenset({clara} if others else set()) | (practice.authors.present & {bruno})
    practice = replace(practice, authors=replace(practice.authors, serving=serving))
    may = tie in ("co-author", "coordinator") or not serving
    assert can(who(member, "Bruno", tie), "take-lead", practice) == may
    for name in ("Clara", "Mona", "Ada"):
        assert not can(member(name), "take-lead", practice)


def test_nobody_decides_on_what_they_wrote(member: Person, case: Callable[..., Practice]) -> None:
    for name in ("Mona", "Ada"):
        number = member(name).id
        for authors in (
            Authors(number, frozenset({number})),
            Authors(None, frozenset(), frozenset({number})),
            Authors(),
        ):
            written = replace(
                case("submitted", False), author_ids=frozenset({number}), authors=authors
            )
            assert not can(member(name), "decide", written)
            assert can(member(name), "follow", written)
            assert can(member(name), "write", written) == (number not in authors.removed)


def test_whoever_moved_to_another_municipality_sees_no_more(
    member: Person, case: Callable[..., Practice]
) -> None:
    clara = member("Clara")
    authors = Authors(clara.id, frozenset({clara.id}))
    practice = replace(case("draft", False), author_ids=frozenset({clara.id}), authors=authors)
    coordinator = replace(clara, is_coordinator=True)
    for action in ("read", "follow", "write", "edit", "join", "share", "take-lead", "approve"):
        assert not can(clara, action, practice)
        assert not can(coordinator, action, practice)


def test_an_action_that_the_policy_does_not_know_is_refused() -> None:
    with pytest.raises(KeyError):
        can(None, "fly")
