"""The messages that tell authors what was decided, in their own language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from flask_babel import force_locale
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString
from sqlite_utils import Database

from kb import mail
from kb.access import Member
from kb.i18n import DEFAULT, language_within
from kb.moderation import store
from kb.moderation.comments import list_open as open_of
from kb.moderation.model import UNTOLD, Comment, Decision
from kb.municipalities import store as municipalities
from kb.practices import authorship
from kb.practices.mails import title_in
from kb.practices.model import Action, LogEntry, Practice, Revision
from kb.practices.template import BY_CODE
from kb.web import absolute_url


@dataclass(frozen=True)
class Recipient:
    """Whom a decision is told: a member by name, or a municipality's mailbox."""

    name: str | None
    email: str
    language: str

    @classmethod
    def of(cls, member: Member) -> Self:
        """A member, under the name and in the language of their account."""
        return cls(member.name, member.email, member.language)


@dataclass(frozen=True)
class Words:
    """What a message says of a decision, before and after the practice's title."""

    subject: LazyString
    happened: LazyString
    next: LazyString


WORDS: Mapping[Action, Words] = {
    "publish": Words(
        _("Published: %(title)s"),
        _(
            "your practice has been published in the good-practice library of the Cities Network"
            " for Integration:"
        ),
        _(
            "Thank you for sharing what your municipality has learned. You can update it at any"
            " time. Everybody can read it here:"
        ),
    ),
    "request_changes": Words(
        _("Changes requested: %(title)s"),
        _("the Coordination Team has read your practice and asks for changes to it:"),
        _(
            "Everything you have written is saved. Make the changes and submit your practice"
            " again here:"
        ),
    ),
    "decline": Words(
        _("Not published: %(title)s"),
        _("the Coordination Team has decided not to publish your practice:"),
        _("Nothing you have written is lost. You find it here:"),
    ),
    "archive": Words(
        _("Archived: %(title)s"),
        _("the Coordination Team has archived a practice of yours; it is no longer public:"),
        _("Nothing was deleted, and it can be restored. You find it here:"),
    ),
    "restore": Words(
        _("Public again: %(title)s"),
        _("a practice of yours that had been archived is public again:"),
        _("Everybody can read it here:"),
    ),
}
mail.KINDS.update(
    publish=_("Decision: published"),
    request_changes=_("Decision: changes requested"),
    decline=_("Decision: declined"),
    archive=_("Decision: archived"),
    restore=_("Decision: restored"),
)
# The same of an update: what was published before it has not gone.
OF_AN_UPDATE: Mapping[Action, Words] = {
    "publish": Words(
        _("Update published: %(title)s"),
        _("your update was approved and has replaced the published text of:"),
        _("Thank you for keeping it up to date. Everybody can read it here:"),
    ),
    "request_changes": Words(
        _("Changes requested: %(title)s"),
        _("the Coordination Team has read your update and asks for changes to it:"),
        _(
            "Everything you have written is saved, and the published text stays as it is"
            " meanwhile. Make the changes and submit your update again here:"
        ),
    ),
    "decline": Words(
        _("Update not published: %(title)s"),
        _("the Coordination Team has decided not to publish your update of:"),
        _(
            "The published text stays as it is, and nothing you have written is lost. You find"
            " both here:"
        ),
    ),
}


def _words(action: Action, is_update: bool) -> Words:
    return OF_AN_UPDATE[action] if is_update and action in OF_AN_UPDATE else WORDS[action]


def recipients(db: Database, practice: Practice, revision: Revision) -> list[Recipient]:
    """The practice's authors, the revision's before the others; else the municipality's mailbox."""
    authors = authorship.readers(db, practice, revision.author_id)
    if authors:
        return [Recipient.of(each) for each in authors]
    mailbox = municipalities.get(db, practice.municipality).mailbox
    return [Recipient(None, mailbox, DEFAULT)] if mailbox else []


def recipient(db: Database, practice: Practice, revision: Revision) -> Recipient | None:
    """The first of them: whom a question is for."""
    return next(iter(recipients(db, practice, revision)), None)


def decided(db: Database, practice: Practice, revision: Revision, decision: Decision) -> None:
    """Tell all authors of a decision that was just logged; ``practice`` is as it was before.

    Inside the transaction that decides. The log row names the event, so each is told once.
    """
    entry = store.find_last(db, practice.id)
    if entry is not None:
        for reader in recipients(db, practice, revision):
            _tell(db, practice, revision, decision, entry, reader)


def _tell(
    db: Database,
    practice: Practice,
    revision: Revision,
    decision: Decision,
    entry: LogEntry,
    reader: Recipient,
) -> None:
    with force_locale(reader.language):
        title = title_in(revision.content, reader.language)
        words = _words(decision.action, is_update=practice.public_revision_id is not None)
        paragraphs = _paragraphs(practice, title, decision, reader, words)
        if decision.action == "request_changes":
            paragraphs[-1:-1] = _comments(db, practice, reader.language)
        mail.queue(
            db,
            key=f"decided:{entry.id}:{reader.email}",
            kind=decision.action,
            recipient=reader.email,
            language=reader.language,
            subject=str(words.subject) % {"title": title},
            body="\n\n".join(paragraphs) + "\n",
            wait=UNTOLD,
        )


def _paragraphs(
    practice: Practice, title: str, decision: Decision, reader: Recipient, words: Words
) -> list[str]:
    greeting = _("Dear %(name)s,", name=reader.name) if reader.name else _("Dear colleagues,")
    reference = _("Reference:")
    paragraphs = [greeting, words.happened, f"{title}\n{reference} {practice.reference}"]
    if decision.reason:
        paragraphs += [_("What the moderator wrote:"), mail.quoted(decision.reason)]
    paragraphs.append(f"{words.next}\n{_link(practice, decision, reader)}")
    return [str(paragraph) for paragraph in paragraphs]


def _comments(db: Database, practice: Practice, language: str) -> list[str]:
    """The comments that wait for an answer, in the language in force, each with its field."""
    found = [
        f"{place(each.first)}:\n{mail.quoted(each.first.text)}\n"
        + link_to_field(practice, each.first.id, language)
        for each in open_of(db, practice.id)
    ]
    return [str(_("Comments on single fields:")), *found] if found else []


def link_to_field(practice: Practice, comment_id: int, language: str) -> str:
    """Where the author mends the field of a comment, or answers while the text stands still."""
    return absolute_url(
        "moderation.own_field", lang=language, practice_id=practice.id, comment_id=comment_id
    )


def place(comment: Comment) -> str:
    """The field that a comment is on, in words."""
    label = str(BY_CODE[comment.field].label)
    return f"{label} ({language_within(comment.language)})" if comment.language else label


def _link(practice: Practice, decision: Decision, reader: Recipient) -> str:
    if decision.action in ("publish", "restore"):
        return absolute_url("practices.show", lang=reader.language, slug=practice.slug)
    return absolute_url("practices.follow", lang=reader.language, practice_id=practice.id)
