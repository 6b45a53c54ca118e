"""The messages to those of a municipality who write a practice, and who approves it there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import force_locale
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString
from sqlite_utils import Database

from kb import mail
from kb.access import Member
from kb.i18n import LOCALES, day
from kb.practices import store
from kb.practices.mails import title_in
from kb.practices.model import Practice
from kb.web import absolute_url


@dataclass(frozen=True)
class Letter:
    """What a message says, around the practice's title; ``leads_to`` is the page it links to."""

    label: LazyString
    subject: LazyString
    happened: LazyString
    next: LazyString
    leads_to: str = "practices.follow"


LETTERS: Mapping[str, Letter] = {
    "joined": Letter(
        _("Somebody writes along"),
        _("Writes along: %(title)s"),
        _("%(name)s writes along from now on, on a practice that you are responsible for:"),
        _("You can see who writes it, and change that, here:"),
        "practices.authors_page",
    ),
    "added": Letter(
        _("You were made a co-author"),
        _("You are a co-author: %(title)s"),
        _("%(name)s has made you a co-author of this practice:"),
        _("You can edit and submit it from now on. You find it here:"),
    ),
    "removed": Letter(
        _("You are a co-author no longer"),
        _("No longer a co-author: %(title)s"),
        _("%(name)s has taken you off the authors of this practice:"),
        _(
            "You can still read it, and everything you have saved is in it. If you think this is"
            " a mistake, ask whoever is responsible for it. You find it here:"
        ),
    ),
    "handed_over": Letter(
        _("You are responsible for a practice"),
        _("You are responsible for: %(title)s"),
        _("%(name)s has handed this practice over to you:"),
        _(
            "You are responsible for it from now on, and decide who else writes it. You find it"
            " here:"
        ),
    ),
    "handed_on": Letter(
        _("A practice was handed over"),
        _("Handed over: %(title)s"),
        _("%(name)s has made somebody else responsible for this practice:"),
        _("You remain its co-author. You see who is responsible for it now here:"),
    ),
    "receipt_in_house": Letter(
        _("Receipt of a submission, before its approval"),
        _("Submitted, with your coordinator: %(title)s"),
        _("you have submitted this practice, and your municipality’s coordinator has it now:"),
        _(
            "What happens next: the coordinator approves it, and it goes to the Coordination Team"
            " of the Cities Network for Integration; or asks you for changes and says why. You will"
            " get a message either way. Until then you can follow it, or take it back, here:"
        ),
    ),
    "awaiting_approval": Letter(
        _("Call for a municipality’s approval"),
        _("For your approval: %(title)s"),
        _(
            "%(name)s has submitted a practice of your municipality, and it waits for your"
            " approval:"
        ),
        _(
            "Once you approve it, it goes to the Coordination Team of the Cities Network for"
            " Integration for review. Read it here:"
        ),
        "moderation.approval",
    ),
    "approval_reminder": Letter(
        _("Reminder of a municipality’s approval"),
        _("Waits for your approval: %(title)s"),
        _("since %(date)s a practice of your municipality has waited for your approval:"),
        _(
            "Until you approve it or ask for changes, the Coordination Team of the Cities Network"
            " for Integration does not see it, and its authors wait for an answer. Read it here:"
        ),
        "moderation.approval",
    ),
    "approved": Letter(
        _("Approved by the municipality"),
        _("Approved: %(title)s"),
        _("%(name)s has approved your practice for your municipality:"),
        _(
            "The Coordination Team of the Cities Network for Integration has it now. A moderator"
            " reads it and publishes it, or asks you for changes and says why. You can follow it"
            " here:"
        ),
    ),
    "sent_back": Letter(
        _("Changes requested by the municipality"),
        _("Changes requested: %(title)s"),
        _("%(name)s has read your practice for your municipality and asks for changes to it:"),
        _(
            "Everything you have written is saved. Make the changes and submit your practice"
            " again here:"
        ),
    ),
    "passed_on": Letter(
        _("Sent on without the municipality’s approval"),
        _("With the Coordination Team: %(title)s"),
        _(
            "your municipality no longer approves practices before the network reviews them, so"
            " the Coordination Team of the Cities Network for Integration has your practice now:"
        ),
        _(
            "A moderator reads it and publishes it, or asks you for changes and says why. You can"
            " follow it here:"
        ),
    ),
    "changes_wanted": Letter(
        _("Answer to the yearly question: needs changes"),
        _("Needs changes: %(title)s"),
        _(
            "your municipality was asked whether this practice is still true, and has answered that"
            " it needs changes:"
        ),
        _(
            "Until the changes are published, readers see the text as it is. You can make them"
            " here:"
        ),
    ),
    "has_ended": Letter(
        _("Answer to the yearly question: has ended"),
        _("Has ended: %(title)s"),
        _(
            "your municipality was asked whether this practice is still true, and has answered that"
            " it has ended. It is no longer public:"
        ),
        _(
            "Nothing was deleted. If that was a mistake, write to the Coordination Team, which can"
            " put it back. You find it here:"
        ),
    ),
    "taken_back": Letter(
        _("Taken back before its approval"),
        _("Taken back: %(title)s"),
        _("%(name)s has taken back a practice that waited for your approval:"),
        _(
            "You need not do anything. When it is submitted again you will get a message. It is"
            " here:"
        ),
    ),
}
mail.KINDS.update({kind: letter.label for kind, letter in LETTERS.items()})


def send(
    db: Database,
    kind: str,
    event: str,
    practice: Practice,
    reader: Member,
    *,
    by: str = "",
    reason: str = "",
) -> None:
    """Queue one of LETTERS, within the caller's transaction.

    ``event`` names what it tells of: nobody is told of the same twice. ``by`` is who did it.
    """
    letter = LETTERS[kind]
    link = absolute_url(letter.leads_to, lang=reader.language, practice_id=practice.id)
    with force_locale(LOCALES[reader.language]):
        title = _title(db, practice, reader.language)
        named = title + (f"\n{_('Reference:')} {practice.reference}" if practice.reference else "")
        paragraphs = [
            str(_("Dear %(name)s,", name=reader.name)),
            str(letter.happened) % {"name": by, "date": day(practice.status_since)},
            named,
            *([str(_("What they wrote:")), mail.quoted(reason)] if reason else []),
            f"{letter.next}\n{link}",
        ]
        mail.queue(
            db,
            key=f"{event}:{kind}:{reader.id}",
            kind=kind,
            recipient=reader.email,
            language=reader.language,
            subject=str(letter.subject) % {"title": title},
            body="\n\n".join(paragraphs) + "\n",
        )


def _title(db: Database, practice: Practice, language: str) -> str:
    """The title as it was written last, in the reader's language where it is written in that."""
    draft = store.find_draft(db, practice.id)
    if draft is not None:
        content = draft.content
    elif practice.newest_revision_id is not None:
        content = store.get_revision(db, practice.newest_revision_id).content
    else:
        content = {}
    return title_in(content, language) or str(_("Practice without a title"))
