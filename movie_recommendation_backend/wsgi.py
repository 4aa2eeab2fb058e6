"""The WSGI application that gunicorn serves."""

from django.core.wsgi import get_wsgi_application

from .settings.env import choose_settings

choose_settings("production")

application = get_wsgi_application()
