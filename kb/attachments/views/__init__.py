"""Files over HTTP: the page where they are added and described, and the files themselves."""

from kb.attachments.views import adding, sending
from kb.attachments.views.pages import blueprint

__all__ = ["adding", "blueprint", "sending"]
