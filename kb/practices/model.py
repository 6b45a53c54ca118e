"""A practice, its draft and its revisions; the statuses and the transitions between them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from kb.access import NO_AUTHORS, Authors

Status = Literal["draft", "submitted", "changes_requested", "published", "declined", "archived"]
Action = Literal[
    "submit",
    "approve",
    "pass_on",
    "withdraw",
    "request_changes",
    "publish",
    "decline",
    "archive",
    "restore",
    "undo",
    "confirm",
    "assess",
]

# What a practice holds, in the form of the template: {field code: value}.
Content = Mapping[str, Any]

# From which statuses an action is possible. Where it leads: after(). A wrong decision can be
# undone shortly after: that leads back to where it came from. To confirm and to assess lead
# nowhere: what is public stays so, and the log says that it is still true, or was looked at anew.
TRANSITIONS: Mapping[Action, frozenset[Status]] = {
    "submit": frozenset({"draft", "changes_requested", "published"}),
    "approve": frozenset({"submitted"}),
    "pass_on": frozenset({"submitted"}),
    "withdraw": frozenset({"submitted", "changes_requested"}),
    "request_changes": frozenset({"submitted"}),
    "publish": frozenset({"submitted"}),
    "decline": frozenset({"submitted"}),
    "archive": frozenset({"published"}),
    "restore": frozenset({"archived"}),
    "assess": frozenset({"published"}),
}


def is_possible(action: Action, practice: Practice) -> bool:
    """Whether the practice is where the action leads on from.

    What everybody reads can also be archived while its municipality mends an update of it: nobody
    may have to wait for that with a text that does harm.
    """
    if action == "archive" and practice.status == "changes_requested":
        return practice.is_public
    return practice.status in TRANSITIONS[action]


def after(action: Action, is_public: bool) -> Status:
    """The status that ``action`` leads to.

    Withdrawing or declining an update of a practice that is public leaves it published: the
    approved revision never stopped being so.
    """
    fixed: dict[Action, Status] = {
        "submit": "submitted",
        "approve": "submitted",
        "pass_on": "submitted",
        "request_changes": "changes_requested",
        "publish": "published",
        "archive": "archived",
        "restore": "published",
    }
    if action in fixed:
        return fixed[action]
    if is_public:
        return "published"
    return "draft" if action == "withdraw" else "declined"


class Impossible(Exception):
    """The practice is not in a status from which the action leads anywhere."""

    def __init__(self, action: Action, status: Status) -> None:
        super().__init__(f"cannot {action} what is {status}")
        self.action = action
        self.status = status


class StaleDraft(Exception):
    """The draft was saved by someone else, or in another tab, since it was opened."""

    def __init__(self, newer: Draft) -> None:
        super().__init__(f"the draft is at version {newer.version}")
        self.newer = newer


class NotAuthor(Exception):
    """The member does not write the practice, or does so no longer."""

    def __init__(self, practice: Practice) -> None:
        super().__init__(f"not an author of practice {practice.id}")
        self.practice = practice


@dataclass(frozen=True)
class Practice:
    """One documented case. Its texts are in its draft and revisions."""

    id: int
    slug: str | None
    reference: str | None
    municipality: str
    status: Status
    status_since: str
    newest_revision_id: int | None
    public_revision_id: int | None
    published_at: str | None
    evidence_level: str | None
    maturity: str | None
    reviewed_on: str | None
    confirmed_on: str | None
    author_ids: frozenset[int]
    authors: Authors = NO_AUTHORS
    held_back: bool = False

    @property
    def awaits_approval(self) -> bool:
        """Whether its municipality's coordinator has to approve what was submitted."""
        return self.held_back and self.status == "submitted"

    @property
    def is_public(self) -> bool:
        """Whether anyone may read its published revision."""
        return self.public_revision_id is not None and self.status != "archived"


@dataclass(frozen=True)
class Draft:
    """The working copy. ``version`` is 0 where nothing was saved yet."""

    content: Content
    version: int
    saved_at: str | None = None
    saved_by: int | None = None


@dataclass(frozen=True)
class DraftVersion:
    """The draft as one save left it."""

    id: int
    version: int
    content: Content
    saved_at: str
    saved_by_name: str | None


@dataclass(frozen=True)
class Presence:
    """Somebody else who works on the same draft, and when they saved last."""

    name: str
    at: str


@dataclass(frozen=True)
class Revision:
    """One immutable version of the content."""

    id: int
    practice_id: int
    number: int
    content: Content
    author_id: int | None
    created_at: str


@dataclass(frozen=True)
class LogEntry:
    """One row of the moderation log; ``in_house``: within the municipality, before the network."""

    id: int
    practice_id: int
    revision_id: int | None
    member_id: int | None
    member_name: str | None
    action: Action
    status_before: Status
    status_after: Status
    reason: str
    at: str
    in_house: int = 0


def dump(content: Content) -> str:
    """Content as stored: JSON text, equal for equal content."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
