"""What the municipalities are called and where they lie, and new ones, for administrators."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask_babel import gettext as _
from werkzeug.wrappers import Response

from kb import i18n
from kb.access import allow, signed_in_member
from kb.accounts import network
from kb.accounts.details_form import TEXTS, DetailsForm, NewMunicipalityForm
from kb.accounts.views.municipalities import member_of_network
from kb.accounts.views.pages import blueprint, done, show
from kb.db import get_db
from kb.municipalities import store
from kb.municipalities.model import CodeTaken, Details, Municipality, StaleDetails


@blueprint.get("/municipality-settings/<code>/details")
@allow("administer")
def municipality_details(code: str) -> Response:
    """Show what a municipality is called and where it lies."""
    place = member_of_network(code)
    return _show(place, DetailsForm(_others(place), place, store.details(get_db(), code)))


@blueprint.post("/municipality-settings/<code>/details")
@allow("administer")
def change_municipality_details(code: str) -> Response:
    """Set it, unless somebody else has in the meantime."""
    place = member_of_network(code)
    form = DetailsForm(_others(place), place)
    if not form.validate():
        return _show(place, form, 400)
    new = form.details()
    try:
        network.change_details(get_db(), signed_in_member(), code, new, form.opened.data)
    except StaleDetails as stale:
        form.opened.data = stale.saved.mark
        return _show(place, form, 409, list(_differences(form, new, stale.saved)))
    return done(_saved(code), "accounts.municipality", code=code)


@blueprint.get("/members/add-municipality")
@allow("administer")
def new_municipality() -> Response:
    """Ask which municipality joins the network."""
    return _ask(NewMunicipalityForm(_others()))


@blueprint.post("/members/add-municipality")
@allow("administer")
def add_municipality() -> Response:
    """Take it in; from now on people can be invited to it."""
    form = NewMunicipalityForm(_others())
    if not form.validate():
        return _ask(form, 400)
    try:
        network.add(get_db(), signed_in_member(), form.code.data, form.details())
    except CodeTaken:
        form.blame("code", _("Another municipality has this code"))
        return _ask(form, 400)
    return done(_saved(form.code.data), "accounts.municipality", code=form.code.data)


def _others(place: Municipality | None = None) -> list[Municipality]:
    """Every municipality but this one."""
    code = place.code if place else ""
    return [each for each in store.list_municipalities(get_db()) if each.code != code]


def _saved(code: str) -> str:
    name = i18n.text(store.get(get_db(), code).official_name).value
    return str(_("The details of %(name)s are saved.", name=name))


def _differences(form: DetailsForm, mine: Details, saved: Details) -> Iterator[tuple[str, str]]:
    """What is saved and differs from what was typed: each with the label of its field."""
    shown = {name: getattr(saved, name) for name in (*TEXTS, "population_2021", "lat", "lon")}
    shown |= {"joined": saved.joined, "aliases": ", ".join(saved.aliases)}
    shown |= {"region": i18n.text({"el": saved.region_el, "en": saved.region_en}).value}
    shown |= {"is_member": _("Yes") if saved.is_member else _("No")}
    for name, text in shown.items():
        if getattr(mine, name) != getattr(saved, name):
            yield str(form[name].label.text), str(text or _("Not said"))


def _show(
    place: Municipality,
    form: DetailsForm,
    status: int = 200,
    differences: Sequence[tuple[str, str]] = (),
) -> Response:
    return show(
        "municipality-details",
        form,
        status,
        place=place,
        regions=_regions(form),
        differences=differences,
    )


def _ask(form: NewMunicipalityForm, status: int = 200) -> Response:
    return show("municipality-details", form, status, place=None, regions=_regions(form))


def _regions(form: DetailsForm) -> list[tuple[str, str]]:
    """The regions to choose from, in the reader's order."""
    named = [(code, i18n.text(name).value) for code, name in form.regions.items()]
    return sorted(named, key=lambda pair: i18n.sort_key(pair[1]))
