"""How an asking stands and what was answered, in the words of pages and tables."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from kb.renewals.model import Answer, Standing

# What needs a moderator comes first.
STANDING_LABELS: Mapping[Standing, LazyString] = {
    "overdue": _("No answer"),
    "nobody": _("Nobody to ask"),
    "edit": _("Needs changes"),
    "archive": _("Has ended, but was restored"),
    "update": _("Update under way"),
    "asked": _("Asked"),
    "due": _("To be asked"),
}
STANDING_COLOURS: Mapping[Standing, str] = {
    "overdue": "red",
    "nobody": "red",
    "edit": "yellow",
    "archive": "yellow",
    "update": "purple",
    "asked": "blue",
    "due": "grey",
}
ANSWER_LABELS: Mapping[Answer, LazyString] = {
    "confirm": _("Still true"),
    "edit": _("Needs changes"),
    "archive": _("Has ended"),
}
