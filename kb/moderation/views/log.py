"""The moderation log: who did what, when and why; as a page and as a table."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Response, get_template_attribute, render_template, request
from flask_babel import gettext as _

from kb import i18n
from kb.access import allow
from kb.db import get_db
from kb.moderation import store
from kb.moderation.model import LOGGED, LogFilter, LogLine
from kb.moderation.views.pages import PAGE_SIZE, blueprint
from kb.paging import paging
from kb.tables import as_csv
from kb.web import asked_number


@blueprint.get("/review/log")
@allow("moderate")
def log() -> str:
    """Everything that was ever decided, newest first."""
    db = get_db()
    wanted, notes = _wanted()
    page = paging(store.count_log(db, wanted), PAGE_SIZE)
    return render_template(
        "moderation/log.html",
        lines=store.list_log(db, wanted, page.size, page.offset),
        notes=notes,
        given=request.args,
        wanted=wanted,
        actions=LOGGED,
        people=store.deciders(db),
        paging=page,
    )


@blueprint.get("/review/log.csv")
@allow("moderate")
def log_csv() -> Response:
    """The same lines, every one, as a table."""
    wanted, _notes = _wanted()
    header = [
        *(_("When"), _("Reference"), _("Title"), _("Decision"), _("Member")),
        *(_("Status before"), _("Status after"), _("Reason")),
    ]
    rows = [_row(line) for line in store.list_log(get_db(), wanted)]
    answer = Response(as_csv(header, rows), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = "attachment; filename=moderation-log.csv"
    return answer


def _row(line: LogLine) -> tuple[str, ...]:
    """A line of the log, in the words of the page."""
    entry, words = line.entry, "moderation/words.html"
    action, doer = (get_template_attribute(words, name) for name in ("action_label", "doer"))
    status = get_template_attribute("components/tag.html", "status_label")
    return (
        i18n.moment(entry.at, "yyyy-MM-dd HH:mm"),
        line.reference,
        i18n.text(line.title).value,
        action(entry.action).strip(),
        entry.member_name or doer(entry).strip(),
        status(entry.status_before).strip(),
        status(entry.status_after).strip(),
        entry.reason,
    )


def _wanted() -> tuple[LogFilter, list[str]]:
    """What of the log the address asks for, and a word on what there is not."""
    notes = []
    reference = request.args.get("reference", "").strip()
    practice_id = store.find_practice(get_db(), reference) if reference else None
    action = next((known for known in LOGGED if known == request.args.get("action")), None)
    since, until = _day("from"), _day("to")
    if reference and practice_id is None:
        notes.append(_("There is no practice with that reference, so you see all of them."))
    if request.args.get("action") and action is None:
        notes.append(_("There is no such decision, so you see all of them."))
    if any(request.args.get(name) and not day for name, day in (("from", since), ("to", until))):
        notes.append(_("There is no such date, so you see all of them."))
    wanted = LogFilter(
        practice_id,
        action,
        asked_number("member"),
        i18n.midnight(since) if since else None,
        i18n.midnight(until + timedelta(days=1)) if until else None,
    )
    return wanted, notes


def _day(name: str) -> date | None:
    try:
        found = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return found if 2000 <= found.year < 3000 else None
