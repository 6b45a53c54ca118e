"""The blueprint of files, and how templates name a file, its size and its address."""

from __future__ import annotations

from flask import Blueprint, url_for
from flask_babel import format_decimal
from flask_babel import gettext as _

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
def file_url(practice: Practice, row: Row) -> str:
    """Where a file of the practice is read."""
    named = {"sha256": row["file"], "filename": row["name"]}
    if practice.slug:
        return url_for("attachments.show", slug=practice.slug, **named)
    return url_for("attachments.show_own", practice_id=practice.id, **named)


@blueprint.app_template_test("image_file")
def is_image_file(row: Row) -> bool:
    """Whether a file of a content can be shown as a picture."""
    return attached.is_image(row)
