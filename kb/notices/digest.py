"""The message of the day: when it goes, and what it says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask_babel import force_locale, lazy_gettext, ngettext
from flask_babel import gettext as _

from kb import mail
from kb.access import Member
from kb.i18n import TIMEZONE
from kb.notices.model import Held
from kb.web import absolute_url

BETWEEN = "* * *"

mail.KINDS["digest"] = lazy_gettext("One message for the day")


def latest(hour: int, when: datetime) -> datetime:
    """The last moment until ``when`` at which it was that hour in Athens."""
    local = when.astimezone(ZoneInfo(TIMEZONE))
    today = datetime.combine(local.date(), time(hour), local.tzinfo)
    due = today if today <= local else today - timedelta(days=1)
    return due.astimezone(UTC)


def compose(member: Member, messages: Sequence[Held]) -> tuple[str, str]:
    """Subject and text: each message whole, under its subject, without its greeting."""
    count = len(messages)
    with force_locale(member.language):
        subject = ngettext(
            "Good-practice library: %(num)s message",
            "Good-practice library: %(num)s messages",
            count,
        )
        paragraphs = [
            _("Dear %(name)s,", name=member.name),
            ngettext(
                "this is what the library has to tell you today, %(num)s message:",
                "this is what the library has to tell you today, %(num)s messages:",
                count,
            ),
            *(_section(number, each) for number, each in enumerate(messages, 1)),
            BETWEEN,
            _("You get one message a day because your account says so. You can change that here:")
            + "\n"
            + absolute_url("accounts.account", lang=member.language),
        ]
    return str(subject), "\n\n".join(paragraphs) + "\n"


def _section(number: int, message: Held) -> str:
    return f"{BETWEEN}\n\n{number}. {message.subject}\n\n{_without_greeting(message.body).strip()}"


def _without_greeting(body: str) -> str:
    """The text after ``Dear Anna,`` (in Greek of two paragraphs), which then begins a sentence."""
    paragraphs = body.split("\n\n")
    greeting = next((n for n in (1, 2) if paragraphs[:n][-1].endswith(",")), 0)
    rest = "\n\n".join(paragraphs[greeting:])
    return rest[:1].upper() + rest[1:]
