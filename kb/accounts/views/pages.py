"""What the views of accounts share: the blueprint, showing a form, where to go next."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from flask_babel import ngettext
from werkzeug.wrappers import Response

from kb.access import Member, Role, can
from kb.accounts import sessions
from kb.accounts.forms import Form
from kb.accounts.model import LinkSpent, TooManyAttempts
from kb.web import error_page, local_path

blueprint = Blueprint("accounts", __name__)
blueprint.before_app_request(sessions.load)
blueprint.add_app_template_global(can)

error_page(LinkSpent, 410, "accounts/link-spent.html")

# Where each role's work is.
HOME: dict[Role, str] = {
    "contributor": "practices.mine",
    "moderator": "moderation.queue",
    "administrator": "accounts.index",
}


@blueprint.after_request
def _keep_out_of_caches(response: Response) -> Response:
    """Even the pages that everybody may see hold a form's secret."""
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def show(template: str, form: Form, status: int = 200, **context: object) -> Response:
    """A page with a form, and what is wrong with what was typed."""
    page = render_template(f"accounts/{template}.html", form=form, errors=form.messages, **context)
    return make_response(page, status)


def show_wait(template: str, form: Form, error: TooManyAttempts, **context: object) -> Response:
    """The page with its form again, and how long to wait before sending it."""
    page = render_template(
        f"accounts/{template}.html", form=form, errors={"": wait_sentence(error.wait)}, **context
    )
    return make_response(page, 429, {"Retry-After": str(error.wait)})


def wait_sentence(seconds: int) -> str:
    """What to do after too many tries."""
    if seconds < 60:
        return str(
            ngettext(
                "Too many attempts. Wait %(num)s second and try again.",
                "Too many attempts. Wait %(num)s seconds and try again.",
                seconds,
            )
        )
    return str(
        ngettext(
            "Too many attempts. Wait %(num)s minute and try again.",
            "Too many attempts. Wait %(num)s minutes and try again.",
            -(-seconds // 60),
        )
    )


def destination(member: Member, target: str | None) -> str:
    """The local path ``target``, or the page where the member's work is."""
    return local_path(target) or url_for(HOME[member.role])


def welcome(member: Member, token: str, target: str | None) -> Response:
    """Give the browser its session and go on."""
    return sessions.remember(redirect(destination(member, target), 303), token)


def done(message: str, endpoint: str, **values: object) -> Response:
    """Say what was done, on the page that follows."""
    flash(message, "success")
    return redirect(url_for(endpoint, **values), 303)  # type: ignore[arg-type]
