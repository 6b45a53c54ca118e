"""Who may do what, as a whole table."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import pytest

from kb.access import POLICY, Member, can
from kb.practices.model import Practice, Status

STATUSES: tuple[Status, ...] = (
    "draft", "submitted", "changes_requested", "published", "declined", "archived",
)  # fmt: skip
PEOPLE = (None, "Anna", "Bruno", "Clara", "Mona", "Ada")


@pytest.fixture
def case(member: Callable[[str], Member]) -> Callable[..., Practice]:
    """A practice of Athens, written by Anna; some are public besides."""

    def make(status: Status, is_public: bool, author: str = "Anna") -> Practice:
        return Practice(
            id=1, slug="one", reference="CNI-2026-001", municipality="athens", status=status,
            status_since="2026-01-01T00:00:00Z", newest_revision_id=2,
            public_revision_id=1 if is_public else None, published_at=None, evidence_level=None,
            reviewed_on=None, confirmed_on=None, author_ids=frozenset({member(author).id}),
        )  # fmt: skip

    return make


def expected(action: str, name: str | None, status: Status, is_public: bool) -> bool:
    """The rules again, told as sentences are."""
    of_athens = name in ("Anna", "Bruno")
    of_network = name in ("Mona", "Ada")
    return {
        "public": True,
        "member": name is not None,
        "contribute": name is not None,
        "read": is_public or status == "archived" or of_athens or of_network,
        "follow": of_athens,
        "edit": of_athens and status in ("draft", "changes_requested", "published"),
        "moderate": of_network,
        "review": of_network,
        "decide": of_network,
        "administer": name == "Ada",
    }[action]


def test_the_whole_table(member: Callable[[str], Member], case: Callable[..., Practice]) -> None:
    wrong = []
    for action, name, status, public in product(POLICY, PEOPLE, STATUSES, (False, True)):
        practice = case(status, public)
        is_public = public and status != "archived"
        allowed = can(member(name) if name else None, action, practice)
        if allowed != expected(action, name, status, is_public):
            wrong.append((action, name, status, public))
    assert wrong == []


def test_nobody_decides_on_what_they_wrote(
    member: Callable[[str], Member], case: Callable[..., Practice]
) -> None:
    for name in ("Mona", "Ada"):
        written = case("submitted", False, author=name)
        assert not can(member(name), "decide", written)
        assert can(member(name), "follow", written)


def test_whoever_moved_to_another_municipality_sees_no_more(
    member: Callable[[str], Member], case: Callable[..., Practice]
) -> None:
    assert not can(member("Clara"), "read", case("draft", False, author="Clara"))


def test_an_action_that_the_policy_does_not_know_is_refused() -> None:
    with pytest.raises(KeyError):
        can(None, "fly")
