"""What a filled-in document says, slot by slot, and what stands in it that belongs to none."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from inspector.word import Document, Paragraph, Table
from kb import i18n
from kb.office import document, markdown
from kb.office.inline import without_first
from kb.office.markdown import SIGNS
from kb.office.slots import Choice, Slot, choices_of, code_of, plain, slots_of, speaking
from kb.practices import rows
from kb.practices.template import DRAFT_CHARACTERS, SECTIONS, Field
from kb.practices.wording import Labels

ANSWER = "answer"  # the style of what people write
TICK = re.compile(r"^\s*\[?\s*([☒☑✓✔√xXχΧ])\s*\]?(?:\s+|(?=\())")
NO_TICK = re.compile(r"^\s*(?:☐|□|\[\s*\])?\s*")
CODE = re.compile(r"\(([a-z0-9][a-z0-9-]*)\)\s*$")


@dataclass
class Placed:
    """``values`` by the name of each slot that the document has; ``rest`` is what has no place."""

    values: dict[str, Any] = field(default_factory=dict)
    rest: list[str] = field(default_factory=list)


class _Headings:
    """Which slot a heading begins, by its bookmark or by its words in either language."""

    def __init__(self, fields: Iterable[Field], names: Labels) -> None:
        self.slots: dict[str, Slot] = {}
        self.fields: dict[str, list[Slot]] = {}
        self.labels: dict[tuple[str, str], Slot] = {}
        self.sections: set[str] = set()
        self.said: set[str] = set()
        self.prompts: set[str] = set()
        self.headers: dict[str, set[tuple[str, ...]]] = {}
        self.terms: dict[str, dict[str, tuple[Choice, ...]]] = {}
        fields = list(fields)
        # A document reads in the language that it was made in, which may be the other one.
        for language in i18n.LANGUAGES:
            with speaking(language):
                self._learn(fields, names)

    def _learn(self, fields: list[Field], names: Labels) -> None:
        self.said |= {plain(sentence) for sentence in document.instructions()}
        self.prompts |= {document.prompt(code) for code in ("", *i18n.LANGUAGES)}
        self.said |= set(map(plain, self.prompts))
        for section in SECTIONS:
            self.sections.add(plain(str(section.label)))
            self.said.add(plain(str(section.hint)))
        for each in fields:
            slots = list(slots_of(each, names))
            self.fields[plain(str(each.label))] = slots
            self.said |= {plain(hint) for hint in document.hints_of(each)}
            self.said |= {plain(document.legend(c, names)) for c in each.columns if c.vocabulary}
            if each.columns:
                header = tuple(map(plain, document.header_of(each)))
                self.headers.setdefault(each.code, set()).add(header)
                self.terms[each.code] = {
                    c.code: tuple(choices_of(c, names)) for c in each.columns if c.vocabulary
                }
            for slot in slots:
                self.slots[slot.name] = slot
                if slot.label:
                    self.labels[each.code, plain(slot.label)] = slot


def place(found: Document, fields: Iterable[Field], names: Labels) -> Placed:
    """Give each paragraph of the document to the slot that it stands in."""
    return _Placing(_Headings(fields, names)).all(found)


class _Placing:
    """Goes through the document from its beginning to its end."""

    def __init__(self, headings: _Headings) -> None:
        self.headings = headings
        self.placed = Placed()
        self.texts: dict[str, list[Paragraph]] = {}
        self.slot: Slot | None = None
        self.field: list[Slot] = []

    def all(self, found: Document) -> Placed:
        for block in found.blocks:
            if isinstance(block, Table):
                self._table(block)
            else:
                self._paragraph(block)
        for name, paragraphs in self.texts.items():
            self.placed.values[name] = _text(self.headings.slots[name], paragraphs)
        for name, slot in self.headings.slots.items():
            if slot.kind == "pick":
                self._keep_one(slot, self.placed.values.get(name, []))
        self.placed.rest += found.notes
        return self.placed

    def _keep_one(self, slot: Slot, chosen: list[str]) -> None:
        """Of several choices where one may be made the first counts; the others are told."""
        labels = {code: label for code, label, _names in slot.choices}
        self.placed.rest += [f"{slot.label or slot.field.label}: {labels[c]}" for c in chosen[1:]]
        del chosen[1:]

    def _paragraph(self, paragraph: Paragraph) -> None:
        tag, _equals, code = paragraph.slot.partition("=")
        slot = self.headings.slots.get(tag)
        if slot is not None:
            self._answer(slot, paragraph, code)
        elif self._begins(paragraph) or self._is_ours(paragraph):
            pass
        elif self.slot is not None and self.slot.kind != "rows":
            self._answer(self.slot, paragraph, "")
        else:
            self.placed.rest.append(paragraph.text.strip())

    def _is_ours(self, paragraph: Paragraph) -> bool:
        """Whether nothing was written here: what the document itself says, or no word."""
        text = plain(paragraph.text)
        if not text:  # an empty line between Markdown's own signs means something
            return self.slot is None or paragraph.style != SIGNS
        if self.slot is not None and (paragraph.style in (ANSWER, SIGNS) or paragraph.item):
            return False
        return text in self.headings.said or paragraph.style == "title"

    def _begins(self, paragraph: Paragraph) -> bool:
        """Whether the paragraph is the heading of a slot, a field or a section."""
        for name in paragraph.bookmarks:
            slot = self.headings.slots.get(name.removeprefix(document.BOOKMARK))
            if slot is not None:
                self._begin(slot)
                return True
        words = plain(paragraph.text)
        slot = self.headings.labels.get((self.field[0].field.code if self.field else "", words))
        if slot is not None and paragraph.level:
            self._begin(slot)
            return True
        if paragraph.level and words in self.headings.fields:
            self.field, self.slot = self.headings.fields[words], None
            if len(self.field) == 1:
                self._begin(self.field[0])
            return True
        if paragraph.level and words in self.headings.sections:
            self.field, self.slot = [], None
            return True
        return False

    def _begin(self, slot: Slot) -> None:
        self.slot = slot
        self.field = next(
            (each for each in self.headings.fields.values() if slot.name in {s.name for s in each}),
            [slot],
        )
        if slot.kind in ("pick", "ticks"):
            self.placed.values.setdefault(slot.name, [])
        elif slot.kind != "rows":
            self.texts.setdefault(slot.name, [])

    def _answer(self, slot: Slot, paragraph: Paragraph, code: str) -> None:
        if slot.kind in ("pick", "ticks"):
            self._choice(slot, paragraph, code)
            return
        written = self.texts.setdefault(slot.name, [])
        for prompt in self.headings.prompts:
            if paragraph.text.startswith(prompt):  # where it did not go by itself
                paragraph.runs = list(without_first(paragraph.runs, len(prompt)))
        is_empty = paragraph.blank or not (paragraph.text.strip() or paragraph.style == SIGNS)
        if not is_empty:
            written.append(paragraph)

    def _choice(self, slot: Slot, paragraph: Paragraph, code: str) -> None:
        chosen = self.placed.values.setdefault(slot.name, [])
        text = paragraph.text
        ticked = TICK.match(text)
        label = text[ticked.end() :] if ticked else NO_TICK.sub("", text)
        named = CODE.search(label)
        codes = {each[0] for each in slot.choices}
        for candidate in (
            code,
            named[1] if named else "",
            code_of(CODE.sub("", label), slot.choices),
        ):
            if candidate in codes:
                if ticked:
                    chosen.append(candidate)
                return
        self.placed.rest.append(text.strip())

    def _table(self, table: Table) -> None:
        slot = self.slot
        if slot is None or slot.kind != "rows":
            self.placed.rest += [" | ".join(cell for cell in row if cell) for row in table.rows]
            return
        inputs = list(rows.inputs(slot.field))
        headers, terms = self.headings.headers[slot.name], self.headings.terms[slot.name]
        written = self.placed.values.setdefault(slot.name, [])
        for row in table.rows:
            if not any(cell.strip() for cell in row) or tuple(map(plain, row)) in headers:
                continue
            cells = dict(zip(inputs, row, strict=False))
            written.append({name: _cell(text, terms.get(name, ())) for name, text in cells.items()})
            self.placed.rest += [cell for cell in row[len(inputs) :] if cell.strip()]


def _cell(text: str, choices: tuple[Choice, ...]) -> str:
    """A term may be named by its code, by its name or by both."""
    if not choices:
        return text
    found = CODE.search(text)
    return found[1] if found else code_of(text, choices)


def _text(slot: Slot, paragraphs: Iterable[Paragraph]) -> str:
    paragraphs = list(paragraphs)
    if sum(len(each.text) for each in paragraphs) > DRAFT_CHARACTERS:
        return "\n\n".join(each.text for each in paragraphs)  # too long to be taken, so told
    if slot.kind == "prose":
        return markdown.markdown_of(paragraphs)
    return " ".join(" ".join(each.text.splitlines()) for each in paragraphs).strip()
