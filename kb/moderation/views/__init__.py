"""Moderation over HTTP: the queue, the review of one practice, the decisions, their log."""

from kb.moderation import timeline, withdrawals
from kb.moderation.views import (
    approval,
    assignment,
    author,
    bulk,
    checklist,
    comments,
    decisions,
    log,
    queue,
    review,
    revisions,
    takedown,
)
from kb.moderation.views.pages import blueprint

__all__ = [
    "approval",
    "assignment",
    "author",
    "blueprint",
    "bulk",
    "checklist",
    "comments",
    "decisions",
    "log",
    "queue",
    "review",
    "revisions",
    "takedown",
    "timeline",
    "withdrawals",
]
