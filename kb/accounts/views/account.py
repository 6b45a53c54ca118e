"""One's own account: name, language, messages, password, where one is signed in."""

from __future__ import annotations

from flask import current_app, g
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from kb.access import allow, signed_in_member
from kb.accounts import actions, sessions, store
from kb.accounts.forms import ChangePasswordForm, DetailsForm, Form
from kb.accounts.model import TooManyAttempts, WrongPassword
from kb.accounts.views.pages import blueprint, done, show, show_wait
from kb.accounts.views.sign_in import visitor_address
from kb.db import get_db
from kb.municipalities import store as municipalities


@blueprint.get("/account")
@allow("member")
def account() -> Response:
    """Show what the library knows of the person."""
    member = signed_in_member()
    delivery = store.get_account(get_db(), member.id).delivery
    return _show(DetailsForm(formdata=None, obj=member, delivery=delivery))


@blueprint.post("/account")
@allow("member")
def change_details() -> Response:
    """Set name, language, and how often messages come."""
    form = DetailsForm()
    if not form.validate():
        return _show(form, 400)
    actions.change_details(
        get_db(), signed_in_member(), form.name.data, form.language.data, form.delivery.data
    )
    return done(_("Your details are saved."), "accounts.account")


def _show(form: Form, status: int = 200) -> Response:
    db, member = get_db(), signed_in_member()
    own = store.get_account(db, member.id)
    place = municipalities.get(db, member.municipality) if member.municipality else None
    return show(
        "account",
        form,
        status,
        account=own,
        municipality=place,
        devices=store.list_sessions(db, member.id),
        here=g.session,
        hour=current_app.config["DIGEST_HOUR"],
    )


@blueprint.get("/account/password")
@allow("member")
def password() -> Response:
    """Ask for a new password."""
    return _show_password(ChangePasswordForm(signed_in_member()))


@blueprint.post("/account/password")
@allow("member")
def change_password() -> Response:
    """Set the new password; the person stays signed in here, and nowhere else."""
    member = signed_in_member()
    form = ChangePasswordForm(member)
    if not form.validate():
        return _show_password(form, 400)
    try:
        token = actions.change_password(
            get_db(), member, form.current.data, form.password.data, visitor_address()
        )
    except TooManyAttempts as error:
        return show_wait("password", form, error, has_password=True)
    except WrongPassword:
        form.blame("current", _("The present password is not correct"))
        return _show_password(form, 400)
    message = _("Your password is changed. You are signed out on all other devices.")
    return sessions.remember(done(message, "accounts.account"), token)


def _show_password(form: Form, status: int = 200) -> Response:
    account = store.get_account(get_db(), signed_in_member().id)
    return show("password", form, status, has_password=account.password_hash is not None)


@blueprint.post("/account/sign-out-everywhere")
@allow("member")
def sign_out_everywhere() -> Response:
    """End all of the person's sessions, this one too."""
    actions.sign_out_everywhere(get_db(), signed_in_member())
    return sessions.forget(done(_("You have signed out on all devices."), "accounts.sign_in"))
