"""The good-practice library of the Cities Network for Integration, as a web application."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

from flask import Flask

from kb import assets, cli, config, db, health, i18n, logs, mail, migrations, web

# What people see, feature by feature: each module has a `blueprint`, registered under /<lang>.
FEATURES: tuple[str, ...] = (
    "kb.accounts.views",
    "kb.pages.views",
    "kb.practices.views",
    "kb.search.views",
    "kb.moderation.views",
    "kb.office.views",
    "kb.attachments.views",
    "kb.notices.views",
    "kb.renewals.views",
    "kb.vocabularies.views",
)

TEMPLATES = Path(__file__).parent.parent / "templates"


def create_app(overrides: Mapping[str, object] | None = None) -> Flask:
    """An application with the settings of kb.config; ``overrides`` win over all others.

    Raises config.BadSetting where a setting cannot be used.
    """
    app = Flask(__name__, template_folder=str(TEMPLATES), static_folder=None)
    app.url_map.converters["int"] = web.NumberConverter
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    config.load(app, overrides)
    logs.init_app(app)
    db.init_app(app)
    i18n.init_app(app)
    assets.init_app(app)
    health.init_app(app)
    mail.init_app(app)
    for name in FEATURES:
        app.register_blueprint(import_module(name).blueprint, url_prefix=i18n.PREFIX)
    cli.init_app(app)
    web.init_app(app)
    return app


def create_served_app() -> Flask:
    """The application for a WSGI server, or an end with a sentence that says what to run.

    For the ``flask`` command nothing is checked: it is what puts things right.
    """
    if os.environ.get("FLASK_RUN_FROM_CLI") == "true":
        return create_app()
    try:
        app = create_app()
        config.check(app)
        with app.app_context():
            migrations.require_current(db.get_db())
    except (config.BadSetting, db.SchemaMismatch) as problem:
        sys.exit(str(problem))
    return app
