"""What has to be confirmed, for moderators: whom was asked and when, and what to do about it."""

from __future__ import annotations

from collections import Counter

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from kb.access import allow, signed_in_member
from kb.db import NotFound, get_db
from kb.i18n import day_of, text
from kb.municipalities import store as municipalities
from kb.paging import paging
from kb.practices.model import Practice
from kb.practices.views import by_id
from kb.renewals import actions, asking, store
from kb.renewals.forms import ToldForm
from kb.renewals.model import Case
from kb.renewals.views.pages import PAGE_SIZE, blueprint
from kb.renewals.words import ANSWER_LABELS, STANDING_COLOURS, STANDING_LABELS
from kb.tables import as_csv

Answer = Response | tuple[str, int]
NARROWED_BY = ("municipality", "standing")


def _public(practice_id: int) -> Practice:
    """The practice of that number, where everybody reads it. Raises NotFound."""
    practice = by_id(practice_id)
    if not practice.is_public:
        raise NotFound("not public")
    return practice


@blueprint.get("/review/to-confirm")
@allow("moderate")
def desk() -> str:
    """Every practice that has to be confirmed."""
    return _page()


@blueprint.get("/review/to-confirm.csv")
@allow("moderate")
def desk_csv() -> Response:
    """The same lines, every one, as a table."""
    towns = municipalities.by_code(get_db())
    header = [
        *(_("Municipality"), _("Reference"), _("Title"), _("Published"), _("Last confirmed")),
        *(_("Standing"), _("Asked at"), _("First asked"), _("Last asked"), _("Letters")),
        *(_("Answer"), _("Answered on")),
    ]
    rows = [
        (
            text(towns[case.municipality].name).value,
            case.reference,
            text(case.title).value,
            _day(case.published_at),
            case.confirmed_on,
            str(STANDING_LABELS[case.standing]),
            *_asked(case),
        )
        for case in _wanted(_due())
    ]
    answer = Response(as_csv(header, rows), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = "attachment; filename=to-confirm.csv"
    return answer


@blueprint.post("/review/<int:practice_id>/ask-again")
@allow("review", _public)
def ask_again(practice: Practice) -> Response:
    """Write the question once more, now."""
    mailbox = asking.ask_again(get_db(), practice, asking.present())
    flash(
        _(
            "The question about %(reference)s goes to %(mailbox)s.",
            reference=practice.reference,
            mailbox=mailbox.email,
        ),
        "success",
    )
    return _back()


@blueprint.post("/review/<int:practice_id>/confirm")
@allow("review", _public)
def confirm_for(practice: Practice) -> Answer:
    """Confirm it on behalf of the municipality, which said so by telephone for example."""
    form = ToldForm()
    if not form.validate():
        return _page(practice.id, form), 400
    actions.confirm_by(get_db(), practice, signed_in_member(), asking.present(), form.text)
    flash(_("%(reference)s is confirmed.", reference=practice.reference), "success")
    return _back()


def _back() -> Response:
    return redirect(url_for("renewals.desk", **_narrowed()), 303)  # type: ignore[arg-type]


def _page(failed: int | None = None, form: ToldForm | None = None) -> str:
    db, everything = get_db(), _due()
    found = _wanted(everything)
    if failed is not None:
        # Whatever page it stands on: what was typed is shown again, first of all.
        found.sort(key=lambda case: case.practice_id != failed)
    page = paging(len(found), PAGE_SIZE)
    return render_template(
        "renewals/desk.html",
        cases=found[page.offset : page.offset + page.size],
        total=len(everything),
        towns=municipalities.by_code(db),
        by_municipality=Counter(case.municipality for case in everything),
        by_standing=Counter(case.standing for case in everything),
        standings=STANDING_LABELS,
        colours=STANDING_COLOURS,
        chosen=_narrowed(),
        paging=page,
        failed=failed,
        errors={f"note-{failed}": message for message in form.messages.values()} if form else {},
        typed=form.note.data if form else "",
    )


def _due() -> list[Case]:
    """What needs a moderator before what only needs time, and then the longest due."""
    found = store.list_due(get_db(), asking.months(), asking.present())
    order = list(STANDING_LABELS)
    return sorted(found, key=lambda case: order.index(case.standing))


def _narrowed() -> dict[str, str]:
    """What the list is narrowed by, as the address says."""
    return {name: request.args[name] for name in NARROWED_BY if request.args.get(name)}


def _wanted(cases: list[Case]) -> list[Case]:
    """Those that the address asks for; what it names that there is not narrows to nothing."""
    town, standing = (_narrowed().get(name) for name in NARROWED_BY)
    return [
        case
        for case in cases
        if (not town or case.municipality == town) and (not standing or case.standing == standing)
    ]


def _asked(case: Case) -> tuple[str | None, ...]:
    found = case.round
    if found is None:
        return ("",) * 6
    return (
        found.recipient,
        _day(found.first_asked_at),
        _day(found.last_asked_at),
        str(found.letters),
        str(ANSWER_LABELS[found.answer]) if found.answer else "",
        _day(found.answered_at),
    )


def _day(moment: str | None) -> str:
    return day_of(moment).isoformat() if moment else ""
