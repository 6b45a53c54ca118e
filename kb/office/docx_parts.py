"""The fixed parts of a Word document: its package, styles, lists and settings (ECMA-376)."""

from __future__ import annotations

from collections.abc import Mapping

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_MEDIA = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_NAMES = f'xmlns:w="{_WORD}" xmlns:r="{_OFFICE}/relationships"'

CONTENT_TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_MEDIA}.document.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{_MEDIA}.styles+xml"/>'
    f'<Override PartName="/word/numbering.xml" ContentType="{_MEDIA}.numbering+xml"/>'
    f'<Override PartName="/word/settings.xml" ContentType="{_MEDIA}.settings+xml"/>'
    '<Override PartName="/docProps/core.xml"'
    ' ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
    '<Override PartName="/docProps/custom.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.custom-properties+xml"/></Types>'
)
PACKAGE_RELATIONS = (
    f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_OFFICE}/relationships/officeDocument"'
    ' Target="word/document.xml"/>'
    f'<Relationship Id="r2" Type="{_PACKAGE}/relationships/metadata/core-properties"'
    ' Target="docProps/core.xml"/>'
    f'<Relationship Id="r3" Type="{_OFFICE}/relationships/custom-properties"'
    ' Target="docProps/custom.xml"/></Relationships>'
)
CORE = (
    f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/">'
    "<dc:title>{title}</dc:title><dc:language>{lang}</dc:language></cp:coreProperties>"
)
DOCUMENT = (
    f'<w:document {_NAMES} xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="w14">'
    '<w:body>{}<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1134"'
    ' w:bottom="1134" w:left="1134" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr>'
    "</w:body></w:document>"
)
SETTINGS = (
    f'<w:settings {_NAMES}><w:defaultTabStop w:val="567"/><w:compat><w:compatSetting'
    ' w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word"'
    ' w:val="15"/></w:compat><w:themeFontLang w:val="{}"/></w:settings>'
)
BOX_FONT = (
    '<w:rFonts w:ascii="MS Gothic" w:eastAsia="MS Gothic" w:hAnsi="MS Gothic" w:hint="eastAsia"/>'
)
CHECKBOX = (
    '<w14:checkbox><w14:checked w14:val="{}"/>'
    '<w14:checkedState w14:val="2612" w14:font="MS Gothic"/>'
    '<w14:uncheckedState w14:val="2610" w14:font="MS Gothic"/></w14:checkbox>'
)
TABLE_LOOK = (
    '<w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="0" w:type="auto"/>'
    '<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0"'
    ' w:noHBand="1" w:noVBand="1"/></w:tblPr>'
)

# The numbers of the lists: one for all bullets, one for each numbered list.
BULLETS = 1
FIRST_NUMBERED = 2
_LEVELS = 9

_SIGNS_FONT = '<w:rFonts w:ascii="Consolas" w:hAnsi="Consolas"/>'
_BLUE = "003375"
_GREY = "505A5F"
_SIZES = {1: 32, 2: 26, 3: 22}  # half points


def custom(properties: Mapping[str, str]) -> str:
    """The document's own properties; the values are escaped already."""
    kinds = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
    entries = "".join(
        f'<property fmtid="{kinds}" pid="{number}" name="{name}"><vt:lpwstr>{value}</vt:lpwstr>'
        "</property>"
        for number, (name, value) in enumerate(properties.items(), start=2)
    )
    return (
        f'<Properties xmlns="{_OFFICE}/custom-properties" xmlns:vt="{_OFFICE}/docPropsVTypes">'
        f"{entries}</Properties>"
    )


def relations(links: Mapping[str, str]) -> str:
    """What the document refers to: its own parts, and the addresses of links, quoted already."""
    own = "".join(
        f'<Relationship Id="{name}" Type="{_OFFICE}/relationships/{name}" Target="{name}.xml"/>'
        for name in ("styles", "numbering", "settings")
    )
    others = "".join(
        f'<Relationship Id="{name}" Type="{_OFFICE}/relationships/hyperlink"'
        f' Target={address} TargetMode="External"/>'
        for name, address in links.items()
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{own}{others}</Relationships>'


def numbering(numbered_lists: int) -> str:
    """Bullets, and as many numbered lists as there are, each of which begins at one."""
    nums = f'<w:num w:numId="{BULLETS}"><w:abstractNumId w:val="0"/></w:num>'
    restart = "".join(
        f'<w:lvlOverride w:ilvl="{depth}"><w:startOverride w:val="1"/></w:lvlOverride>'
        for depth in range(_LEVELS)
    )
    nums += "".join(
        f'<w:num w:numId="{FIRST_NUMBERED + number}"><w:abstractNumId w:val="1"/>{restart}</w:num>'
        for number in range(numbered_lists)
    )
    return f"<w:numbering {_NAMES}>{_list(0, 'bullet')}{_list(1, 'decimal')}{nums}</w:numbering>"


def _list(number: int, kind: str) -> str:
    levels = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>'
        f'<w:lvlText w:val="{"•" if kind == "bullet" else f"%{depth + 1}."}"/>'
        f'<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{567 * (depth + 1)}" w:hanging="397"/>'
        "</w:pPr></w:lvl>"
        for depth in range(_LEVELS)
    )
    return (
        f'<w:abstractNum w:abstractNumId="{number}"><w:multiLevelType w:val="multilevel"/>'
        f"{levels}</w:abstractNum>"
    )


def styles(locale: str) -> str:
    """The styles, with ``locale`` as the language of whatever says no other."""
    headings = "".join(_heading(level) for level in range(1, 10))
    boxed = (
        f'<w:pBdr><w:left w:val="single" w:sz="24" w:space="8" w:color="{_BLUE}"/></w:pBdr>'
        '<w:shd w:val="clear" w:color="auto" w:fill="F3F6FA"/>'
    )
    return (
        f"<w:styles {_NAMES}><w:docDefaults><w:rPrDefault><w:rPr>"
        '<w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:eastAsia="Calibri" w:cs="Calibri"/>'
        f'<w:sz w:val="22"/><w:lang w:val="{locale}" w:eastAsia="{locale}"/></w:rPr></w:rPrDefault>'
        '<w:pPrDefault><w:pPr><w:spacing w:after="120" w:line="264" w:lineRule="auto"/></w:pPr>'
        "</w:pPrDefault></w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
        "<w:qFormat/></w:style>"
        + _paragraph("Title", "Title", "", f'<w:b/><w:color w:val="{_BLUE}"/><w:sz w:val="44"/>')
        + headings
        + _paragraph("Instruction", "instruction", "<w:keepNext/>", f'<w:color w:val="{_GREY}"/>')
        + _paragraph("Answer", "answer", boxed)
        + _paragraph("Markdown", "markdown", boxed, _SIGNS_FONT)
        + _paragraph("Choice", "choice", '<w:spacing w:after="20"/>')
        + _paragraph("TableHead", "table head", '<w:spacing w:after="20"/>', "<w:b/>")
        + _paragraph("TableText", "table text", '<w:spacing w:after="20"/>')
        + _character("Hyperlink", "Hyperlink", '<w:color w:val="0054BA"/><w:u w:val="single"/>')
        + _character("PlaceholderText", "Placeholder Text", f'<w:color w:val="{_GREY}"/>')
        + _character("Code", "code", f'<w:color w:val="{_GREY}"/><w:sz w:val="18"/>')
        + '<w:style w:type="table" w:default="1" w:styleId="TableNormal">'
        '<w:name w:val="Normal Table"/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>'
        '<w:left w:w="108" w:type="dxa"/><w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        "</w:style>"
        '<w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/>'
        f'<w:basedOn w:val="TableNormal"/><w:tblPr><w:tblBorders>{_borders()}</w:tblBorders>'
        "</w:tblPr></w:style></w:styles>"
    )


def _borders() -> str:
    return "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="{_GREY}"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )


def _heading(level: int) -> str:
    size = _SIZES.get(level, 22)
    before = {1: 480, 2: 320}.get(level, 160)
    return _paragraph(
        f"Heading{level}",
        f"heading {level}",
        f'<w:keepNext/><w:spacing w:before="{before}" w:after="80"/>'
        f'<w:outlineLvl w:val="{level - 1}"/>',
        f'<w:b/><w:color w:val="{_BLUE}"/><w:sz w:val="{size}"/>',
    )


def _paragraph(identity: str, name: str, look: str, letters: str = "") -> str:
    return (
        f'<w:style w:type="paragraph" w:styleId="{identity}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>{look}</w:pPr><w:rPr>{letters}</w:rPr>'
        "</w:style>"
    )


def _character(identity: str, name: str, letters: str) -> str:
    return (
        f'<w:style w:type="character" w:styleId="{identity}"><w:name w:val="{name}"/>'
        f"<w:rPr>{letters}</w:rPr></w:style>"
    )
