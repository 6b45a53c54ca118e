"""When a practice has to be confirmed again, how its asking stands, and what was answered."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from kb.practices.model import Practice, Status
from kb.vocabularies.model import Text

Answer = Literal["confirm", "edit", "archive"]
Standing = Literal["nobody", "update", "due", "asked", "overdue", "edit", "archive"]

# The first letter and two reminders. After the last, somebody has to pick up a telephone.
LETTERS = 3
REMIND_AFTER = timedelta(days=30)
# However many practices fall due one after the other, a mailbox gets no more than this.
BETWEEN_LETTERS = timedelta(days=7)
# By hand, a moderator may ask sooner than that.
ASK_AGAIN_AFTER = timedelta(days=1)
MOST_IN_A_LETTER = 20
LINK_LIFETIME = timedelta(days=120)
# How long it is remembered at which address a question was asked.
RECIPIENT_KEPT = timedelta(days=366)

NOTE_LENGTH = 500

Gone = Literal["unknown", "expired", "settled", "archived"]


class LinkGone(Exception):
    """The link asks nothing any more; ``reason`` says why."""

    def __init__(self, reason: Gone) -> None:
        super().__init__(f"the link is {reason}")
        self.reason = reason


class NotDue(Exception):
    """The practice needs no confirmation at present: it was given meanwhile, or is not public."""

    def __init__(self, practice_id: int) -> None:
        super().__init__(f"practice {practice_id} is not due")
        self.practice_id = practice_id


class NobodyToAsk(Exception):
    """There is no mailbox and no author to write to, or they had a letter just now."""


@dataclass(frozen=True)
class Round:
    """One asking: from the letter (where there was one) to the answer (where there is one).

    ``since`` is the day that the year was counted from, and so names the round: once the practice
    is confirmed or updated, another day counts, and this round is past.
    """

    id: int
    practice_id: int
    since: str
    letters: int
    first_asked_at: str | None
    last_asked_at: str | None
    recipient: str | None
    answer: Answer | None
    answered_at: str | None


@dataclass(frozen=True)
class Asking:
    """What a practice's timeline tells of a round; the log has the other answers."""

    first_asked_at: str | None
    last_asked_at: str | None
    letters: int
    changes_wanted_at: str | None
    wanted_by: str | None


@dataclass(frozen=True)
class Mailbox:
    """Where the question goes: a mailbox, or a person by name."""

    email: str
    language: str
    name: str | None = None


@dataclass(frozen=True)
class Case:
    """A public practice that has to be confirmed, and how its round stands."""

    practice_id: int
    reference: str
    municipality: str
    slug: str
    status: Status
    held_back: bool
    title: Text
    published_at: str
    confirmed_on: str | None
    mailbox: Mailbox | None
    round: Round | None

    @property
    def since(self) -> str:
        return since(self.published_at, self.confirmed_on)

    @property
    def standing(self) -> Standing:
        """Who has to do something, in one word."""
        if self.round and self.round.answer in ("edit", "archive"):
            return self.round.answer
        # What is under review is no question: publishing it will confirm the practice. What the
        # municipality holds back still is its own affair, and nothing that the list may tell of.
        if self.status != "published" and not self.held_back:
            return "update"
        if self.mailbox is None:
            return "nobody"
        if self.round is None or not self.round.letters:
            return "due"
        return "overdue" if self.round.letters >= LETTERS else "asked"

    def is_to_be_asked(self, when: datetime) -> bool:
        """Whether it belongs into a letter: the first one, or a reminder whose time has come."""
        if self.standing == "due":
            return True
        return self.standing == "asked" and is_over(self.round, REMIND_AFTER, when)


@dataclass(frozen=True)
class Asked:
    """What a link leads to."""

    round: Round
    practice: Practice

    @property
    def is_open(self) -> bool:
        """Whether it can still be answered; who wants changes may yet find that none are needed."""
        return self.round.answer in (None, "edit")

    @property
    def is_on_its_way(self) -> bool:
        """Whether an update is being reviewed or made: publishing it will be the answer."""
        return self.practice.status != "published"


def since(published_at: str | None, confirmed_on: str | None) -> str:
    """The day from which a practice counts as true: published or confirmed, the later of both."""
    return max((published_at or "")[:10], confirmed_on or "")


def due_on(start: str, months: int) -> str:
    """The day so many months after another; where the month is too short, its last day."""
    day = date.fromisoformat(start)
    years, month = divmod(day.month - 1 + months, 12)
    last = monthrange(day.year + years, month + 1)[1]
    return date(day.year + years, month + 1, min(day.day, last)).isoformat()


def is_due(start: str, months: int, when: datetime) -> bool:
    """Whether the time is over; with no months it never is."""
    return bool(start and months) and due_on(start, months) <= stored(when)[:10]


def is_over(found: Round | None, span: timedelta, when: datetime) -> bool:
    """Whether the round's last letter was written at least so long ago."""
    last = found.last_asked_at if found else None
    return last is None or last <= stored(when - span)


def stored(moment: datetime) -> str:
    """A moment as the store keeps it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
