"""Signing in with a password, asking for a link by mail, signing out."""

from __future__ import annotations

from collections.abc import Mapping

from flask import g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from kb.access import Member, SignInNeeded, allow, current_member
from kb.accounts import actions, carried, sessions
from kb.accounts.forms import LinkForm, SignInForm
from kb.accounts.model import Purpose, TooManyAttempts, WrongPassword
from kb.accounts.views.pages import (
    blueprint,
    destination,
    done,
    show,
    show_wait,
    wait_sentence,
    welcome,
)
from kb.db import get_db
from kb.web import is_own_form, local_path, wants_json


def visitor_address() -> str:
    """Where the request comes from; behind PROXIES, what the nearest of them says."""
    return request.remote_addr or ""


@blueprint.get("/sign-in")
@allow("public")
def sign_in() -> Response:
    """Ask for e-mail address and password."""
    target = request.args.get("next")
    if g.member is not None:
        return redirect(destination(g.member, target), 303)
    return show("sign-in", SignInForm(formdata=None, data={"next": local_path(target)}))


@blueprint.get("/sign-in/state")
@allow("public")
def session_state() -> dict[str, object]:
    """Who is signed in, and a form's token: for a page that was open while its session ended."""
    member = current_member()
    return {
        "member": {"id": member.id, "name": member.name} if member else None,
        "csrf_token": generate_csrf(),
    }


@blueprint.post("/sign-in")
@allow("public")
def start_session() -> Response:
    """Sign in with a password."""
    form = SignInForm()
    if not form.validate():
        return _refused(form, 400)
    try:
        member, token = actions.sign_in(
            get_db(), form.email.data, form.password.data, visitor_address(), sessions.presented()
        )
    except TooManyAttempts as error:
        if wants_json():
            return _told({"message": wait_sentence(error.wait)}, 429)
        return show_wait("sign-in", form, error)
    except WrongPassword:
        form.blame("email", _("The email address or the password is not correct"))
        return _refused(form, 400)
    if wants_json():
        return sessions.remember(_told({"csrf_token": generate_csrf()}), token)
    if found := carried.unpack(form.carried.data):
        return sessions.remember(_carry_on(found, member), token)
    return welcome(member, token, form.next.data)


@blueprint.post("/sign-in/go-on")
@allow("public")
def go_on() -> Response:
    """Go on with what was written, after signing in in another tab."""
    found, member = carried.unpack(request.form.get("carried")), current_member()
    if found and member:
        return _carry_on(found, member)
    form = SignInForm(formdata=None, data={"carried": request.form.get("carried")})
    form.blame("email", _("You are not signed in yet"))
    return show("sign-in", form, 401)


@blueprint.app_errorhandler(SignInNeeded)
def _ask_first(_error: SignInNeeded) -> Response:
    """Ask who it is, and keep what they wrote."""
    if wants_json():
        return _told({"error": "sign-in"}, 401)
    if not is_own_form():
        return redirect(url_for("accounts.sign_in"), 303)
    form = SignInForm(formdata=None, data={"carried": carried.pack()})
    return show("sign-in", form, 401)


def _carry_on(found: carried.Carried, member: Member) -> Response:
    if not carried.may_go_on(found, member):
        return redirect(destination(member, None), 303)
    # No member of this request yet, where signing in has just begun.
    g.member = member
    return make_response(render_template("accounts/carry-on.html", carried=found))


def _refused(form: SignInForm, status: int) -> Response:
    if wants_json():
        return _told({"message": next(iter(form.messages.values()), "")}, status)
    return show("sign-in", form, status)


def _told(facts: Mapping[str, str], status: int = 200) -> Response:
    return make_response(dict(facts), status)


@blueprint.post("/sign-out")
@allow("public")
def sign_out() -> Response:
    """End this browser's session."""
    if session := sessions.presented():
        actions.sign_out(get_db(), session)
    return sessions.forget(done(_("You have signed out."), "accounts.sign_in"))


@blueprint.get("/sign-in/link")
@allow("public")
def request_link() -> Response:
    """Ask where to send a link that signs in without a password."""
    return _ask("sign_in")


@blueprint.post("/sign-in/link")
@allow("public")
def send_link() -> Response:
    """Send the link."""
    return _send("sign_in")


@blueprint.get("/password/reset")
@allow("public")
def request_reset() -> Response:
    """Ask where to send a link that sets a new password."""
    return _ask("reset")


@blueprint.post("/password/reset")
@allow("public")
def send_reset() -> Response:
    """Send the link."""
    return _send("reset")


@blueprint.get("/sign-in/mail-sent")
@allow("public")
def mail_sent() -> str:
    """What to do now, whether or not the address has an account."""
    return render_template("accounts/mail-sent.html")


def _ask(purpose: Purpose) -> Response:
    target = local_path(request.args.get("next"))
    form = LinkForm(formdata=None, data={"next": target})
    return show("request-link", form, purpose=purpose)


def _send(purpose: Purpose) -> Response:
    form = LinkForm()
    if not form.validate():
        return show("request-link", form, 400, purpose=purpose)
    target = local_path(form.next.data)
    try:
        actions.request_link(get_db(), purpose, form.email.data, visitor_address(), target)
    except TooManyAttempts as error:
        return show_wait("request-link", form, error, purpose=purpose)
    return redirect(url_for("accounts.mail_sent"), 303)
