"""The review of one practice: its newest revision, what it changes, what happened so far."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence

from flask import current_app, render_template

from kb import access, i18n
from kb.access import allow, current_member
from kb.accounts import store as accounts
from kb.db import NotFound, get_db
from kb.moderation import (
    assignments,
    changes,
    checklist,
    comments,
    conversation,
    desk,
    mails,
    plans,
    store,
)
from kb.moderation.forms import ANSWER_LABELS, CommentForm, DecisionForm, ReasonForm
from kb.moderation.model import (
    DECISIONS,
    NOTE_LENGTH,
    REASON_LENGTH,
    WAITING,
    Thread,
    days_since,
    expected_by,
    is_overdue,
)
from kb.moderation.views.pages import blueprint, submitted
from kb.municipalities import store as municipalities
from kb.practices import store as practices
from kb.practices.completion import complete_languages
from kb.practices.documents import completeness, missing
from kb.practices.model import Practice, Revision, is_possible
from kb.practices.views import reading
from kb.vocabularies.model import Vocabulary
from kb.vocabularies.store import all_vocabularies


@blueprint.get("/review/<int:practice_id>")
@allow("review", submitted)
def review(practice: Practice) -> str:
    """The newest revision, what it changes, what happened so far, and the decisions."""
    return page(practice)


def page(
    practice: Practice,
    form: DecisionForm | None = None,
    comment: CommentForm | None = None,
    unchecked: Mapping[str, str] | None = None,
    ticked: Mapping[str, str] | None = None,
) -> str:
    """The review, with what was typed into a form and what is wrong with it.

    ``unchecked`` is said of the checklist, into which ``ticked`` was typed.

    Raises NotFound where the municipality has taken it back meanwhile, to hold it back.
    """
    if not access.can(current_member(), "review", practice):
        raise NotFound("held back")
    db = get_db()
    revision = practices.get_revision(db, practice.newest_revision_id)
    base = _base(practice, revision)
    books = all_vocabularies(db)
    names = changes.Names(books, municipalities.by_code(db), i18n.current())
    days, plan = current_app.config["REVIEW_DAYS"], plans.find(db, practice.id)
    checked = checklist.find(db, revision)
    return render_template(
        "moderation/review.html",
        practice=practice,
        revision=revision,
        base=base,
        changes=changes.compare(base.content, revision.content, names) if base else [],
        days=days_since(practice.status_since),
        expected=expected_by(practice, days) if practice.status == "submitted" else None,
        is_overdue=is_overdue(practice, days, plan),
        holder=assignments.find_holder(db, practice.id),
        reviewers=desk.reviewers(db, practice),
        steps=assignments.list_steps(db, practice.id),
        log=practices.list_log(db, practice.id, for_network=True),
        revisions=store.list_revisions(db, practice.id, for_network=True),
        people=accounts.names(db),
        completeness=completeness(revision.content),
        missing=missing(revision.content),
        written_in=complete_languages(revision.content),
        is_waiting=practice.status in WAITING,
        possible=[action for action in DECISIONS if is_possible(action, practice)],
        may_decide=access.can(current_member(), "decide", practice),
        reasons=reason_form(practice),
        ready_labels=labels(books["decision_reasons"]),
        reason_length=REASON_LENGTH,
        form=form,
        comment=comment,
        key=secrets.token_urlsafe(18),
        threads=_threads(practice, revision),
        errors=form.messages if form else unchecked or _wrong(comment),
        plan=plan,
        criteria=books["review_criteria"].offered(checked.answers),
        checked=checked,
        opened=checklist.marks(checked),
        answer_labels=list(ANSWER_LABELS.items()),
        unchecked=unchecked,
        given=ticked,
        note_length=NOTE_LENGTH,
        levels=labels(books["evidence_levels"], practice.evidence_level or ""),
        maturities=labels(books["maturity_levels"], practice.maturity or ""),
        **reading(revision.content),
    )


def labels(vocabulary: Vocabulary, held: str = "") -> list[tuple[str, str]]:
    """What there is to choose from, in the reader's language, and what is ``held`` already."""
    return [(term.code, i18n.text(term.label).value) for term in vocabulary.offered({held})]


def _threads(practice: Practice, revision: Revision) -> Mapping[str, Sequence[tuple[Thread, bool]]]:
    """The threads on each field, and whether it reads differently by now."""
    found: dict[str, list[tuple[Thread, bool]]] = {}
    for thread in comments.list_threads(get_db(), practice.id):
        has_changed = conversation.has_changed(thread.first, revision.content)
        found.setdefault(thread.first.field, []).append((thread, has_changed))
    return found


def _wrong(comment: CommentForm | None) -> dict[str, str]:
    return {f"text-{comment.field.data}": comment.message} if comment else {}


def reason_form(practice: Practice, revision_id: int | None = None) -> ReasonForm:
    """The form of a reason, with the ready texts in the language of who will read it.

    It is about the newest revision, or the one of that number.
    """
    db = get_db()
    revision = practices.get_revision(db, revision_id or practice.newest_revision_id)
    reader = mails.recipient(db, practice, revision)
    language = reader.language if reader else i18n.DEFAULT
    return ReasonForm(all_vocabularies(db)["decision_reasons"], language)


def _base(practice: Practice, revision: Revision) -> Revision | None:
    """What the revision is compared with: what is public, or else the one that came before it."""
    db = get_db()
    if practice.public_revision_id not in (None, revision.id):
        return practices.get_revision(db, practice.public_revision_id)
    if practice.public_revision_id is not None:
        return None
    heads = store.list_revisions(db, practice.id, for_network=True)
    earlier = next((each for each in heads if each.number < revision.number), None)
    return practices.get_revision(db, earlier.id) if earlier else None
