"""The application object for a WSGI server, and for the `flask` command."""

from kb import create_served_app

application = create_served_app()
