"""Search and browse over HTTP: the page, and its results as a file or a feed to take away."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import cast

from flask import Blueprint, Flask, Response, current_app, g, render_template, request
from flask.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response as BaseResponse

from kb import i18n
from kb.access import allow, signed_in_member
from kb.db import get_db
from kb.practices.model import Content, Practice
from kb.search import (
    actions,
    alike,
    api,
    commands,
    display,
    hints,
    periods,
    record,
    syncing,
    takeaway,
)
from kb.search.facets import labels
from kb.search.forms import read
from kb.search.hints import Hint
from kb.search.model import MOST_TAKEN, PER_PAGE, Card
from kb.vocabularies.store import all_vocabularies
from kb.web import SAFE_METHODS

blueprint = Blueprint("search", __name__, cli_group=None)
blueprint.cli.add_command(commands.index)


@blueprint.record_once
def _set_up(state: BlueprintSetupState) -> None:
    app = cast(Flask, state.app)
    syncing.init_app(app)
    record.init_app(app)
    app.register_blueprint(api.blueprint)


@blueprint.teardown_app_request
def _sync_afterwards(_error: BaseException | None) -> None:
    """Let the index follow what a request may have changed, however that request ended.

    Not when the response is closed: a server need not come to that where the browser hangs up.
    In a thread of its own: the next request of the same connection has not to wait, either.
    """
    if request.method not in SAFE_METHODS:
        syncing.indexes(current_app).sync_soon()


@blueprint.after_app_request
def _record_when_sent(response: BaseResponse) -> BaseResponse:
    """Take down what was sought, once it has been answered."""
    if search := g.get("search"):
        place = request.remote_addr or ""
        response.call_on_close(partial(record.recorder(current_app).note, search, place))
    return response


@blueprint.app_template_global()
def practices_like(practice: Practice) -> list[Card]:
    """What the page of a public practice shows beside it."""
    return alike.like_practice(get_db(), practice.id) if practice.is_public else []


@blueprint.app_template_global()
def hints_for(practice: Practice, content: Content) -> list[Hint]:
    """Practices that the title of this one may name, too."""
    title = i18n.text(content.get("title")).value
    return hints.hints(get_db(), title, signed_in_member(), str(practice.id))


@blueprint.get("/practices")
@allow("public")
def index() -> str:
    """What fits the words and filters, with the filters that would narrow it further."""
    db = get_db()
    names = labels(db)
    asked = read(request.args, names)
    answer = actions.search_page(db, asked, PER_PAGE)
    g.search = record.note(asked, answer)
    return render_template(
        "search/index.html",
        **display.page(asked, answer, names, actions.widen(db, asked, answer)),
        areas=all_vocabularies(db)["areas"],
    )


@blueprint.get("/practices.csv", endpoint="csv")
@allow("public")
def as_csv() -> Response:
    """All hits as a table for a spreadsheet."""
    db = get_db()
    names = labels(db)
    answer = actions.search(db, read(request.args, names), limit=MOST_TAKEN, counted=False)
    answered = Response(takeaway.csv(db, answer), content_type="text/csv; charset=utf-8")
    answered.headers["Content-Disposition"] = (
        f'attachment; filename="practices-{i18n.current()}.csv"'
    )
    return answered


@blueprint.get("/practices.atom", endpoint="atom")
@allow("public")
def as_atom() -> Response:
    """All hits as a feed, the newest first where no other order is asked for."""
    db = get_db()
    names = labels(db)
    asked = read(request.args, names)
    newest = replace(asked, sort=asked.sort or "newest")
    answer = actions.search(db, newest, limit=MOST_TAKEN, counted=False)
    feed = takeaway.atom(asked, answer, names)
    return Response(feed, content_type="application/atom+xml; charset=utf-8")


@blueprint.get("/review/searches", endpoint="record")
@allow("moderate")
def show_record() -> str:
    """What people seek, and what they seek in vain."""
    period = periods.read(request.args)
    return render_template("search/record.html", **periods.page(get_db(), period))


@blueprint.get("/review/searches.csv", endpoint="record_csv")
@allow("moderate")
def record_as_csv() -> Response:
    """All that was sought in the period, as a table for a spreadsheet."""
    period = periods.read(request.args)
    table = periods.csv(get_db(), period)
    answered = Response(table, content_type="text/csv; charset=utf-8")
    answered.headers["Content-Disposition"] = 'attachment; filename="searches.csv"'
    return answered
