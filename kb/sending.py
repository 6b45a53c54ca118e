"""How a message is written, and leaves: to the mail server, or into the folder instance/mail/."""

from __future__ import annotations

import hashlib
import os
import smtplib
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from email import message_from_bytes
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy, default
from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

TIMEOUT = 20  # seconds for the mail server to answer

Send = Callable[[EmailMessage], None]


class _Policy(EmailPolicy):
    """Python's own way of writing a message, except for long subjects.

    It loses the space between two encoded words of a folded Subject, which so read as one.
    """

    def fold(self, name: str, value: str) -> str:
        if name != "Subject" or value.isascii():
            return str(super().fold(name, value))
        folded = Header(value, "utf-8", header_name=name).encode(linesep=self.linesep)
        return f"{name}: {folded}{self.linesep}"

    def fold_binary(self, name: str, value: str) -> bytes:
        if name != "Subject":
            return bytes(super().fold_binary(name, value))
        return self.fold(name, value).encode("ascii")


def message(row: Mapping[str, Any]) -> EmailMessage:
    """The outbox row as a message, signed; raises ValueError for an address that is none."""
    sender = current_app.config["MAIL_FROM"]
    with force_locale(row["language"]):
        name = _("Cities Network for Integration")
        closing = _("Kind regards,\nGood-practice library\nCities Network for Integration\n")
    mail = EmailMessage(_Policy())
    mail["From"] = _address(sender, name)
    mail["To"] = _address(row["recipient"])
    if mailbox := current_app.config["CONTACT_EMAIL"]:
        mail["Reply-To"] = _address(mailbox)
    mail["Subject"] = row["subject"]
    mail["Date"] = datetime.fromisoformat(row["created_at"])
    # The same at each attempt, so that a second copy is recognised as one.
    identity = hashlib.sha256(row["key"].encode()).hexdigest()[:32]
    mail["Message-ID"] = f"<{identity}@{sender.rpartition('@')[2]}>"
    # What keeps automatic answers away (RFC 3834). It is no mailing list, so no List- headers
    # (RFC 2369, 2919); Precedence is in no standard, and RFC 3834 advises against it.
    mail["Auto-Submitted"] = "auto-generated"
    # Python would send Greek in short lines as 8bit without asking whether the server takes it.
    mail.set_content(f"{row['body'].rstrip()}\n\n{closing}", cte="quoted-printable")
    mail["Content-Language"] = row["language"]
    return mail


def _address(address: str, name: str = "") -> Address:
    """Raises ValueError for what is none; Python has three more errors for that."""
    try:
        return Address(display_name=name, addr_spec=address)
    except (MessageError, IndexError) as error:
        raise ValueError("no address") from error


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
