"""A real mail server for tests, which keeps what it gets."""

from __future__ import annotations

import email
import email.policy
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message


class Mailbox(Message):
    """Keeps every letter in ``received``, and refuses those to nobody@."""

    def __init__(self) -> None:
        super().__init__(EmailMessage)
        self.received: list[EmailMessage] = []
        # Listening from now on, so that no other program comes to have the port.
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.listening.getsockname()[1])

    async def handle_RCPT(  # noqa: N802
        self, server: object, session: object, envelope: Any, address: str, options: object
    ) -> str:
        if address.startswith("nobody@"):
            return "550 No such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    def prepare_message(self, session: object, envelope: Any) -> Any:
        return email.message_from_bytes(envelope.content, policy=email.policy.default)

    def handle_message(self, message: Any) -> None:
        self.received.append(message)


class Server(Controller):
    """Serves a mailbox where it listens; a busy machine may take its time to start it."""

    def __init__(self, box: Mailbox) -> None:
        super().__init__(box, hostname="127.0.0.1", port=box.port, ready_timeout=60)

    def _create_server(self) -> Any:
        return self.loop.create_server(self._factory_invoker, sock=self.handler.listening)


@contextmanager
def open_mailbox(box: Mailbox | None = None) -> Iterator[Mailbox]:
    """The server, listening on ``port`` of this machine."""
    box = box or Mailbox()
    server = Server(box)
    server.start()
    try:
        yield box
    finally:
        server.stop()
