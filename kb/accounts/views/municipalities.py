"""The municipalities, for administrators: their mailboxes, and which of them approve first."""

from __future__ import annotations

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
from kb.municipalities.model import Municipality


@blueprint.get("/municipality-settings")
@allow("administer")
def municipalities() -> Response:
    """List the members of the network by name, with what is set of each."""
    db = get_db()
    members = [place for place in places.list_municipalities(db) if place.is_member]
    page = render_template(
        "accounts/municipalities.html",
        places=sorted(members, key=lambda place: i18n.sort_key(i18n.text(place.name).value)),
        coordinators={place.code: store.coordinators(db, place.code) for place in members},
    )
    return make_response(page)


@blueprint.get("/municipality-settings/<code>")
@allow("administer")
def municipality(code: str) -> Response:
    """Show what can be set of one."""
    place = _member_of_network(code)
    return _show(place, MunicipalityForm(formdata=None, obj=place))


@blueprint.post("/municipality-settings/<code>")
@allow("administer")
def change_municipality(code: str) -> Response:
    """Set its mailbox, and whether its coordinator approves first."""
    place, form = _member_of_network(code), MunicipalityForm()
    if not form.validate():
        return _show(place, form, 400)
    membership.change_municipality(
        get_db(),
        signed_in_member(),
        code,
        mailbox=form.mailbox.data or None,
        approves_first=form.approves_first.data,
    )
    message = _("The settings of %(name)s are saved.", name=i18n.text(place.official_name).value)
    return done(message, "accounts.municipalities")


def _member_of_network(code: str) -> Municipality:
    place = places.get(get_db(), code)
    if not place.is_member:
        raise NotFound("nobody who works in the library")
    return place


def _show(place: Municipality, form: MunicipalityForm, status: int = 200) -> Response:
    coordinators = store.coordinators(get_db(), place.code)
    return show("municipality", form, status, place=place, coordinators=coordinators)
