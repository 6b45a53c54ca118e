"""Erasing what is known of the person of a closed account: asked first, for it is for good."""

from __future__ import annotations

from flask import render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from kb.access import allow, signed_in_member
from kb.accounts import erasure, store
from kb.accounts.model import Account
from kb.accounts.views.pages import blueprint, done
from kb.db import NotFound, get_db


@blueprint.get("/members/<int:member_id>/erase")
@allow("administer")
def ask_to_erase(member_id: int) -> str:
    """What goes, what stays, and which texts name the person."""
    account = _closed(member_id)
    found = erasure.mentions(get_db(), account.member)
    return render_template("accounts/erase.html", account=account, mentions=found)


@blueprint.post("/members/<int:member_id>/erase")
@allow("administer")
def erase(member_id: int) -> Response:
    """Forget who the person was."""
    erasure.erase(get_db(), signed_in_member(), _closed(member_id).member.id)
    return done(_("What was known of the person is erased."), "accounts.index")


def _closed(member_id: int) -> Account:
    account = store.get_account(get_db(), member_id)
    if account.is_active or account.is_erased:
        raise NotFound("an account that is open, or erased already")
    return account
