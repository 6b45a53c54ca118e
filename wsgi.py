"""The application object for a WSGI server, and for the `flask` command."""

from kb import check_before_serving, create_app

application = create_app()
check_before_serving(application)
