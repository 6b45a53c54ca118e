"""How a message leaves: through the mail server, or into the folder instance/mail/."""

from __future__ import annotations

import os
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from flask import current_app

TIMEOUT = 20  # seconds for the mail server to answer

Send = Callable[[EmailMessage], None]


@contextmanager
def door() -> Iterator[Send]:
    """What sends a message: one connection to the mail server, or the folder instance/mail/."""
    if not current_app.config["SMTP_HOST"]:
        yield _write_to_folder
        return
    servers: list[smtplib.SMTP] = []

    def send(mail: EmailMessage) -> None:
        if not servers:
            servers.append(_connect())
        try:
            servers[0].send_message(mail)
        except smtplib.SMTPServerDisconnected:
            servers.clear()
            raise

    try:
        yield send
    finally:
        for server in servers:
            server.close()


def _connect() -> smtplib.SMTP:
    settings = current_app.config
    host, port, security = (settings[f"SMTP_{name}"] for name in ("HOST", "PORT", "SECURITY"))
    if security == "tls":
        context = ssl.create_default_context()
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT, context=context)
    else:
        server = smtplib.SMTP(host, port, timeout=TIMEOUT)
    if security == "starttls":
        server.starttls(context=ssl.create_default_context())
    if settings["SMTP_USER"]:
        server.login(settings["SMTP_USER"], settings["SMTP_PASSWORD"])
    return server


def _folder() -> Path:
    return Path(current_app.config["INSTANCE"]) / "mail"


def erase(address: str, name: str) -> None:
    """Remove the messages in the folder that name a person or went to them."""
    for path in _folder().glob("*.eml"):
        mail = message_from_bytes(path.read_bytes(), policy=default)
        said = (mail["To"], mail["Subject"], mail.get_content())
        if any(word in str(text) for word in (address, name) for text in said):
            path.unlink()


def _write_to_folder(mail: EmailMessage) -> None:
    folder = _folder()
    folder.mkdir(mode=0o700, exist_ok=True)
    file = folder / (mail["Message-ID"].strip("<>").partition("@")[0] + ".eml")
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as output:
        output.write(bytes(mail))
