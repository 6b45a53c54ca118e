"""Files as people and others send them, made here: sound ones, and each kind that is refused."""

from __future__ import annotations

import struct
import zipfile
import zlib
from io import BytesIO

from PIL import Image, PngImagePlugin
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ODT = "application/vnd.oasis.opendocument.text"


def photo(size: tuple[int, int] = (640, 480), form: str = "JPEG", mode: str = "RGB") -> bytes:
    """A picture with what a camera notes about it: maker, place, a comment; held sideways."""
    out = BytesIO()
    image = Image.linear_gradient("L").resize(size).convert(mode)
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "CanaryCamera"
    exif.get_ifd(0x8825)[1] = "N"
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "CanaryComment")
    options = {"PNG": {"pnginfo": notes}, "JPEG": {"comment": b"CanaryComment"}}.get(form, {})
    image.save(out, form, exif=exif, **options)
    return out.getvalue()


def png_that_says(width: int, height: int) -> bytes:
    """A few bytes that claim to be an image of that size."""

    def chunk(name: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(name + content))
        return struct.pack(">I", len(content)) + name + content + check

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(1000))
    parts = (chunk(b"IHDR", header), chunk(b"IDAT", rows), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def _pdf_text(writer: PdfWriter, text: str) -> None:
    page = writer.add_blank_page(300, 200)
    letters = "".join(dict.fromkeys(text))
    codes = {letter: number + 1 for number, letter in enumerate(letters)}
    pairs = "".join(f"<{code:02x}> <{ord(each):04x}>\n" for each, code in codes.items())
    to_unicode = DecodedStreamObject()
    to_unicode.set_data(
        f"/CIDInit /ProcSet findresource begin begincmap\n1 begincodespacerange <00> <ff>"
        f" endcodespacerange\n{len(codes)} beginbfchar\n{pairs}endbfchar endcmap end".encode()
    )
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
            NameObject("/ToUnicode"): writer._add_object(to_unicode),
        }
    )
    fonts = DictionaryObject({NameObject("/F"): writer._add_object(font)})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    shown = "".join(f"{codes[letter]:02x}" for letter in text)
    stream = DecodedStreamObject()
    stream.set_data(f"BT /F 12 Tf 20 100 Td <{shown}> Tj ET".encode())
    page[NameObject("/Contents")] = writer._add_object(stream)


def pdf(text: str = "Ένταξη προσφύγων", *, spoil: str = "", password: str = "") -> bytes:
    """A page of text; ``spoil`` names what is put into it besides."""
    writer = PdfWriter()
    _pdf_text(writer, text)
    if spoil == "script":
        action = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject("app.alert(1)")}
        named = ArrayObject([TextStringObject("canary"), _dictionary(action)])
        scripts = _dictionary({"/JavaScript": _dictionary({"/Names": named})})
        writer._root_object[NameObject("/Names")] = scripts
    elif spoil == "open-action":
        action = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject("app.alert(1)")}
        writer._root_object[NameObject("/OpenAction")] = _dictionary(action)
    elif spoil == "open-address":
        action = {"/S": NameObject("/URI"), "/URI": TextStringObject("https://evil.example")}
        opened = writer._add_object(_dictionary(action))
        writer._root_object[NameObject("/OpenAction")] = opened
    elif spoil == "launch":
        action = {"/S": NameObject("/Launch"), "/F": TextStringObject("cmd.exe")}
        link = {"/Type": NameObject("/Annot"), "/Subtype": NameObject("/Link"),
                "/Rect": ArrayObject([NumberObject(n) for n in (0, 0, 9, 9)]),
                "/A": _dictionary(action)}  # fmt: skip
        writer.pages[0][NameObject("/Annots")] = ArrayObject(
            [writer._add_object(_dictionary(link))]
        )
    elif spoil == "embedded":
        writer.add_attachment("canary.exe", b"MZ canary")
    if password:
        writer.encrypt(password)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _dictionary(values: dict[str, object]) -> DictionaryObject:
    return DictionaryObject({NameObject(key): value for key, value in values.items()})


def zipped(parts: dict[str, str | bytes], stored: tuple[str, ...] = ()) -> bytes:
    """An archive of those parts."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            how = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(name, content, compress_type=how)
    return out.getvalue()


def _types(main: str, name: str, more: str = "") -> str:
    return (
        f'<?xml version="1.0"?><Types xmlns="{TYPES}">'
        f'<Override PartName="/{name}" ContentType="{main}"/>{more}</Types>'
    )


def _relations(inner: str = "") -> str:
    return f'<?xml version="1.0"?><Relationships xmlns="{RELATIONS}">{inner}</Relationships>'


def external(kind: str, target: str) -> str:
    """A relation that leads out of the file."""
    inner = (
        f'<Relationship Id="r9" Type="{OFFICE}/{kind}" Target="{target}" TargetMode="External"/>'
    )
    return _relations(inner)


def docx(text: str = "Ένταξη προσφύγων", more: dict[str, str | bytes] | None = None) -> bytes:
    """A text document with one paragraph; ``more`` adds or replaces parts."""
    body = f"<w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body>"
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": _types(WORD, "word/document.xml"),
        "_rels/.rels": _relations(),
        "word/document.xml": f'<?xml version="1.0"?><w:document {W}>{body}</w:document>',
    }
    return zipped(parts | (more or {}))


def docx_with_field(*code: str, begin: str = "") -> bytes:
    """A text document with a field; its code may come in pieces, after what ``begin`` opens."""
    pieces = "".join(
        f'<w:r><w:instrText xml:space="preserve">{each}</w:instrText></w:r>' for each in code
    )
    steps = {each: f'<w:r><w:fldChar w:fldCharType="{each}"/></w:r>' for each in ("begin", "end")}
    shown = '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>7</w:t></w:r>'
    field = f"{begin}{steps['begin']}{pieces}{shown}{steps['end']}"
    body = f"<w:body><w:p>{field}</w:p></w:body>"
    return docx(more={"word/document.xml": f"<w:document {W}>{body}</w:document>"})


def core(creator: str, editor: str = "") -> str:
    """The properties of an office file, as Word writes them."""
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><cp:coreProperties'
        ' xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>Τίτλος</dc:title>'
        f"<dc:creator>{creator}</dc:creator><cp:lastModifiedBy>{editor}</cp:lastModifiedBy>"
        '<dcterms:created xsi:type="dcterms:W3CDTF">2026-01-01T00:00:00Z</dcterms:created>'
        "</cp:coreProperties>"
    )


def odt_meta(creator: str) -> str:
    """The properties of a text document, as LibreOffice writes them."""
    names = "urn:oasis:names:tc:opendocument:xmlns:"
    return (
        f'<?xml version="1.0"?><office:document-meta xmlns:office="{names}office:1.0"'
        f' xmlns:meta="{names}meta:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><office:meta>'
        f"<meta:initial-creator>{creator}</meta:initial-creator><dc:creator>{creator}</dc:creator>"
        "<dc:title>Τίτλος</dc:title></office:meta></office:document-meta>"
    )


def pdf_by(author: str, xmp: str = "", packed: bool = False, signed: bool = False) -> bytes:
    """A page of text with an author in its properties, and another in its XMP."""
    writer = PdfWriter(clone_from=BytesIO(pdf()))
    writer.add_metadata({"/Author": author, "/Title": "Τίτλος (β)"})
    if signed:
        writer.add_metadata({"/ByteRange": "0 10 20 30"})
    if xmp:
        stream = DecodedStreamObject()
        stream.set_data(
            '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF'
            ' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description'
            ' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator><rdf:Seq>'
            f"<rdf:li>{xmp}</rdf:li></rdf:Seq></dc:creator></rdf:Description></rdf:RDF>"
            "</x:xmpmeta>".encode()
        )
        stream.update({NameObject("/Type"): NameObject("/Metadata")})
        stream.update({NameObject("/Subtype"): NameObject("/XML")})
        kept = stream.flate_encode() if packed else stream
        writer._root_object[NameObject("/Metadata")] = writer._add_object(kept)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def docm() -> bytes:
    """A document with macros under the name of one without."""
    main = WORD.replace("openxmlformats-officedocument.wordprocessingml", "ms-word")
    macro = main.replace("document.main", "document.macroEnabled.main")
    return docx(more={"[Content_Types].xml": _types(macro, "word/document.xml")})


def xlsx(more: dict[str, str | bytes] | None = None) -> bytes:
    """A workbook with one cell; ``more`` adds or replaces parts."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": _types(SHEET, "xl/workbook.xml"),
        "_rels/.rels": _relations(),
        "xl/workbook.xml": f'<workbook xmlns="{main}"><sheets/></workbook>',
    }
    return zipped(parts | (more or {}))


def odt(text: str = "Ένταξη προσφύγων", more: dict[str, str | bytes] | None = None) -> bytes:
    """A text document as LibreOffice keeps it; ``more`` adds or replaces parts."""
    names = "urn:oasis:names:tc:opendocument:xmlns:"
    manifest = f'<m:manifest xmlns:m="{names}manifest:1.0"/>'
    parts: dict[str, str | bytes] = {
        "mimetype": ODT,
        "META-INF/manifest.xml": manifest,
        "content.xml": f'<o:document-content xmlns:o="{names}office:1.0"'
        f' xmlns:t="{names}text:1.0" xmlns:x="http://www.w3.org/1999/xlink"'
        f' xmlns:d="{names}drawing:1.0" xmlns:s="{names}script:1.0">'
        f"<o:body><t:p>{text}</t:p></o:body></o:document-content>",
    }
    return zipped(parts | (more or {}), stored=("mimetype",))


def odt_with(inner: str) -> bytes:
    """A text document with that markup in it."""
    return odt(text=f"</t:p>{inner}<t:p>")


def bomb(megabytes: int = 100) -> bytes:
    """A document of a few kilobytes that unpacks to many megabytes."""
    return docx(more={"word/media/zeros.xml": bytes(megabytes * 1_000_000)})


def lying_bomb() -> bytes:
    """The same with a directory that says it is small."""
    content = bytearray(bomb(30))
    size = struct.pack("<I", 30_000_000)
    return bytes(content.replace(size, struct.pack("<I", 1000)))
