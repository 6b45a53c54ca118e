"""The members, for administrators: who they are, inviting, changing rights, closing accounts."""

from __future__ import annotations

from flask import render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from kb import i18n
from kb.access import allow, signed_in_member
from kb.accounts import membership, store
from kb.accounts.forms import InvitationForm, RightsForm
from kb.accounts.model import LINK_LIFETIMES, Account, EmailTaken, LastAdministrator
from kb.accounts.views.pages import blueprint, done, show
from kb.db import NotFound, get_db
from kb.municipalities import store as municipalities


@blueprint.get("/members")
@allow("administer")
def index() -> str:
    """List everybody by name, closed accounts last."""
    db = get_db()
    accounts = sorted(
        store.list_accounts(db),
        key=lambda account: (not account.is_active, i18n.sort_key(account.member.name)),
    )
    return render_template(
        "accounts/index.html", accounts=accounts, municipalities=municipalities.by_code(db)
    )


def _choices(own: str | None = None) -> list[tuple[str, str]]:
    """The members that contributors work for, in the reader's order; and their ``own`` one."""
    everyone = municipalities.list_municipalities(get_db())
    members = [m for m in everyone if m.is_member or m.code == own]
    pairs = [(member.code, i18n.text(member.name).value) for member in members]
    return sorted(pairs, key=lambda pair: i18n.sort_key(pair[1]))


@blueprint.get("/members/invite")
@allow("administer")
def invite() -> Response:
    """Ask whom to invite."""
    return _ask(InvitationForm(_choices()))


@blueprint.post("/members/invite")
@allow("administer")
def send_invitation() -> Response:
    """Make the account and send the invitation."""
    form = InvitationForm(_choices())
    if not form.validate():
        return _ask(form, 400)
    try:
        member, _url = membership.invite(get_db(), signed_in_member(), form.profile())
    except EmailTaken:
        form.blame("email", _("There is an account with this email address already"))
        return _ask(form, 400)
    message = _("An invitation is on its way to %(email)s.", email=member.email)
    return done(message, "accounts.index")


def _ask(form: InvitationForm, status: int = 200) -> Response:
    return show("invite", form, status, days=LINK_LIFETIMES["invitation"].days)


@blueprint.get("/members/<int:member_id>")
@allow("administer")
def show_member(member_id: int) -> Response:
    """Show one account and what can be changed about it."""
    account = _known(member_id)
    choices = _choices(account.member.municipality)
    return _show(account, RightsForm(choices, account.member))


@blueprint.post("/members/<int:member_id>")
@allow("administer")
def change_rights(member_id: int) -> Response:
    """Set role and municipality, and who coordinates there."""
    db = get_db()
    account = _known(member_id)
    form = RightsForm(_choices(account.member.municipality))
    if not form.validate():
        return _show(account, form, 400)
    try:
        membership.change_rights(
            db,
            signed_in_member(),
            member_id,
            form.role.data,
            form.municipality.data,
            form.is_coordinator.data,
        )
    except LastAdministrator:
        form.blame("role", _last_administrator())
        return _show(account, form, 409)
    message = _("The rights of %(name)s are saved.", name=account.member.name)
    return done(message, "accounts.index")


@blueprint.post("/members/<int:member_id>/deactivate")
@allow("administer")
def deactivate(member_id: int) -> Response:
    """Close the account."""
    try:
        account = membership.deactivate(get_db(), signed_in_member(), member_id)
    except LastAdministrator:
        account = store.get_account(get_db(), member_id)
        form = RightsForm(_choices(account.member.municipality), account.member)
        form.blame("role", _last_administrator())
        return _show(account, form, 409)
    message = _("The account of %(name)s is closed.", name=account.member.name)
    return done(message, "accounts.index")


@blueprint.post("/members/<int:member_id>/reactivate")
@allow("administer")
def reactivate(member_id: int) -> Response:
    """Open the account again."""
    account = membership.reactivate(get_db(), signed_in_member(), member_id)
    message = _("The account of %(name)s is open again.", name=account.member.name)
    return done(message, "accounts.show_member", member_id=member_id)


@blueprint.post("/members/<int:member_id>/invite")
@allow("administer")
def invite_again(member_id: int) -> Response:
    """Send a new invitation."""
    account = membership.invite_again(get_db(), signed_in_member(), member_id)
    message = _("A new invitation is on its way to %(email)s.", email=account.member.email)
    return done(message, "accounts.show_member", member_id=member_id)


def _known(member_id: int) -> Account:
    account = store.get_account(get_db(), member_id)
    if account.is_erased:
        raise NotFound("nobody is known under that number")
    return account


def _show(account: Account, form: RightsForm, status: int = 200) -> Response:
    place = account.member.municipality
    municipality = municipalities.get(get_db(), place) if place else None
    return show("member", form, status, account=account, municipality=municipality)


def _last_administrator() -> str:
    return str(_("This is the only administrator. Make somebody else administrator first"))
