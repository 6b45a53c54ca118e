"""The mails about accounts, each in its reader's language."""

from __future__ import annotations

import secrets
from datetime import timedelta

from flask import render_template
from flask_babel import force_locale
from flask_babel import lazy_gettext as _
from sqlite_utils import Database

from kb import mail
from kb.access import Member
from kb.accounts.model import LINK_LIFETIMES, Purpose
from kb.web import absolute_url

mail.KINDS.update(
    invitation=_("Invitation"),
    sign_in=_("Link to sign in"),
    reset=_("Link to a new password"),
    password_changed=_("Notice of a new password"),
)


def link_url(token: str, language: str, target: str | None = None) -> str:
    """Where a link leads; ``target`` is the local path to go on to."""
    return absolute_url("accounts.open_link", lang=language, token=token, next=target)


def compose(template: str, language: str, **context: object) -> tuple[str, str]:
    """Subject and body: the first line of ``accounts/mail/<template>.txt``, and the rest."""
    with force_locale(language):
        text = render_template(f"accounts/mail/{template}.txt", language=language, **context)
    subject, _line, body = text.strip().partition("\n")
    return subject, body.strip() + "\n"


def compose_link(purpose: Purpose, member: Member, url: str, place: str = "") -> tuple[str, str]:
    """The mail that brings a link."""
    lifetime = LINK_LIFETIMES[purpose]
    return compose(
        purpose.replace("_", "-"),
        member.language,
        member=member,
        url=url,
        place=place,
        minutes=lifetime // timedelta(minutes=1),
        hours=lifetime // timedelta(hours=1),
        days=lifetime.days,
    )


def queue(db: Database, kind: str, member: Member, message: tuple[str, str]) -> None:
    """Put a composed message to ``member`` into the outbox, within the caller's transaction.

    What concerns the account itself waits for no message of the day.
    """
    subject, body = message
    mail.queue(
        db,
        key=f"{kind}:{member.id}:{secrets.token_hex(8)}",
        kind=kind,
        recipient=member.email,
        language=member.language,
        subject=subject,
        body=body,
        at_once=True,
    )


def queue_password_changed(db: Database, member: Member) -> None:
    """Tell the person that their password is a new one, in case it was not they."""
    url = absolute_url("accounts.request_reset", lang=member.language)
    message = compose("password-changed", member.language, member=member, url=url)
    queue(db, "password_changed", member, message)
