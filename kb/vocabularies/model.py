"""A controlled vocabulary and its terms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

# One text in the library's languages: {"el": …, "en": …}.
Text = Mapping[str, str]


@dataclass(frozen=True)
class Term:
    """One choice of a vocabulary.

    ``text`` is a ready reply, where the vocabulary has such; ``notation`` a short form ("1–3")
    under which records may name the term instead of its code.
    """

    code: str
    label: Text
    definition: Text
    text: Text
    notation: str | None = None
    broader: str | None = None


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
