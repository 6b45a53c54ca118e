"""The municipalities, for administrators: their mailboxes, and which of them approve first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask import make_response, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from kb import i18n
from kb.access import allow, signed_in_member
from kb.accounts import membership, store
from kb.accounts.forms import MunicipalityForm
from kb.accounts.views.pages import blueprint, done, show
from kb.db import NotFound, get_db
from kb.municipalities import store as places
from kb.municipalities.model import Municipality, StaleSettings


@blueprint.get("/municipality-settings")
@allow("administer")
def municipalities() -> Response:
    """List the municipalities by name, former members last, with what is set of each."""
    db = get_db()
    known = [place for place in places.list_municipalities(db) if not place.is_elsewhere]
    page = render_template(
        "accounts/municipalities.html",
        places=sorted(
            known,
            key=lambda place: (not place.is_member, i18n.sort_key(i18n.text(place.name).value)),
        ),
        coordinators={place.code: store.coordinators(db, place.code) for place in known},
    )
    return make_response(page)


@blueprint.get("/municipality-settings/<code>")
@allow("administer")
def municipality(code: str) -> Response:
    """Show what can be set of one."""
    place = member_of_network(code)
    form = MunicipalityForm(formdata=None, obj=place, opened=place.settings_mark)
    return _show(place, form)


@blueprint.post("/municipality-settings/<code>")
@allow("administer")
def change_municipality(code: str) -> Response:
    """Set its mailbox, and whether its coordinator approves first, unless somebody else has."""
    place, form = member_of_network(code), MunicipalityForm()
    if not form.validate():
        return _show(place, form, 400)
    try:
        membership.change_municipality(
            get_db(),
            signed_in_member(),
            code,
            mailbox=form.mailbox.data or None,
            approves_first=form.approves_first.data,
            opened=form.opened.data,
        )
    except StaleSettings as stale:
        form.opened.data = stale.saved.settings_mark
        return _show(place, form, 409, list(_differences(form, stale.saved)))
    message = _("The settings of %(name)s are saved.", name=i18n.text(place.official_name).value)
    return done(message, "accounts.municipalities")


def member_of_network(code: str) -> Municipality:
    """The municipality of that code, a member or a former one. Raises NotFound."""
    place = places.get(get_db(), code)
    if place.is_elsewhere:
        raise NotFound("nobody who works in the library")
    return place


def _differences(form: MunicipalityForm, saved: Municipality) -> Iterator[tuple[str, str]]:
    """What is saved and differs from what was typed: each with the label of its field."""
    if saved.mailbox != (form.mailbox.data or None):
        yield str(form.mailbox.label.text), saved.mailbox or _("No mailbox")
    if saved.approves_first != form.approves_first.data:
        yield str(form.approves_first.label.text), _("Yes") if saved.approves_first else _("No")


def _show(
    place: Municipality,
    form: MunicipalityForm,
    status: int = 200,
    differences: Sequence[tuple[str, str]] = (),
) -> Response:
    return show(
        "municipality",
        form,
        status,
        place=place,
        coordinators=store.coordinators(get_db(), place.code),
        differences=differences,
    )
