"""Moderation over HTTP: the queue, the review of one practice, the decisions, their log."""

from kb.moderation.views import assignment, author, comments, decisions, log, queue, review
from kb.moderation.views.pages import blueprint

__all__ = ["assignment", "author", "blueprint", "comments", "decisions", "log", "queue", "review"]
