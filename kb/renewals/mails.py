"""The yearly letter to a municipality, and who is told what was answered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask_babel import force_locale, lazy_gettext, ngettext
from flask_babel import gettext as _
from sqlite_utils import Database

from kb import mail
from kb.access import Member
from kb.accounts import store as accounts
from kb.i18n import LOCALES, day
from kb.municipalities import store as municipalities
from kb.practices import authorship, letters
from kb.practices import store as practices
from kb.practices.mails import title_in
from kb.practices.model import Practice
from kb.renewals.model import LINK_LIFETIME, Case, Mailbox, Round, stored
from kb.web import absolute_url

mail.KINDS.update(
    renewal=lazy_gettext("The yearly question whether practices are still true"),
    ended=lazy_gettext("Archived by its municipality"),
)


@dataclass(frozen=True)
class Question:
    """A practice that a letter asks about, its round so far, and the secret of its link."""

    case: Case
    round: Round
    token: str = field(repr=False)


def ask(db: Database, mailbox: Mailbox, questions: Sequence[Question], when: datetime) -> None:
    """Put the letter into the outbox: told once a day at most, whoever is killed meanwhile."""
    with force_locale(LOCALES[mailbox.language]):
        mail.queue(
            db,
            key=f"renewal:{questions[0].round.id}:{stored(when)[:10]}:{mailbox.email}",
            kind="renewal",
            recipient=mailbox.email,
            language=mailbox.language,
            subject=_subject(questions, mailbox.language),
            body="\n\n".join(_letter(db, mailbox, questions, when)) + "\n",
        )


def _subject(questions: Sequence[Question], language: str) -> str:
    if len(questions) == 1:
        title = title_in({"title": questions[0].case.title}, language)
        return str(_("Is it still true? %(title)s", title=title))
    return str(
        ngettext(
            "Is it still true? %(num)s practice of your municipality",
            "Is it still true? %(num)s practices of your municipality",
            len(questions),
        )
    )


def _letter(
    db: Database, mailbox: Mailbox, questions: Sequence[Question], when: datetime
) -> list[str]:
    until = day(stored(when + LINK_LIFETIME))
    return [
        _("Dear %(name)s,", name=mailbox.name) if mailbox.name else _("Dear colleagues,"),
        ngettext(
            "once a year we ask whether what the good-practice library of the Cities Network for"
            " Integration says is still true. Please look at this practice:",
            "once a year we ask whether what the good-practice library of the Cities Network for"
            " Integration says is still true. Please look at these practices:",
            len(questions),
        ),
        *(_question(db, each, mailbox.language) for each in questions),
        _(
            "One click on the page that opens is enough: it is still true, it needs changes, or it"
            " has ended. You need no account."
        ),
        _(
            "If a colleague knows better, pass the link on: whoever has it can answer for your"
            " municipality. It can be used until %(date)s.",
            date=until,
        ),
    ]


def _question(db: Database, question: Question, language: str) -> str:
    case, asked = question.case, question.round
    town = municipalities.get(db, case.municipality).official_name[language]
    lines = [
        title_in({"title": case.title}, language),
        _(
            "%(municipality)s, reference %(reference)s",
            municipality=town,
            reference=case.reference,
        ),
        _("Last confirmed: %(date)s", date=day(case.confirmed_on))
        if case.confirmed_on
        else _("Published: %(date)s", date=day(case.published_at)),
    ]
    if asked.first_asked_at:
        lines.append(_("We first asked on %(date)s.", date=day(asked.first_asked_at)))
    lines.append(absolute_url("renewals.question", lang=language, token=question.token))
    return "\n".join(lines)


def tell_authors(
    db: Database,
    kind: str,
    event: str,
    practice: Practice,
    asked: Round,
    member: Member | None,
    note: str = "",
) -> None:
    """Tell a practice's authors what was answered; not who did, nor who was asked by name."""
    for author in authorship.readers(db, practice):
        if author.email not in (asked.recipient, member.email if member else None):
            letters.send(db, kind, event, practice, author, reason=note)


def ended(db: Database, practice: Practice, note: str) -> None:
    """Tell the moderators that a municipality has archived a practice, right after it did."""
    entry = practices.list_log(db, practice.id)[0]
    for moderator in accounts.list_active(db, roles=("moderator",)):
        language = moderator.language
        with force_locale(language):
            content = practices.get_revision(db, practice.public_revision_id).content
            title = title_in(content, language)
            mail.queue(
                db,
                key=f"ended:{entry.id}:{moderator.id}",
                kind="ended",
                recipient=moderator.email,
                language=language,
                subject=_("Archived by its municipality: %(title)s", title=title),
                body="\n\n".join(_ended(db, practice, title, moderator, note)) + "\n",
            )


def _ended(
    db: Database, practice: Practice, title: str, moderator: Member, note: str
) -> Iterator[str]:
    town = municipalities.get(db, practice.municipality).official_name[moderator.language]
    yield _("Dear %(name)s,", name=moderator.name)
    yield _("a municipality says that a practice has ended, and so it is no longer public:")
    place = _(
        "%(municipality)s, reference %(reference)s",
        municipality=town,
        reference=practice.reference,
    )
    yield f"{title}\n{place}"
    if note:
        yield _("What they wrote:")
        yield mail.quoted(note)
    link = absolute_url("moderation.review", lang=moderator.language, practice_id=practice.id)
    yield _("If that was a mistake, you can restore it here:") + f"\n{link}"
