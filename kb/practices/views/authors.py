"""Who writes a practice: writing along, co-authors, handing over; and why somebody may not."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from kb import access, i18n, web
from kb.access import allow, current_member, signed_in_member
from kb.accounts import store as accounts
from kb.db import NotFound, get_db
from kb.practices import actions, authors, authorship
from kb.practices.authors import Author
from kb.practices.model import NotAuthor, Practice
from kb.practices.views.pages import blueprint, by_id

# What a form holds besides what a person typed.
MACHINERY = frozenset({"version", "opened", "page", "writer", "submission_key", "found", "then"})

web.error_page(NotAuthor, 409, "practices/not-author.html")


def with_author(practice_id: int, member_id: int) -> Practice:
    """The practice, where that member is or was one of its authors. Raises NotFound."""
    practice = by_id(practice_id)
    if authors.find(get_db(), practice.id, member_id) is None:
        raise NotFound("no author")
    return practice


@blueprint.post("/my-practices/<int:practice_id>/join")
@allow("follow", by_id)
def join(practice: Practice) -> Response:
    """Write along."""
    authorship.join(get_db(), practice, signed_in_member())
    flash(_("You are one of its authors now and can edit it."), "success")
    return _to_practice(practice)


@blueprint.post("/my-practices/<int:practice_id>/lead")
@allow("follow", by_id)
def take_lead(practice: Practice) -> Response:
    """Become responsible, where nobody is any more."""
    if authorship.take_lead(get_db(), practice, signed_in_member()):
        flash(_("You are responsible for this practice now."), "success")
    else:
        flash(_("Somebody else is responsible for this practice; nothing was changed."), "warning")
    return _to_practice(practice)


@blueprint.post("/my-practices/<int:practice_id>/leave")
@allow("follow", by_id)
def leave(practice: Practice) -> Response:
    """Stop being a co-author."""
    member = signed_in_member()
    authorship.remove(get_db(), practice, member, member.id)
    flash(_("You are no longer one of its authors."), "success")
    return _to_practice(practice)


@blueprint.get("/my-practices/<int:practice_id>/authors")
@allow("share", by_id)
def authors_page(practice: Practice) -> str:
    """Who writes it, and who else could."""
    return _page(practice)


@blueprint.post("/my-practices/<int:practice_id>/authors")
@allow("share", by_id)
def add_author(practice: Practice) -> Response | tuple[str, int]:
    """Make a colleague a co-author."""
    chosen = web.posted_number("member")
    if not chosen:
        return _page(practice, {"member": _("Choose a colleague")}), 400
    colleague = authorship.add(get_db(), practice, signed_in_member(), chosen)
    flash(_("%(name)s is one of its authors now.", name=colleague.name), "success")
    return _to_authors(practice)


@blueprint.post("/my-practices/<int:practice_id>/authors/<int:member_id>/remove")
@allow("share", with_author)
def remove_author(practice: Practice) -> Response:
    """Take a co-author off."""
    gone = authorship.remove(get_db(), practice, signed_in_member(), _asked())
    flash(_("%(name)s is no longer one of its authors.", name=gone.name), "success")
    return _to_authors(practice)


@blueprint.post("/my-practices/<int:practice_id>/authors/<int:member_id>/lead")
@allow("share", with_author)
def hand_over(practice: Practice) -> Response:
    """Make one of the authors responsible."""
    lead = authorship.hand_over(get_db(), practice, signed_in_member(), _asked())
    flash(_("%(name)s is responsible for this practice now.", name=lead.name), "success")
    return _to_authors(practice)


@blueprint.app_template_global()
def authors_of(practice: Practice) -> list[Author]:
    """Who writes it, its lead first."""
    return authors.list_present(get_db(), practice.id)


@blueprint.app_template_global()
def why_not_author(practice: Practice) -> str:
    """Why the person of this request may not write in the practice, and whom to ask."""
    own = authors.find(get_db(), practice.id, signed_in_member().id)
    if own is not None and own.removed_at and own.removed_by_id != own.member.id:
        happened = _(
            "%(name)s took you off the authors of this practice on %(when)s.",
            name=own.removed_by,
            when=i18n.moment(own.removed_at),
        )
    else:
        happened = _("Only its authors and your municipality’s coordinator can change it.")
    return f"{happened} {_whom_to_ask(practice)}"


def _whom_to_ask(practice: Practice) -> str:
    member = signed_in_member()
    if access.can(member, "take-lead", practice):
        return str(_("Nobody is responsible for it at present: you can be, on its own page."))
    if access.can(member, "join", practice):
        return str(_("To write along, choose “Write along” on its own page."))
    lead = next((each.member for each in authors_of(practice) if each.is_lead), None)
    if lead is not None and lead.id in practice.authors.serving:
        return str(_("Ask %(name)s, who is responsible for it, to add you.", name=lead.name))
    coordinators = accounts.coordinators(get_db(), practice.municipality)
    if coordinators:
        return str(_("Ask your coordinator, %(name)s, to add you.", name=coordinators[0].name))
    return str(_("Ask one of its authors to become responsible for it and to add you."))


@blueprint.app_template_global()
def typed_texts() -> list[str]:
    """What this request's form holds of a person's own words."""
    fields = [text for name, text in web.posted_fields() if name not in MACHINERY]
    return [text for text in fields if " " in text.strip()]


def _page(practice: Practice, errors: dict[str, str] | None = None) -> str:
    db = get_db()
    present = authors.list_present(db, practice.id)
    draft = actions.working_copy(db, practice)
    return render_template(
        "practices/authors.html",
        practice=practice,
        # Who only keeps order among authors need not see what they write.
        title=draft.content.get("title") if _follows(practice) else None,
        follows=_follows(practice),
        authors=present,
        colleagues=[
            (each.id, each.name)
            for each in authorship.colleagues(db, practice)
            if each.id not in practice.authors.present
        ],
        errors=errors or {},
    )


def _follows(practice: Practice) -> bool:
    return access.can(current_member(), "follow", practice)


def _asked() -> int:
    return int((request.view_args or {})["member_id"])


def _to_practice(practice: Practice) -> Response:
    return redirect(url_for("practices.follow", practice_id=practice.id), 303)


def _to_authors(practice: Practice) -> Response:
    """Back to the list; to the practice itself for whom the list is not (any more)."""
    fresh = by_id(practice.id)
    if access.can(signed_in_member(), "share", fresh):
        return redirect(url_for("practices.authors_page", practice_id=practice.id), 303)
    return _to_practice(practice)
