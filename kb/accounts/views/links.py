"""The links that are sent by mail: looking at one changes nothing, its button uses it up."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response

from kb.access import allow
from kb.accounts import actions, sessions
from kb.accounts.forms import Form, NewPasswordForm
from kb.accounts.model import Link
from kb.accounts.views.pages import blueprint, show, welcome
from kb.db import get_db
from kb.web import local_path


@blueprint.get("/links/<token>")
@allow("public")
def open_link(token: str) -> Response:
    """Show the button; programs that scan mail follow links, but press nothing."""
    link = actions.open_link(get_db(), token)
    return _show(link, _form(link))


@blueprint.post("/links/<token>")
@allow("public")
def use_link(token: str) -> Response:
    """Sign in, after setting the password where the link is for that."""
    db = get_db()
    link = actions.open_link(db, token)
    form = _form(link)
    if not form.validate():
        return _show(link, form, 400)
    if isinstance(form, NewPasswordForm):
        member, session = actions.use_password_link(
            db, token, form.password.data, sessions.presented()
        )
    else:
        member, session = actions.use_sign_in_link(db, token, sessions.presented())
    return welcome(member, session, request.args.get("next"))


def _form(link: Link) -> Form:
    return Form() if link.purpose == "sign_in" else NewPasswordForm(link.member)


def _show(link: Link, form: Form, status: int = 200) -> Response:
    target = local_path(request.args.get("next"))
    return show("link", form, status, link=link, target=target)
