"""What moderators work with, and the facts that stop a decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from kb.i18n import day_of, midnight, today
from kb.practices.model import Action, Content, LogEntry, Practice, Revision, Status

REASON_LENGTH = 2000
COMMENT_LENGTH = 2000
NOTE_LENGTH = 500

# What can be answered to a criterion of the checklist.
ANSWERS = ("yes", "partly", "no", "not-applicable")

# The shelves of the queue, in the order in which they are offered.
SHELVES: tuple[Status, ...] = (
    "submitted",
    "changes_requested",
    "published",
    "declined",
    "archived",
)
# What waits for somebody: the oldest comes first. Elsewhere the latest does.
WAITING: frozenset[Status] = frozenset({"submitted", "changes_requested"})

# What moderators decide, in the order in which it is offered.
DECISIONS: tuple[Action, ...] = ("publish", "request_changes", "decline", "archive", "restore")

# After these nobody needs to have it. Who asked for changes gets it back when it comes again.
FINAL: frozenset[Action] = frozenset({"publish", "decline", "archive"})

# Everything that the log can hold, in the order in which it is offered as a filter.
LOGGED: tuple[Action, ...] = (
    "submit",
    "approve",
    "pass_on",
    "publish",
    "request_changes",
    "decline",
    "withdraw",
    "archive",
    "restore",
    "undo",
    "confirm",
    "assess",
)
# For how long a wrong decision can be taken back.
UNDO_TIME = timedelta(minutes=10)
# For how long nobody is told: whoever sees at once that they clicked wrong needs no correction.
UNTOLD = timedelta(minutes=2)


# What happens in a review besides the transitions of the log.
Step = Literal["take_up", "hand_over", "release", "plan", "call_off"]

NOBODY = 0  # as the holder that the queue is narrowed to


def days_since(moment: str) -> int:
    """How many days ago a stored moment was, as a calendar in Athens counts: yesterday is one."""
    return (today() - day_of(moment)).days


def days_ago(days: int) -> str:
    """The stored moment at which the day began in Athens, so many days back.

    What has waited since before it has waited for longer than so many days.
    """
    return midnight(today() - timedelta(days=days))


def expected_by(practice: Practice, days: int) -> date:
    """The day after which a submitted practice is overdue."""
    return day_of(practice.status_since) + timedelta(days=days)


def is_overdue(practice: Practice, days: int, plan: Plan | None) -> bool:
    """Whether it waits for a decision for longer than it should; what is planned was decided."""
    waits = practice.status == "submitted" and plan is None
    return waits and practice.status_since < days_ago(days)


@dataclass(frozen=True)
class Holder:
    """Who has a practice that waits, and since when."""

    member_id: int
    name: str
    since: str


@dataclass(frozen=True)
class ReviewStep:
    """One row of what happened in a review, as the municipality may read it."""

    step: Step
    member_name: str | None
    to_name: str | None
    due: str | None
    at: str


@dataclass(frozen=True)
class Comment:
    """What somebody wrote about a field; ``mark`` is of the field as it read then."""

    id: int
    field: str
    language: str | None
    mark: str
    revision_number: int
    answers: int | None
    member_id: int
    member_name: str
    text: str
    at: str
    resolved_at: str | None
    resolved_by: str | None


@dataclass(frozen=True)
class Thread:
    """A comment with its answers, oldest first."""

    first: Comment
    answers: tuple[Comment, ...]

    @property
    def is_open(self) -> bool:
        return self.first.resolved_at is None


@dataclass(frozen=True)
class Shelf:
    """What of the queue is looked at; ``overdue_before`` leaves only what waits since before."""

    status: Status
    municipality: str | None = None
    holder: int | None = None
    overdue_before: str | None = None


@dataclass(frozen=True)
class Answer:
    """What a reviewer answered to one criterion."""

    answer: str
    note: str
    member_name: str
    at: str


@dataclass(frozen=True)
class Checked:
    """The checklist as it was filled in for the revision of that number."""

    number: int
    answers: Mapping[str, Answer]


@dataclass(frozen=True)
class Plan:
    """An approved revision that is to be published at a time."""

    practice_id: int
    revision_id: int
    member_id: int
    member_name: str
    evidence_level: str | None
    maturity: str | None
    due: str


@dataclass(frozen=True)
class Decision:
    """What a moderator decides, on the revision that they looked at.

    ``evidence`` and ``maturity`` are the levels that they see in a practice that they publish,
    empty for none; None leaves them as they are.
    """

    action: Action
    revision_id: int
    reason: str = ""
    evidence: str | None = None
    maturity: str | None = None


@dataclass(frozen=True)
class Before:
    """What a decision replaced, and the version of the draft that it left."""

    status: Status
    status_since: str
    public_revision_id: int | None
    published_at: str | None
    reviewed_on: str | None
    evidence_level: str | None
    municipality: str
    holder_id: int | None
    draft_version: int
    draft_by: int | None
    draft: Content | None
    draft_version_after: int
    # Last and with a default: what was kept before an upgrade says nothing of them.
    confirmed_on: str | None = None
    maturity: str | None = None
    holder_since: str | None = None
    plan: Plan | None = None


@dataclass(frozen=True)
class Undoable:
    """A decision that can still be taken back."""

    log_id: int
    practice_id: int
    action: Action
    at: str
    reference: str
    title: Mapping[str, str]


class TooLate(Exception):
    """The decision cannot be taken back any more: something followed it, or time has passed."""

    def __init__(self, practice: Practice) -> None:
        super().__init__(f"practice {practice.id} has moved on")
        self.practice = practice


class AlreadyDecided(Exception):
    """The practice was moved on before this decision came; ``entry`` says by whom, and when."""

    def __init__(self, practice: Practice, entry: LogEntry, decision: Decision) -> None:
        super().__init__(f"practice {practice.id}: {entry.action} came before {decision.action}")
        self.practice = practice
        self.entry = entry
        self.decision = decision


class StaleRevision(Exception):
    """A newer revision came in than the one that was looked at."""

    def __init__(self, practice: Practice, newest: Revision, decision: Decision) -> None:
        super().__init__(f"practice {practice.id} is at revision {newest.number}")
        self.practice = practice
        self.newest = newest
        self.decision = decision


@dataclass(frozen=True)
class QueueItem:
    """One practice on a shelf of the queue."""

    practice_id: int
    revision_id: int
    reference: str
    municipality: str
    title: Mapping[str, str]
    status: Status
    since: str
    is_update: bool
    completeness: int
    submitted_by: str | None
    holder: str | None
    due: str | None

    @property
    def days(self) -> int:
        """How many whole days it has been where it is."""
        return days_since(self.since)


@dataclass(frozen=True)
class RevisionHead:
    """Which revision, by whom and when; without its content."""

    id: int
    number: int
    created_at: str
    author: str | None


@dataclass(frozen=True)
class LogFilter:
    """What of the log is looked at; ``since`` and ``until`` are stored moments."""

    practice_id: int | None = None
    action: Action | None = None
    member_id: int | None = None
    since: str | None = None
    until: str | None = None


@dataclass(frozen=True)
class LogLine:
    """A row of the moderation log with the practice that it is about."""

    entry: LogEntry
    reference: str
    title: Mapping[str, str]
