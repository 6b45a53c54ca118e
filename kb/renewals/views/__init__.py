"""Confirming over HTTP: by the link of a letter, by the municipality's people, by moderators."""

from kb.renewals.views import desk, link, own
from kb.renewals.views.pages import blueprint

__all__ = ["blueprint", "desk", "link", "own"]
