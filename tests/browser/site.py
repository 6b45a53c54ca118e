"""The application as a server in real use serves it."""

from __future__ import annotations

import socket
import weakref
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from flask import Flask
from werkzeug.serving import WSGIRequestHandler

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


@dataclass
class Site:
    """The running application."""

    url: str
    app: Flask
    complaints: list[str] = field(default_factory=list)


class Handler(WSGIRequestHandler):
    """Closes the file of an answer whose reader went away, as servers in real use do.

    Knows its connections: one that the browser has opened ahead must not wait for the next test.
    """

    connections: ClassVar[weakref.WeakSet[socket.socket]] = weakref.WeakSet()

    def setup(self) -> None:
        super().setup()
        self.connections.add(self.connection)

    def connection_dropped(
        self, error: BaseException, environ: dict[str, Any] | None = None
    ) -> None:
        if answer := (environ or {}).get("tests.answer"):
            answer.close()


def known(serve: WSGIApplication) -> WSGIApplication:
    """The application, whose answer the handler can find."""

    def serve_known(environ: dict[str, Any], start_response: Any) -> Any:
        environ["tests.answer"] = serve(environ, start_response)
        return environ["tests.answer"]

    return serve_known
