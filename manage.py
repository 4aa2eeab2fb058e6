#!/usr/bin/env python
"""Django's command line, on the development settings unless told otherwise."""

import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from movie_recommendation_backend.settings.env import choose_settings

if __name__ == "__main__":
    choose_settings("development")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"Configuration error: {error}")
