"""Which files are taken for what they are, and which are refused, and why."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

import inspector
from inspector import Finding, Refused
from inspector.__main__ import inspect as within
from inspector.limits import LONGEST_SIDE
from tests.kb.attachments import documents as made

Inspect = Callable[[str, bytes], Finding]
ZIP = made.zipped({"a.txt": "a"})
ENTITY = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
BILLION = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
HEIC = b"\0\0\0\x18ftypheic" + bytes(100)
LISTENER = '<s:event-listener s:language="Basic"/>'


def named(value: str | bytes) -> str:
    """What a case is called: contents differ from run to run."""
    return value if isinstance(value, str) else ""


@pytest.fixture
def inspect(tmp_path: Path) -> Inspect:
    """Looks through a file within this process: the same code, and no second to start another."""

    def run(name: str, content: bytes) -> Finding:
        path = tmp_path / "incoming"
        path.write_bytes(content)
        kind = inspector.by_name(name)
        return within(path, kind.code if kind else "", tmp_path / "anew")

    return run


@pytest.fixture
def inspect_apart(tmp_path: Path) -> Inspect:
    """Looks through a file as the application does, in a process with limits."""

    def run(name: str, content: bytes) -> Finding:
        path = tmp_path / "incoming"
        path.write_bytes(content)
        return inspector.inspect(path, name, tmp_path / "anew")

    return run


# A field within what another one shows, as in a table of contents.
TOC = "".join(
    f"<w:r>{each}</w:r>"
    for each in (
        '<w:fldChar w:fldCharType="begin"/>',
        '<w:instrText> TOC \\o "1-3" </w:instrText>',
        '<w:fldChar w:fldCharType="separate"/>',
    )
)


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.pdf", made.pdf(), "pdf"),
        ("A.DOCX", made.docx(), "docx"),
        ("a.xlsx", made.xlsx(), "xlsx"),
        ("a.odt", made.odt(), "odt"),
        ("a.jpeg", made.photo(), "jpeg"),
        ("a.png", made.photo(form="PNG"), "png"),
        ("a.webp", made.photo(form="WEBP"), "webp"),
        ("a.png", made.photo(), "jpeg"),  # what telephones call their photos is often wrong
        ("link.docx", made.docx(more={"word/_rels/document.xml.rels": made.external(
            "hyperlink", "https://example.gr")}), "docx"),
        ("chart.docx", made.docx(more={"word/embeddings/chart.xlsx": made.xlsx()}), "docx"),
        ("fields.docx", made.docx_with_field(" PAGEREF _Toc1 ", begin=TOC), "docx"),
        ("letter.docx", made.docx(more={"word/_rels/settings.xml.rels": made.external(
            "attachedTemplate", "file:///C:\\Users\\anna\\letter.dotx")}), "docx"),
        ("own.docx", made.docx_with_field(" INCLUDEPICTURE C:\\\\a\\\\b.png"), "docx"),
        ("disk.docx", made.docx_with_field(' INCLUDEPICTURE "C:\\\\a\\\\b.png" \\* X'), "docx"),
        ("picture.docx", made.docx_with_field(' INCLUDEPICTURE "cid:image1.png" '), "docx"),
        ("link.odt", made.odt_with('<t:a x:href="https://example.gr">x</t:a>'), "odt"),
    ],
    ids=named,
)  # fmt: skip
def test_what_people_use_is_taken(inspect: Inspect, name: str, content: bytes, kind: str) -> None:
    assert inspect(name, content).kind == kind


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.pdf", b"", "empty"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "kind"),
        ("a.html", b"<!doctype html><script>alert(1)</script>", "kind"),
        ("a.zip", ZIP, "kind"),
        ("a", b"anything", "kind"),
        ("a.gif", b"GIF89a" + bytes(20), "kind"),
        ("a.pdf", b"<!doctype html><script>alert(1)</script>", "mislabelled"),
        ("a.jpg", b"MZ\x90\0" + bytes(200), "mislabelled"),
        ("a.jpg", b"<svg onload=alert(1)>", "mislabelled"),
        ("a.jpg", made.pdf(), "mislabelled"),
        ("a.pdf", made.docx(), "mislabelled"),
        ("a.docx", made.xlsx(), "mislabelled"),
        ("a.odt", made.docx(), "mislabelled"),
        ("a.xlsx", made.odt(), "mislabelled"),
        ("a.docx", ZIP, "unreadable"),
        ("a.doc", OLE, "old-office"),
        ("a.docx", OLE, "old-office"),  # that is how a password makes it
        ("a.jpg", HEIC, "heic"),
        ("a.heic", HEIC, "heic"),
        ("a.pdf", made.pdf(password="secret"), "encrypted"),
        ("a.odt", made.odt(more={"META-INF/manifest.xml": "<m><encryption-data/></m>".replace(
            "<m>", "<m xmlns='urn:x'>")}), "encrypted"),
        ("a.pdf", b"%PDF-1.7\nnothing else\n%%EOF\n", "unreadable"),
        ("a.pdf", made.pdf()[:300], "unreadable"),
        ("a.jpg", made.photo()[:400], "unreadable"),
        ("a.docx", made.docx()[:-40], "unreadable"),
        ("a.png", made.png_that_says(20_000, 20_000), "too-many-pixels"),
        ("a.pdf", made.pdf() + ZIP, "polyglot"),
        ("a.pdf", made.pdf() + b"<script>alert(1)</script>", "polyglot"),
        ("a.pdf", made.pdf().replace(b"\n", b"\n% <html><script>alert(1)</script>\n", 1),
         "polyglot"),
        ("a.docx", b"%PDF-1.7\n" + made.docx(), "mislabelled"),
        ("a.docx", made.docx() + b"%PDF-1.7", "polyglot"),
        ("a.docx", made.docx() + made.docx(), "polyglot"),
        ("a.pdf", made.pdf(spoil="script"), "script"),
        ("a.pdf", made.pdf(spoil="open-action"), "script"),
        ("a.pdf", made.pdf(spoil="open-action").replace(b"/JavaScript", b"/J#61vaScript"),
         "script"),
        ("a.pdf", made.pdf(spoil="launch"), "launch"),
        ("a.pdf", made.pdf(spoil="open-address"), "launch"),
        ("a.pdf", made.pdf(spoil="embedded"), "embedded"),
        ("a.docx", made.docm(), "macros"),
        ("a.docx", made.docx(more={"word/vbaProject.bin": b"x"}), "macros"),
        ("a.xlsx", made.xlsx(more={"xl/macrosheets/sheet1.xml": "<x/>"}), "macros"),
        ("a.odt", made.odt(more={"Basic/Standard/Module1.xml": "<x/>"}), "macros"),
        ("a.odt", made.odt_with(LISTENER), "macros"),
        ("a.docx", made.docx(more={"word/embeddings/oleObject1.bin": b"x"}), "objects"),
        ("a.docx", made.docx(more={"word/embeddings/x.docm": b"x"}), "objects"),
        ("a.docx", made.docx(more={"word/embeddings/x.xlsx": made.xlsx(
            {"xl/vbaProject.bin": b"x"})}), "macros"),
        ("a.docx", made.docx(more={"word/_rels/settings.xml.rels": made.external(
            "attachedTemplate", "https://evil.example/t.dotm")}), "external"),
        ("a.docx", made.docx(more={"word/_rels/settings.xml.rels": made.external(
            "attachedTemplate", "file:///\\\\evil\\t.dotm")}), "external"),
        ("a.docx", made.docx_with_field(' INCLUDEPICTURE \\d "\\\\\\\\evil\\\\a.png"'), "external"),
        ("a.docx", made.docx(more={"word/_rels/document.xml.rels": made.external(
            "image", "https://evil.example/pixel.png")}), "external"),
        ("a.xlsx", made.xlsx(more={"xl/externalLinks/externalLink1.xml": "<x/>"}), "external"),
        ("a.odt", made.odt_with('<d:image x:href="https://evil.example/a.png"/>'), "external"),
        ("a.docx", made.docx(more={"word/_rels/document.xml.rels": made.external(
            "aFChunk", "chunk.html").replace(' TargetMode="External"', "")}), "objects"),
        ("a.docx", made.docx(more={"word/media/image1.png": ZIP}), "objects"),
        ("a.docx", made.docx(more={"word/media/image1.png": b"MZ" + bytes(99)}), "objects"),
        ("a.docx", made.docx_with_field(' DDEAUTO c:\\\\cmd.exe "/k calc"'), "external"),
        ("a.docx", made.docx_with_field(" DD", 'EAUTO "x"'), "external"),
        ("a.docx", made.docx_with_field("", begin='<w:r><w:fldChar w:fldCharType="begin"/></w:r>'),
         "external"),
        ("a.docx", made.docx_with_field(' INCLUDEPICTURE "http://evil.example/a.png"'), "external"),
        ("a.docx", made.docx(more={"word/header1.xml":
            f'<w:hdr {made.W}><w:p><w:fldSimple w:instr="LINK Excel.Sheet.8 x"/></w:p></w:hdr>'}),
         "external"),
        ("a.odt", made.odt(more={"Object 1/content.xml":
            '<x><s:event-listener xmlns:s="urn:x"/></x>'}), "macros"),
        ("a.odt", made.odt(more={"Object 1/Basic/Standard/M.xml": "<x/>"}), "macros"),
        ("a.odt", made.odt_with("<t:dde-connection/>"), "external"),
        ("a.docx", made.docx(more={"word/document.xml": ENTITY + "<x>&e;</x>"}), "entities"),
        ("a.docx", made.docx(more={"word/styles.xml": BILLION}), "entities"),
        ("a.docx", made.docx(more={"word/styles.xml": BILLION.encode("utf-16")}), "entities"),
        ("a.docx", made.docx(more={"[Content_Types].xml": ENTITY + "<x>&e;</x>"}), "entities"),
        ("a.odt", made.odt(more={"content.xml": ENTITY + "<x>&e;</x>"}), "entities"),
        ("a.docx", made.docx(more={"../../etc/passwd": "x"}), "unreadable"),
        ("a.docx", made.docx(more={"/etc/passwd": "x"}), "unreadable"),
        ("a.docx", made.docx(more={"a\\b": "x", "WORD/DOCUMENT.XML": "x"}), "unreadable"),
        ("a.docx", made.docx(more={f"word/{n}.xml": "" for n in range(3100)}), "bomb"),
    ],
    ids=named,
)  # fmt: skip
def test_what_may_do_harm_is_refused(
    inspect: Inspect, name: str, content: bytes, reason: str
) -> None:
    with pytest.raises(Refused) as refused:
        inspect(name, content)
    assert refused.value.reason == reason


@pytest.mark.parametrize("make", [made.bomb, made.lying_bomb])
def test_a_bomb_is_answered_within_two_seconds(
    inspect_apart: Inspect, make: Callable[[], bytes]
) -> None:
    content = make()
    begun = time.monotonic()
    with pytest.raises(Refused) as refused:
        inspect_apart("a.docx", content)
    assert refused.value.reason in ("bomb", "unreadable")
    assert time.monotonic() - begun < 2


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [("Καλή πρακτική.pdf", made.pdf(), "pdf"), ("φωτογραφία.JPG", made.photo(), "jpeg")],
    ids=named,
)
def test_a_process_apart_says_the_same(
    inspect_apart: Inspect, name: str, content: bytes, kind: str
) -> None:
    finding = inspect_apart(name, content)
    assert finding.kind == kind
    assert finding.peak < 80_000


def test_a_process_apart_refuses_with_the_same_reason(inspect_apart: Inspect) -> None:
    with pytest.raises(Refused) as refused:
        inspect_apart("a.png", made.png_that_says(20_000, 20_000))
    assert refused.value.reason == "too-many-pixels"


@pytest.mark.parametrize("limit", [("MEMORY", 90 * 1024 * 1024), ("CPU_SECONDS", 0)])
def test_what_takes_too_much_ends_and_is_refused(tmp_path: Path, limit: tuple[str, int]) -> None:
    """The limits are real: with smaller ones, a sound image ends the process."""
    path = tmp_path / "incoming"
    path.write_bytes(made.photo((5000, 5000), "PNG"))
    program = (
        "import sys; from inspector import __main__ as m, limits;"
        f"limits.{limit[0]} = {limit[1]}; m.limit();"
        "print(m._answer(__import__('pathlib').Path(sys.argv[1]), 'png',"
        " __import__('pathlib').Path(sys.argv[1] + '.anew')))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, str(path)], cwd=inspector.ROOT, capture_output=True
    )
    assert run.returncode != 0 or b"too-heavy" in run.stdout


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_an_image_keeps_nothing_that_the_camera_noted(
    inspect: Inspect, tmp_path: Path, form: str
) -> None:
    content = made.photo((3000, 1500), form) + b"CanaryTail<script>"
    assert b"Canary" in content
    finding = inspect(f"a.{form.lower()}", content)
    kept = (tmp_path / "anew").read_bytes()
    assert b"Canary" not in kept
    assert b"Exif" not in kept
    with Image.open(BytesIO(kept)) as image:
        # The camera was held sideways; the picture stands upright now.
        assert image.size == (finding.width, finding.height) == (LONGEST_SIDE // 2, LONGEST_SIDE)
        assert not image.getexif()


def test_a_large_image_gets_a_smaller_copy_that_keeps_nothing_either(
    inspect: Inspect, tmp_path: Path
) -> None:
    inspect("a.jpg", made.photo((1600, 1200)))
    small = (tmp_path / "anew.small").read_bytes()
    assert b"Canary" not in small
    with Image.open(BytesIO(small)) as image:
        assert image.size == (600, 800)


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK", "RGBA", "LA", "I;16"])
def test_every_way_to_keep_colours_is_read(inspect: Inspect, mode: str) -> None:
    out = BytesIO()
    form = "JPEG" if mode == "CMYK" else "PNG"
    Image.new(mode, (40, 30)).save(out, form)
    assert inspect(f"a.{form.lower()}", out.getvalue()).width == 40


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_picture_with_broken_notes_is_still_a_picture(inspect: Inspect, form: str) -> None:
    out = BytesIO()
    picture, next_one = Image.new("RGB", (40, 30)), Image.new("RGB", (40, 30), "red")
    moving = {} if form == "JPEG" else {"save_all": True, "append_images": [next_one]}
    picture.save(out, form, exif=b"Exif\0\0MMxx", **moving)
    assert inspect(f"a.{form.lower()}", out.getvalue()).width == 40


def test_an_image_with_fifty_million_pixels_is_read_within_the_memory(
    inspect_apart: Inspect,
) -> None:
    out = BytesIO()
    Image.new("RGBA", (7000, 7000)).save(out, "PNG", compress_level=1)
    assert inspect_apart("a.png", out.getvalue()).width == LONGEST_SIDE


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.pdf", made.pdf()), ("a.docx", made.docx()), ("a.odt", made.odt())],
    ids=named,
)
def test_the_words_of_documents_are_found(inspect: Inspect, name: str, content: bytes) -> None:
    assert inspect(name, content).text.strip() == "Ένταξη προσφύγων"


def test_the_words_are_bounded(inspect: Inspect) -> None:
    assert len(inspect("a.docx", made.docx("λέξη " * 100_000)).text) == 200_000
