"""The blueprint of files, and how templates name a file, its size and its address."""

from __future__ import annotations

from flask import Blueprint, url_for
from flask_babel import format_decimal
from flask_babel import gettext as _

from inspector.limits import PREVIEW_SIDE
from kb.attachments import commands, model
from kb.attachments.model import Row
from kb.practices import attached
from kb.practices.model import Practice

blueprint = Blueprint("attachments", __name__, cli_group=None)
blueprint.cli.add_command(commands.files)


@blueprint.app_template_filter("file_size")
def file_size(size: int) -> str:
    """Bytes as people say them: 340 KB, 1.2 MB."""
    if size < model.MEGABYTE:
        return str(_("%(number)s KB", number=format_decimal(max(1, round(size / 1000)))))
    return str(_("%(number)s MB", number=format_decimal(round(size / model.MEGABYTE, 1))))


@blueprint.app_template_global("file_url")
def file_url(practice: Practice, row: Row, small: bool = False) -> str:
    """Where a file of the practice is read; ``small``: an image in the size of a page."""
    named = {"sha256": row["file"], "filename": row["name"], "small": 1 if small else None}
    if practice.slug:
        return url_for("attachments.show", slug=practice.slug, **named)
    return url_for("attachments.show_own", practice_id=practice.id, **named)


@blueprint.app_template_global("image_sources")
def image_sources(practice: Practice, row: Row) -> str:
    """The sizes in which a browser may load an image of the practice, for ``srcset``."""
    share = min(1.0, PREVIEW_SIDE / max(row["width"], row["height"]))
    small = f"{file_url(practice, row, small=True)} {max(1, round(row['width'] * share))}w"
    return f"{small}, {file_url(practice, row)} {row['width']}w" if share < 1 else small


@blueprint.app_template_test("image_file")
def is_image_file(row: Row) -> bool:
    """Whether a file of a content can be shown as a picture."""
    return attached.is_image(row)
