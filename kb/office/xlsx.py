"""Spreadsheets, written part by part: typed text cells, so that nothing in one is ever computed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kb.office.package import attribute, escaped, packed

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml"

# The looks of cells, by their place in STYLES: as text, so that 2019-05 stays what was typed.
PLAIN, HEAD, LABEL = 1, 2, 3
_TEXT_FORMAT = 49
_ALIGNED = '<alignment vertical="top" wrapText="1"/>'
STYLES = (
    f'<styleSheet xmlns="{_SHEET}">'
    '<fonts count="3"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><color rgb="FFFFFFFF"/><name val="Calibri"/></font>'
    '<font><sz val="10"/><color rgb="FF505A5F"/><name val="Calibri"/></font></fonts>'
    '<fills count="4"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FF003375"/></patternFill></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFF3F6FA"/></patternFill></fill></fills>'
    "<borders><border><left/><right/><top/><bottom/><diagonal/></border></borders>"
    '<cellStyleXfs><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    + "".join(
        f'<xf numFmtId="{_TEXT_FORMAT}" fontId="{font}" fillId="{fill}" borderId="0" xfId="0"'
        f' applyNumberFormat="1" applyFont="1" applyFill="1" applyAlignment="1">{_ALIGNED}</xf>'
        for font, fill in ((0, 0), (1, 2), (2, 3))
    )
    + '</cellXfs><cellStyles><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)
_MOST_SHOWN = 1_048_576  # rows of a sheet


@dataclass
class Sheet:
    """``rows`` of text; the first ``head`` have the look of headings and stay in sight.

    ``choices``: by the column, the cells of another sheet that hold what may be chosen.
    """

    name: str
    rows: Sequence[Sequence[str]]
    widths: Sequence[int]
    head: int = 1
    choices: Mapping[int, str] = field(default_factory=dict)


def letters(column: int) -> str:
    """The name of a column, counted from 0: A, B, …, AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """The file with these sheets."""
    numbered = list(enumerate(sheets, start=1))
    parts = {
        "[Content_Types].xml": _content_types(len(sheets)),
        "_rels/.rels": _relations({"r1": ("officeDocument", "xl/workbook.xml")}),
        "xl/workbook.xml": (
            f'<workbook xmlns="{_SHEET}" xmlns:r="{_OFFICE}/relationships"><sheets>'
            + "".join(
                f'<sheet name={attribute(sheet.name)} sheetId="{number}" r:id="r{number}"/>'
                for number, sheet in numbered
            )
            + "</sheets></workbook>"
        ),
        "xl/_rels/workbook.xml.rels": _relations(
            {
                f"r{number}": ("worksheet", f"worksheets/sheet{number}.xml")
                for number, _s in numbered
            }
            | {"styles": ("styles", "styles.xml")}
        ),
        "xl/styles.xml": STYLES,
    }
    parts |= {f"xl/worksheets/sheet{n}.xml": "".join(_sheet(sheet)) for n, sheet in numbered}
    return packed(parts)


def _content_types(sheets: int) -> str:
    more = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml"'
        f' ContentType="{_MEDIA}.worksheet+xml"/>'
        for number in range(1, sheets + 1)
    )
    return (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_MEDIA}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_MEDIA}.styles+xml"/>{more}</Types>'
    )


def _relations(targets: Mapping[str, tuple[str, str]]) -> str:
    entries = "".join(
        f'<Relationship Id="{name}" Type="{_OFFICE}/relationships/{kind}" Target="{target}"/>'
        for name, (kind, target) in targets.items()
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{entries}</Relationships>'


def _sheet(sheet: Sheet) -> Iterator[str]:
    below = f"A{sheet.head + 1}"
    yield (
        f'<worksheet xmlns="{_SHEET}"><sheetViews><sheetView workbookViewId="0">'
        f'<pane ySplit="{sheet.head}" topLeftCell="{below}" activePane="bottomLeft"'
        ' state="frozen"/></sheetView></sheetViews><cols>'
    )
    for number, width in enumerate(sheet.widths, start=1):
        yield (
            f'<col min="{number}" max="{number}" width="{width}" style="{PLAIN}" customWidth="1"/>'
        )
    yield "</cols><sheetData>"
    for number, row in enumerate(sheet.rows, start=1):
        look = PLAIN if number > sheet.head else HEAD if number == 1 else LABEL
        yield f'<row r="{number}">'
        for column, text in enumerate(row):
            if text:
                yield (
                    f'<c r="{letters(column)}{number}" s="{look}" t="inlineStr"><is>'
                    f'<t xml:space="preserve">{escaped(text)}</t></is></c>'
                )
        yield "</row>"
    yield "</sheetData>"
    yield _validations(sheet)
    yield "</worksheet>"


def _validations(sheet: Sheet) -> str:
    if not sheet.choices:
        return ""
    entries = "".join(
        '<dataValidation type="list" allowBlank="1" showErrorMessage="1"'
        f' sqref="{letters(column)}{sheet.head + 1}:{letters(column)}{_MOST_SHOWN}">'
        f"<formula1>{escaped(cells)}</formula1></dataValidation>"
        for column, cells in sheet.choices.items()
    )
    return f'<dataValidations count="{len(sheet.choices)}">{entries}</dataValidations>'
