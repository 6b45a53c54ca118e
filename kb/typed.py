"""What people type into a box of text: its line breaks, and whether it can be shown."""

from __future__ import annotations

import re
import unicodedata

CODE = re.compile("[a-z0-9]+(-[a-z0-9]+)*")


def as_typed(text: str | None) -> str:
    """What was typed, with one kind of line break and nothing around it."""
    return (text or "").replace("\r\n", "\n").replace("\r", "\n").strip()


def tidy(text: str | None) -> str:
    """One line of text without what cannot be seen, such as marks that turn its direction."""
    seen = (c for c in unicodedata.normalize("NFC", text or "") if c.isprintable() or c.isspace())
    return " ".join("".join(seen).split())


def tidy_lines(text: str | None) -> str:
    """Each line tidied, and once, as it was last typed whatever its capitals; no empty ones."""
    lines = map(tidy, as_typed(text).split("\n"))
    return "\n".join({line.casefold(): line for line in lines if line}.values())


def is_code(text: str) -> bool:
    """Whether it can name a thing in an address: small Latin letters, digits, single hyphens."""
    return CODE.fullmatch(text) is not None


def is_readable(text: str) -> bool:
    """Whether there is a letter or a number in it."""
    return any(unicodedata.category(letter)[0] in "LN" for letter in text)


def unshowable(text: str) -> str | None:
    """The name of the first character that cannot be shown, if there is one."""
    for letter in text:
        if unicodedata.category(letter) in ("Cc", "Cs") and letter not in "\n\t":
            return f"U+{ord(letter):04X}"
    return None
