"""Word documents, written part by part: real styles, lists, headings and controls to fill in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from inspector.word import Paragraph, Run
from kb.office import docx_parts as parts
from kb.office.package import attribute, escaped, packed

LOCALES = {"el": "el-GR", "en": "en-GB"}
TICKED, UNTICKED = "☒", "☐"
# The width of a page between its margins, in twentieths of a point.
WIDTH = 9638
DEEPEST_HEADING = 9


class Writer:
    """Collects the blocks of a document; ``finish()`` gives the file."""

    def __init__(self, language: str, title: str) -> None:
        self.language = language
        self.title = title
        self.body: list[str] = []
        self.links: dict[str, str] = {}
        self.numbered_lists = 0
        self.last_id = 0

    def add(self, *blocks: str) -> None:
        self.body += blocks

    def paragraph(
        self, runs: Iterable[Run] | str, style: str = "", *, lang: str = "", mark: str = ""
    ) -> str:
        """One paragraph; ``mark`` is the name of a bookmark at its beginning."""
        runs = [Run(runs)] if isinstance(runs, str) else runs
        inner = self._bookmark(mark) + "".join(self.run(run, lang) for run in runs)
        return f"<w:p>{_look(style)}{inner}</w:p>"

    def run(self, run: Run, lang: str = "", style: str = "") -> str:
        """One run, as a link where it leads somewhere."""
        style = "Hyperlink" if run.link else style
        look = f'<w:rStyle w:val="{style}"/>' if style else ""
        look += "<w:b/>" * run.bold + "<w:i/>" * run.italic
        look += f'<w:lang w:val="{LOCALES[lang]}"/>' if lang else ""
        look = f"<w:rPr>{look}</w:rPr>" if look else ""
        text = f"<w:r>{look}{_pieces(run.text)}</w:r>"
        if not run.link:
            return text
        name = self.links.setdefault(run.link, f"link{len(self.links) + 1}")
        return f'<w:hyperlink r:id="{name}" w:history="1">{text}</w:hyperlink>'

    def line(self, tag: str, alias: str, text: str, prompt: str, lang: str = "") -> str:
        """A control for one line of text, in a paragraph of its own."""
        run = self.run(Run(text or prompt), lang, "" if text else "PlaceholderText")
        facts = self._facts(tag, alias, not text) + "<w:text/>"
        return f"<w:p>{_look('Answer')}{_control(facts, run)}</w:p>"

    def prose(
        self, tag: str, alias: str, written: Sequence[Paragraph], prompt: str, lang: str
    ) -> str:
        """A box for paragraphs; an empty one is a control, which goes as soon as one types.

        What is written already has none: LibreOffice makes the first paragraph within one plain.
        """
        if written:
            return "".join(self._written(written, lang))
        run = self.run(Run(prompt), lang, "PlaceholderText")
        return f"<w:p>{_look('Answer')}{_control(self._facts(tag, alias, True), run)}</w:p>"

    def _written(self, paragraphs: Iterable[Paragraph], lang: str) -> Iterable[str]:
        number = 0
        for paragraph in paragraphs:
            if paragraph.item == "number" and not number:
                self.numbered_lists += 1
                number = parts.FIRST_NUMBERED + self.numbered_lists - 1
            elif not paragraph.item:
                number = 0
            style = {"markdown": "Markdown"}.get(paragraph.style, "Answer")
            listed = ""
            if paragraph.item:
                name = number if paragraph.item == "number" else parts.BULLETS
                depth = f'<w:ilvl w:val="{paragraph.depth}"/>'
                listed = f'<w:numPr>{depth}<w:numId w:val="{name}"/></w:numPr>'
            elif paragraph.level:
                style = f"Heading{min(paragraph.level, DEEPEST_HEADING)}"
            runs = "".join(self.run(run, lang) for run in paragraph.runs)
            yield f"<w:p>{_look(style, listed)}{runs}</w:p>"

    def tick(self, tag: str, label: str, code: str, ticked: bool) -> str:
        """A choice with its box."""
        sign = TICKED if ticked else UNTICKED
        box = f"<w:r><w:rPr>{parts.BOX_FONT}</w:rPr><w:t>{sign}</w:t></w:r>"
        facts = self._facts(tag, label, False) + parts.CHECKBOX.format(int(ticked))
        name = self.run(Run(f" {label} ")) + self.run(Run(f"({code})"), style="Code")
        return f"<w:p>{_look('Choice')}{_control(facts, box)}{name}</w:p>"

    def table(self, header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
        """A table whose first row says what the columns are, on every page."""
        width = WIDTH // len(header)
        grid = f'<w:gridCol w:w="{width}"/>' * len(header)
        head = "".join(self._cell(text, width, "TableHead") for text in header)
        body = "".join(
            f"<w:tr>{''.join(self._cell(text, width, 'TableText') for text in row)}</w:tr>"
            for row in rows
        )
        return (
            f"<w:tbl>{parts.TABLE_LOOK}<w:tblGrid>{grid}</w:tblGrid>"
            f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{head}</w:tr>{body}</w:tbl>"
            f"<w:p>{_look('Choice')}</w:p>"
        )

    def _cell(self, text: str, width: int, style: str) -> str:
        return (
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
            f"{self.paragraph(text, style)}</w:tc>"
        )

    def _facts(self, tag: str, alias: str, blank: bool) -> str:
        self.last_id += 1
        return (
            f"<w:alias w:val={attribute(alias[:60])}/><w:tag w:val={attribute(tag)}/>"
            f'<w:id w:val="{self.last_id}"/><w:lock w:val="sdtLocked"/>'
            + "<w:showingPlcHdr/>"
            * blank
        )

    def _bookmark(self, name: str) -> str:
        if not name:
            return ""
        self.last_id += 1
        return (
            f'<w:bookmarkStart w:id="{self.last_id}" w:name={attribute(name)}/>'
            f'<w:bookmarkEnd w:id="{self.last_id}"/>'
        )

    def finish(self, properties: Mapping[str, str]) -> bytes:
        """The whole file; ``properties`` come back with it, whatever is written into it."""
        locale = LOCALES[self.language]
        files = {
            "[Content_Types].xml": parts.CONTENT_TYPES,
            "_rels/.rels": parts.PACKAGE_RELATIONS,
            "docProps/core.xml": parts.CORE.format(title=escaped(self.title), lang=locale),
            "docProps/custom.xml": parts.custom(
                {name: escaped(value) for name, value in properties.items()}
            ),
            "word/document.xml": parts.DOCUMENT.format("".join(self.body)),
            "word/styles.xml": parts.styles(locale),
            "word/numbering.xml": parts.numbering(self.numbered_lists),
            "word/settings.xml": parts.SETTINGS.format(locale),
            "word/_rels/document.xml.rels": parts.relations(
                {name: attribute(link) for link, name in self.links.items()}
            ),
        }
        return packed(files)


def _look(style: str, more: str = "") -> str:
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:pPr>{named}{more}</w:pPr>" if named or more else ""


def _control(facts: str, inner: str) -> str:
    return f"<w:sdt><w:sdtPr>{facts}</w:sdtPr><w:sdtContent>{inner}</w:sdtContent></w:sdt>"


def _pieces(content: str) -> str:
    """Text with its line breaks and tabs."""
    found = []
    for piece in re.split(r"([\n\t])", content):
        if piece == "\n":
            found.append("<w:br/>")
        elif piece == "\t":
            found.append("<w:tab/>")
        elif piece:
            found.append(f'<w:t xml:space="preserve">{escaped(piece)}</w:t>')
    return "".join(found)
