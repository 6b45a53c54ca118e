"""What a reader does on these pages: send feedback."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import current_app
from flask_babel import force_locale, lazy_gettext
from flask_babel import gettext as _
from sqlite_utils import Database

from kb import mail
from kb.access import Member
from kb.accounts import erasure
from kb.accounts import store as accounts
from kb.db import transaction
from kb.pages import store
from kb.pages.model import TooMuchFeedback

MOST_AN_HOUR = 30

mail.KINDS["feedback"] = lazy_gettext("A reader's feedback")


def send_feedback(db: Database, *, page: str, message: str, email: str, language: str) -> None:
    """Keep a reader's message and pass it on to whoever looks after the library.

    Raises TooMuchFeedback, and keeps nothing, when the form is being abused.
    """
    hour_ago = (datetime.now(UTC) - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    with transaction(db):
        if store.count_feedback_since(db, hour_ago) >= MOST_AN_HOUR:
            raise TooMuchFeedback
        number = store.insert_feedback(db, page, message, email, language)
        for address, their_language in _recipients(db):
            _tell(db, number, address, their_language, page=page, message=message, email=email)


def _recipients(db: Database) -> list[tuple[str, str]]:
    if mailbox := current_app.config["CONTACT_EMAIL"]:
        return [(mailbox, "el")]
    administrators = accounts.list_active(db, roles=("administrator",))
    return [(member.email, member.language) for member in administrators]


def _tell(
    db: Database, number: int, recipient: str, language: str, *, page: str, message: str, email: str
) -> None:
    with force_locale(language):
        paragraphs = [
            _("Dear colleagues,"),
            _("a reader wrote about the accessibility of the library:"),
            mail.quoted(message),
            _("Page: %(page)s", page=page or "–")
            + "\n"
            + _("Answer to: %(email)s", email=email or "–"),
        ]
        mail.queue(
            db,
            key=f"feedback:{number}:{recipient}",
            kind="feedback",
            recipient=recipient,
            language=language,
            subject=_("Accessibility feedback no. %(number)s", number=number),
            body="\n\n".join(paragraphs) + "\n",
        )


def forget_person(db: Database, member: Member) -> None:
    """Keep what somebody said of the pages, and not who it was."""
    store.forget_email(db, member.email)


erasure.ALSO.append(forget_person)
