"""Keep what TMDb answered in the database, without letting a failing database cost the answer."""

import logging
from collections.abc import Callable
from typing import ParamSpec

from django.db import Error as DatabaseError

logger = logging.getLogger(__name__)

P = ParamSpec("P")


def try_to_store(save: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> None:
    """Call `save`; log a database that fails."""
    try:
        save(*args, **kwargs)
    except DatabaseError as error:
        logger.warning("Could not store movies: %s", type(error).__name__)
