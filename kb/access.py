"""Who may do what: one table of rules, and the one decorator that every view carries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Literal, Protocol

from flask import abort, g, redirect, request, url_for
from werkzeug.wrappers import Response

from kb.db import NotFound
from kb.web import PROGRAMS


class SignInNeeded(Exception):
    """A form was sent that needs an account, and nobody is signed in (any more)."""


Role = Literal["contributor", "moderator", "administrator"]
ROLES: tuple[Role, ...] = ("contributor", "moderator", "administrator")


@dataclass(frozen=True)
class Member:
    """A person with an account, as the rules need to know them."""

    id: int
    name: str
    email: str
    role: Role
    municipality: str | None
    language: str
    # Of their municipality: approves what goes to the network where that is asked for.
    is_coordinator: bool = False


@dataclass(frozen=True)
class Authors:
    """Who writes a practice, by the numbers of members.

    ``lead`` is responsible for it; ``removed`` were taken off by somebody else; ``serving`` are
    those authors who are contributors of its municipality, with an open account.
    """

    lead: int | None = None
    present: frozenset[int] = frozenset()
    removed: frozenset[int] = frozenset()
    serving: frozenset[int] = frozenset()


NO_AUTHORS = Authors()


class Case(Protocol):
    """What the rules ask of a practice.

    ``author_ids`` are all who ever wrote in it. What is ``held_back`` has not been sent to the
    network by its municipality.
    """

    @property
    def municipality(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def is_public(self) -> bool: ...
    @property
    def author_ids(self) -> frozenset[int]: ...
    @property
    def authors(self) -> Authors: ...
    @property
    def held_back(self) -> bool: ...


def _anyone(member: Member | None, case: Case | None) -> bool:
    return True


def _signed_in(member: Member | None, case: Case | None) -> bool:
    return member is not None


def _moderates(member: Member | None, case: Case | None = None) -> bool:
    return member is not None and member.role in ("moderator", "administrator")


def _administers(member: Member | None, case: Case | None) -> bool:
    return member is not None and member.role == "administrator"


def _owns(member: Member | None, case: Case | None) -> bool:
    """A contributor of the practice's municipality, or one of the network who wrote it."""
    if member is None or case is None:
        return False
    if member.role == "contributor":
        return member.municipality == case.municipality
    return member.id in case.author_ids


def _reads(member: Member | None, case: Case | None) -> bool:
    """What is public; an archived practice keeps its address, and there a notice but no text."""
    if case is None:
        return False
    open_to_all = case.is_public or case.status == "archived"
    return open_to_all or _reviews(member, case) or _owns(member, case)


def _writes(member: Member | None, case: Case | None) -> bool:
    """An author of the practice, or its municipality's coordinator.

    Whoever of the network brought it in writes in it, too, until somebody takes them off.
    """
    if member is None or case is None or not _owns(member, case):
        return False
    if member.role == "contributor":
        return member.is_coordinator or member.id in case.authors.present
    return member.id not in case.authors.removed


def _edits(member: Member | None, case: Case | None) -> bool:
    return _writes(member, case) and case is not None and case.status in EDITABLE


def _belongs(member: Member | None, case: Case | None) -> bool:
    return (
        member is not None
        and case is not None
        and member.role == "contributor"
        and member.municipality == case.municipality
    )


def _coordinates(member: Member | None, case: Case | None) -> bool:
    return member is not None and member.is_coordinator and _belongs(member, case)


def _joins(member: Member | None, case: Case | None) -> bool:
    """Any contributor of the municipality, but not whom somebody took off."""
    return (
        member is not None
        and case is not None
        and _belongs(member, case)
        and member.id not in case.authors.present | case.authors.removed
    )


def _shares(member: Member | None, case: Case | None) -> bool:
    """Says who else writes it: its lead, its municipality's coordinator, the administrators."""
    if member is None or case is None:
        return False
    leads = member.id == case.authors.lead and _owns(member, case)
    return leads or _coordinates(member, case) or _administers(member, case)


def _takes_lead(member: Member | None, case: Case | None) -> bool:
    """Where nobody of the municipality leads it: its authors, and where there is none, anybody.

    So no practice is locked for good by an account that was closed or has moved.
    """
    if member is None or case is None or not _belongs(member, case):
        return False
    authors = case.authors
    if authors.lead in authors.serving:
        return False
    return member.id in authors.present or member.is_coordinator or not authors.serving


def _reviews(member: Member | None, case: Case | None) -> bool:
    """Moderators see what came to the network, and nothing that a municipality holds back."""
    return _moderates(member) and case is not None and not case.held_back


def _submitted_by_others(member: Member | None, case: Case | None) -> bool:
    """Whoever decides on a practice is not its author."""
    return (
        member is not None
        and _moderates(member)
        and case is not None
        and member.id not in case.author_ids
    )


def _takes_down(member: Member | None, case: Case | None) -> bool:
    """What everybody reads can be archived even while its municipality holds an update back.

    Once it is, whoever comes after is told so.
    """
    return (
        _submitted_by_others(member, case)
        and case is not None
        and (case.is_public or case.status == "archived")
    )


# While a practice is with the moderators its text stands still; a withdrawal gives it back.
EDITABLE = ("draft", "changes_requested", "published")

Rule = Callable[[Member | None, Case | None], bool]

POLICY: dict[str, Rule] = {
    "public": _anyone,
    "member": _signed_in,
    "contribute": _signed_in,
    "read": _reads,
    "follow": _owns,
    "write": _writes,
    "edit": _edits,
    "join": _joins,
    "share": _shares,
    "take-lead": _takes_lead,
    "approve": _coordinates,
    "moderate": _moderates,
    "review": _reviews,
    "decide": _submitted_by_others,
    "take-down": _takes_down,
    "administer": _administers,
}
# The rules that judge one practice; their views are given the practice that was found.
ABOUT_A_CASE = frozenset(
    "read follow write edit join share take-lead approve review decide take-down".split()
)


def can(member: Member | None, action: str, case: Case | None = None) -> bool:
    """Whether ``member`` (None: a visitor) may do ``action``, to ``case`` where it concerns one.

    Raises KeyError for an action that the policy does not know.
    """
    return POLICY[action](member, case)


def current_member() -> Member | None:
    """The person of this request, or None for a visitor."""
    member: Member | None = g.get("member")
    return member


def signed_in_member() -> Member:
    """The person of this request; only views that let no visitor in may ask."""
    member = current_member()
    if member is None:
        raise NotFound
    return member


def allow(action: str, load: Callable[..., Case] | None = None) -> Callable[..., Any]:
    """Let a view be reached by those whom the policy grants ``action``.

    ``load`` gets the URL's values, returns the practice (or raises NotFound), and the view
    receives it as its only argument: finding and allowing cannot be done by halves. A visitor is
    sent to sign in (a form: by SignInNeeded, which loses nothing of it; a program: by a 401),
    except where the practice may simply not be theirs to know of: that is a 404.
    """
    if (load is None) == (action in ABOUT_A_CASE):
        raise ValueError(f"{action}: a rule about a practice needs a loader, the others none")

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def guarded(**values: Any) -> Any:
            member = current_member()
            if member is None and not can(None, action) and action != "read":
                return _to_sign_in()
            if load is None:
                if not can(member, action):
                    abort(404)
                return view(**values)
            case = load(**values)
            if not can(member, action, case):
                abort(404)
            return view(case)

        guarded.access = action  # type: ignore[attr-defined]
        return guarded

    return decorate


def _to_sign_in() -> Response:
    if request.method not in ("GET", "HEAD"):
        raise SignInNeeded
    if request.path.startswith(PROGRAMS):
        abort(401)
    return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")), 303)
