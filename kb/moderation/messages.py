"""The messages about a review that goes on: taken up, commented, answered."""

from __future__ import annotations

from collections.abc import Container

from flask_babel import force_locale, lazy_gettext
from flask_babel import gettext as _
from sqlite_utils import Database

from kb import mail
from kb.access import Member, can
from kb.accounts import store as accounts
from kb.db import now
from kb.moderation import assignments, comments, mails
from kb.moderation.model import Holder, Thread
from kb.practices import held_back
from kb.practices import store as practices
from kb.practices.mails import title_in
from kb.practices.model import LogEntry, Practice, Revision
from kb.web import absolute_url

mail.KINDS.update(
    taken_up=lazy_gettext("Taken up for review"),
    given=lazy_gettext("A practice to review was handed over"),
    commented=lazy_gettext("Comments on a practice"),
    answered=lazy_gettext("Answer to a comment"),
    undo=lazy_gettext("Correction: decision taken back"),
    withdrawn=lazy_gettext("Taken back by the municipality"),
)


def taken_up(db: Database, practice: Practice, holder: Member) -> None:
    """Tell the author who has the practice now; once for each person and revision."""
    revision = practices.get_revision(db, practice.newest_revision_id)
    reader = mails.recipient(db, practice, revision)
    if reader is None or reader.email == holder.email:
        return
    with force_locale(reader.language):
        title = title_in(revision.content, reader.language)
        _queue(
            db,
            f"taken-up:{practice.id}:{revision.id}:{holder.id}",
            "taken_up",
            reader,
            _("Under review: %(title)s", title=title),
            [
                _(
                    "%(name)s of the Coordination Team has taken up your practice:",
                    name=holder.name,
                ),
                _titled(title, practice),
                _follow(practice, reader),
            ],
        )


def given(db: Database, practice: Practice, holder: Holder, taker: Member, giver: Member) -> None:
    """Tell a moderator that a colleague has handed a practice over to them."""
    revision = practices.get_revision(db, practice.newest_revision_id)
    link = absolute_url("moderation.review", lang=taker.language, practice_id=practice.id)
    with force_locale(taker.language):
        title = title_in(revision.content, taker.language)
        _queue(
            db,
            f"given:{practice.id}:{holder.since}:{taker.id}",
            "given",
            mails.Recipient.of(taker),
            _("Handed over to you: %(title)s", title=title),
            [
                _("%(name)s has handed a practice over to you for review:", name=giver.name),
                _titled(title, practice),
                _("You have it from now on. Review it here:") + f"\n{link}",
            ],
        )


def withdrawn(db: Database, practice: Practice, moderator: Member, author: Member) -> None:
    """Tell a moderator who had the practice that its municipality has taken it back."""
    revision = practices.get_revision(db, held_back.last_sent(db, practice))
    with force_locale(moderator.language):
        title = title_in(revision.content, moderator.language)
        _queue(
            db,
            f"withdrawn:{practice.id}:{practice.status_since}:{moderator.id}",
            "withdrawn",
            mails.Recipient.of(moderator),
            _("Taken back: %(title)s", title=title),
            [
                _("%(name)s has taken back a practice that you had:", name=author.name),
                _titled(title, practice),
                _(
                    "You need not do anything. Your comments on it are kept, and it comes back to"
                    " the review queue when it is submitted again."
                ),
            ],
        )


def commented(db: Database, practice: Practice, revision: Revision, comment_id: int) -> None:
    """Tell the author that there are comments: once a day, however many there are."""
    reader = mails.recipient(db, practice, revision)
    if reader is None:
        return
    said = comments.get_thread(db, practice.id, comment_id).first
    link = mails.link_to_field(practice, comment_id, reader.language)
    with force_locale(reader.language):
        title = title_in(revision.content, reader.language)
        _queue(
            db,
            f"commented:{practice.id}:{revision.id}:{now()[:10]}",
            "commented",
            reader,
            _("Comments on: %(title)s", title=title),
            [
                _("a moderator has begun to write comments on your practice:"),
                _titled(title, practice),
                f"{mails.place(said)}:\n{mail.quoted(said.text)}",
                _("You can read and answer them here:") + f"\n{link}",
            ],
        )


def answered(
    db: Database,
    practice: Practice,
    revision: Revision,
    thread: Thread,
    member: Member,
    number: int,
    text: str,
    *,
    is_own: bool,
) -> None:
    """Tell the other side of an answer; ``is_own``: the municipality answered.

    Moderators read it with the revision that the municipality has not sent yet.
    """
    if is_own and practice.held_back:
        return
    endpoint = "moderation.thread" if is_own else "moderation.own_thread"
    others = (
        _reviewers(db, practice, thread) if is_own else mails.recipients(db, practice, revision)
    )
    for reader in (each for each in others if each.email != member.email):
        link = absolute_url(
            endpoint, lang=reader.language, practice_id=practice.id, comment_id=thread.first.id
        )
        with force_locale(reader.language):
            title = title_in(revision.content, reader.language)
            _queue(
                db,
                f"answered:{number}:{reader.email}",
                "answered",
                reader,
                _("Answer to a comment: %(title)s", title=title),
                [
                    _("%(name)s answered a comment on:", name=member.name),
                    _titled(title, practice),
                    f"{mails.place(thread.first)}:\n{mail.quoted(text)}",
                    _("You can read and answer it here:") + f"\n{link}",
                ],
            )


def _reviewers(db: Database, practice: Practice, thread: Thread) -> list[mails.Recipient]:
    """Who has the practice, or else who began the thread; where they have left, all moderators."""
    holder = assignments.find_holder(db, practice.id)
    asked = accounts.get_account(db, holder.member_id if holder else thread.first.member_id)
    serves = asked.is_active and can(asked.member, "moderate")
    found = [asked.member] if serves else accounts.list_active(db, roles=("moderator",))
    return [mails.Recipient.of(each) for each in found]


def taken_back(db: Database, practice: Practice, entry: LogEntry, told: Container[str]) -> None:
    """Tell those authors whose addresses are among ``told`` that the decision does not hold."""
    revision = practices.get_revision(db, entry.revision_id)
    for reader in mails.recipients(db, practice, revision):
        if reader.email in told:
            _correct(db, practice, revision, entry, reader)


def _correct(
    db: Database, practice: Practice, revision: Revision, entry: LogEntry, reader: mails.Recipient
) -> None:
    with force_locale(reader.language):
        title = title_in(revision.content, reader.language)
        _queue(
            db,
            f"taken-back:{entry.id}:{reader.email}",
            "undo",
            reader,
            _("Correction: %(title)s", title=title),
            [
                _("our last message about your practice was sent by mistake:"),
                _titled(title, practice),
                _("The decision that it told you of was taken back. We apologise.")
                + f" {_standing(practice)}",
                _follow(practice, reader),
            ],
        )


def _standing(practice: Practice) -> str:
    """How a practice stands once a decision was taken back."""
    said = {
        "submitted": _(
            "Your practice waits for a decision again; you will get a message about it."
        ),
        "published": _("Your practice is published, as it was before."),
        "archived": _("Your practice is archived, as it was before."),
        "changes_requested": _("Your practice waits for your changes, as it did before."),
    }
    return str(said[practice.status])


def _follow(practice: Practice, reader: mails.Recipient) -> str:
    link = absolute_url("practices.follow", lang=reader.language, practice_id=practice.id)
    return str(_("You can follow it here:")) + f"\n{link}"


def _titled(title: str, practice: Practice) -> str:
    reference = _("Reference:")
    return f"{title}\n{reference} {practice.reference}"


def _queue(
    db: Database,
    key: str,
    kind: str,
    reader: mails.Recipient,
    subject: str,
    paragraphs: list[str],
) -> None:
    greeting = _("Dear %(name)s,", name=reader.name) if reader.name else _("Dear colleagues,")
    mail.queue(
        db,
        key=key,
        kind=kind,
        recipient=reader.email,
        language=reader.language,
        subject=subject,
        body="\n\n".join([greeting, *paragraphs]) + "\n",
    )
