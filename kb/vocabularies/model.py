"""A controlled vocabulary and its terms."""

from __future__ import annotations

import json
from collections.abc import Container, Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256

# One text in the library's languages: {"el": …, "en": …}.
Text = Mapping[str, str]

# The terms that the program itself goes by, by their vocabulary: they are always offered.
NEEDED: Mapping[str, frozenset[str]] = {"licences": frozenset({"cc-by-4-0", "network-only"})}

CODE_LENGTH = 40
LABEL_LENGTH = 120
DEFINITION_LENGTH = 400
TEXT_LENGTH = 1500
SYNONYM_LENGTH = 80
MOST_SYNONYMS = 30
MOST_TERMS = 150


class StaleTerm(Exception):
    """Somebody else changed the term since the page was opened."""


class CodeTaken(Exception):
    """The vocabulary has another term of that code."""


class StillNeeded(Exception):
    """The term cannot be taken out of use."""


@dataclass(frozen=True)
class Term:
    """One choice of a vocabulary.

    ``text`` is a ready reply, where the vocabulary has such; ``notation`` a short form ("1–3")
    under which records may name the term instead of its code. One that is ``retired`` stays with
    the practices that have it, and is not offered to others.
    """

    code: str
    label: Text
    definition: Text
    text: Text
    notation: str | None = None
    broader: str | None = None
    retired: bool = False


@dataclass(frozen=True)
class Wording:
    """What administrators write of a term, each in both languages; synonyms are one a line."""

    label: Text
    definition: Text
    text: Text
    synonyms: Text

    @property
    def mark(self) -> str:
        """What tells this wording from any other."""
        return sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class Vocabulary:
    """A list of terms in the order in which people should meet them."""

    code: str
    name: Text
    description: Text
    terms: Mapping[str, Term] = field(default_factory=dict)

    def label(self, code: str) -> Text:
        """The label of ``code``; a code that is no longer in the vocabulary stands for itself."""
        term = self.terms.get(code)
        return term.label if term else {"el": code, "en": code}

    @property
    def has_texts(self) -> bool:
        """Whether its terms are ready replies."""
        return any(any(term.text.values()) for term in self.terms.values())

    def offered(self, held: Container[str] = ()) -> list[Term]:
        """What there is to choose from: the terms in use, and those that are ``held`` already."""
        return [term for term in self.terms.values() if not term.retired or term.code in held]

    def needs(self, code: str) -> bool:
        """Whether the program goes by the term, or no other one is offered."""
        return code in NEEDED.get(self.code, ()) or [term.code for term in self.offered()] == [code]

    def code_of(self, name: str) -> str | None:
        """The code of the term with that code or notation, if there is one."""
        if name in self.terms:
            return name
        plain = name.replace("–", "-")
        for term in self.terms.values():
            if term.notation is not None and term.notation.replace("–", "-") == plain:
                return term.code
        return None


Vocabularies = Mapping[str, Vocabulary]
