"""Signing in with a password, asking for a link by mail, signing out."""

from __future__ import annotations

from flask import g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from kb.access import allow, current_member
from kb.accounts import actions, sessions
from kb.accounts.forms import LinkForm, SignInForm
from kb.accounts.model import Purpose, TooManyAttempts, WrongPassword
from kb.accounts.views.pages import blueprint, destination, done, show, show_wait, welcome
from kb.db import get_db
from kb.web import local_path


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
        return show("sign-in", form, 400)
    try:
        member, token = actions.sign_in(
            get_db(), form.email.data, form.password.data, visitor_address(), sessions.presented()
        )
    except TooManyAttempts as error:
        return show_wait("sign-in", form, error)
    except WrongPassword:
        form.blame("email", _("The email address or the password is not correct"))
        return show("sign-in", form, 400)
    return welcome(member, token, form.next.data)


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
