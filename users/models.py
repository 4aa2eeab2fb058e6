"""Accounts."""

from django.contrib.auth.models import AbstractUser
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower


class User(AbstractUser):
    """A person's account; no two differ only by the case of their name or e-mail address."""

    username = models.CharField(
        max_length=30,
        unique=True,
        validators=[
            RegexValidator(
                r"\A[\w.-]{3,30}\Z",
                "A username has 3 to 30 letters, digits, dots, hyphens and underscores.",
            )
        ],
    )
    email = models.EmailField(max_length=254, blank=True)
    # Every token carries the number that stood here when it was made; counting it up ends
    # all of the user's sessions at once.
    token_version = models.PositiveIntegerField(default=0)

    class Meta(AbstractUser.Meta):
        constraints = [
            models.UniqueConstraint(
                Lower("username"),
                name="unique_username_ignoring_case",
                violation_error_message="This username is taken.",
            ),
            models.UniqueConstraint(
                Lower("email"),
                # Administrators made on the command line may have none.
                condition=~models.Q(email=""),
                name="unique_email_ignoring_case",
                violation_error_message="This e-mail address is taken.",
            ),
        ]
