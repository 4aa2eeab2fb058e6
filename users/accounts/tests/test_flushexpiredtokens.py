from datetime import timedelta

import time_machine
from django.core.management import call_command
from django.utils import timezone

from users.models import BlacklistedToken


def test_only_expired_ones_are_deleted(ada, capsys):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        ada.take(ada.post("auth/refresh/", {"refresh": ada.refresh}))
        clock.shift(timedelta(days=13))
        ada.login()
        ada.post("auth/logout/", {"refresh": ada.refresh})
        call_command("flushexpiredtokens")
        assert BlacklistedToken.objects.count() == 2
        clock.shift(timedelta(days=2))
        call_command("flushexpiredtokens")
    assert BlacklistedToken.objects.get().reason == "logged_out"
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "0 expired tokens deleted.",
        "1 expired tokens deleted.",
    ]
