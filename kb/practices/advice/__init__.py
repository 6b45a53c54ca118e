"""Help while writing: what to look at once more before a practice is submitted. Nothing blocks.

Pure functions of a content. What they quote is for the page of whoever wrote it: no log has it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from kb.practices.advice import acronyms, headings, links, names, numbers, people
from kb.practices.advice.kinds import BY_CODE, KINDS
from kb.practices.advice.model import Advice, Expansions, Found, Kind, Text
from kb.practices.advice.texts import texts_of, without_addresses
from kb.practices.model import Content
from kb.practices.template import FIELDS, LANGUAGES, Field
from kb.practices.template import Kind as FieldKind

__all__ = ["Advice", "Expansions", "Found", "Kind", "advise"]

Finder = Callable[[str], Iterator[Found]]
# A text, the code of a kind, and what that kind found in it.
Item = tuple[Text, str, Found]

# What is looked for in every text, web addresses left out. What one of them found is not looked
# at by those after it: an IBAN may have a telephone number in it.
PERSONAL: Sequence[tuple[str, Finder]] = (
    ("email", people.mailboxes),
    ("iban", numbers.accounts),
    ("document", numbers.papers),
    ("amka", numbers.insurance_numbers),
    ("afm", numbers.tax_numbers),
    ("phone", numbers.phones),
    ("name", people.names),
    ("name", names.untitled),
    ("shelter", people.shelters),
)
# What is looked for in texts in Markdown.
WRITING: Mapping[str, Finder] = {
    "link_only": links.alone,
    "vague_link": links.vague,
    "bare_address": links.bare,
    "same_link": links.same,
    "heading_high": headings.too_high,
    "heading_skip": headings.skipping,
    "heading_bold": headings.bold,
}
NOTHING_KNOWN: Expansions = {language: {} for language in LANGUAGES}


def advise(
    content: Content,
    expansions: Expansions = NOTHING_KNOWN,
    fields: Iterable[Field] = FIELDS,
) -> list[Advice]:
    """What to look at in those fields of a practice, what may be about persons first.

    ``expansions`` are abbreviations that the library can spell out. Never raises for what people
    typed, and takes time in proportion to its length.
    """
    wanted = {field.code for field in fields}
    texts = list(texts_of(content, FIELDS))
    found = [
        (text, code, each)
        for text in texts
        if text.field.code in wanted
        for code, each in (*_personal(text), *_writing(text))
    ]
    found += [item for item in _acronyms(texts, expansions) if item[0].field.code in wanted]
    return sorted(_joined(found), key=lambda advice: _rank(advice, [text.input for text in texts]))


def _personal(text: Text) -> Iterator[tuple[str, Found]]:
    value = numbers.plain_digits(without_addresses(text.value))
    for code, find in PERSONAL:
        for found in list(find(value)):
            end = found.place + len(found.words)
            value = value[: found.place] + " " * len(found.words) + value[end:]
            yield code, Found(text.value[found.place : end], found.place)


def _writing(text: Text) -> Iterator[tuple[str, Found]]:
    if text.field.kind is FieldKind.PROSE:
        for code, find in WRITING.items():
            for found in find(text.value):
                yield code, found


def _acronyms(texts: Sequence[Text], expansions: Expansions) -> Iterator[Item]:
    prose = [text for text in texts if text.field.is_localised]
    rows = [text for text in texts if not text.field.is_localised]
    # A partner in the table of partners is a name, whatever it abbreviates.
    called = acronyms.called(text.value for text in texts)
    called |= acronyms.mentioned(text.value for text in rows)
    for language in LANGUAGES:
        mine = [text for text in prose if text.language == language]
        beside = [text.value for text in rows if text.language == language]
        for number, found in acronyms.unexplained(
            language, [text.value for text in mine], beside, called, expansions[language]
        ):
            yield mine[number], "acronym", found


def _joined(items: Iterable[Item]) -> Iterator[Advice]:
    """One piece of advice for all that one kind found in one input."""
    together: dict[tuple[str, str, str | None], tuple[Field, list[Found]]] = {}
    for text, code, found in items:
        key = (code, text.input, text.language)
        together.setdefault(key, (text.field, []))[1].append(found)
    for (code, name, language), (field, all_found) in together.items():
        yield Advice(BY_CODE[code], field, language, name, tuple(all_found))


def _rank(advice: Advice, inputs: Sequence[str]) -> tuple[bool, int, int]:
    """Persons first, then as on the page, then as in the table of kinds."""
    return not advice.kind.is_personal, inputs.index(advice.input), KINDS.index(advice.kind)
