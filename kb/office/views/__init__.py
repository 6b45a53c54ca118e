"""Office files over HTTP: a draft in Word and back, many practices from a sheet."""

from kb.office.views import bulk, word
from kb.office.views.pages import blueprint

__all__ = ["blueprint", "bulk", "word"]
