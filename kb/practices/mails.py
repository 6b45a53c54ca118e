"""The messages that tell of a submission, in the reader's own language."""

from __future__ import annotations

from flask_babel import force_locale, lazy_gettext
from flask_babel import gettext as _
from sqlite_utils import Database

from kb import mail
from kb.access import Member
from kb.accounts import store as accounts
from kb.municipalities import store as municipalities
from kb.practices import store
from kb.practices.model import Content, Practice
from kb.web import absolute_url

mail.KINDS.update(
    receipt=lazy_gettext("Receipt of a submission"),
    review=lazy_gettext("Call for a review"),
)


def title_in(content: Content, language: str) -> str:
    """The title as a reader of that language gets it: in theirs, else in the other."""
    titles = content.get("title", {})
    return titles.get(language) or next(iter(titles.values()), "")


def submitted(db: Database, practice: Practice, member: Member) -> None:
    """Tell the author that it arrived, and the moderators that it waits.

    Inside the transaction that submits: what was said happened, and what happened is said.
    """
    content = store.get_revision(db, practice.newest_revision_id).content
    _receipt(db, f"{event_of(practice)}:{member.id}", practice, content, member)
    call_moderators(db, practice, member)


def call_moderators(db: Database, practice: Practice, author: Member | None) -> None:
    """Tell the moderators, within the transaction, that a submission waits for review."""
    content = store.get_revision(db, practice.newest_revision_id).content
    for moderator in accounts.list_active(db, roles=("moderator",)):
        if author is None or moderator.id != author.id:
            _call(db, f"{event_of(practice)}:{moderator.id}", practice, content, moderator)


def event_of(practice: Practice) -> str:
    """What the keys of the messages about one submission begin with."""
    return f"submitted:{practice.id}:{practice.newest_revision_id}:{practice.status_since}"


def _receipt(db: Database, key: str, practice: Practice, content: Content, member: Member) -> None:
    with force_locale(member.language):
        mail.queue(
            db,
            key=key,
            kind="receipt",
            recipient=member.email,
            language=member.language,
            subject=_(
                "We have received your practice (%(reference)s)", reference=practice.reference
            ),
            body=_(
                "Dear %(name)s,\n\n"
                "the Coordination Team of the Cities Network for Integration has received:\n\n"
                "%(title)s\n"
                "Reference: %(reference)s\n\n"
                "What happens next: a moderator reads it and publishes it, or asks you for changes"
                " and says why. You will get a message either way. Until then you can follow it, or"
                " take it back, here:\n"
                "%(link)s\n",
                name=member.name,
                title=title_in(content, member.language),
                reference=practice.reference,
                link=absolute_url(
                    "practices.follow", lang=member.language, practice_id=practice.id
                ),
            ),
        )


def _call(db: Database, key: str, practice: Practice, content: Content, moderator: Member) -> None:
    municipality = municipalities.get(db, practice.municipality)
    with force_locale(moderator.language):
        mail.queue(
            db,
            key=key,
            kind="review",
            recipient=moderator.email,
            language=moderator.language,
            subject=_("For review: %(title)s", title=title_in(content, moderator.language)),
            body=_(
                "Dear %(name)s,\n\n"
                "a practice was submitted and waits for review:\n\n"
                "%(title)s\n"
                "%(municipality)s, reference %(reference)s\n\n"
                "Review it here:\n"
                "%(link)s\n",
                name=moderator.name,
                title=title_in(content, moderator.language),
                municipality=municipality.official_name[moderator.language],
                reference=practice.reference,
                link=absolute_url(
                    "moderation.review", lang=moderator.language, practice_id=practice.id
                ),
            ),
        )
