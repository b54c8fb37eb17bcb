"""The web service for a WSGI server: `gunicorn server.wsgi:app`."""

from server.app import create_app
from server.core.settings import load_settings

app = create_app(load_settings())
