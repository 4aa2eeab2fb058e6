import pytest
from django.core.management import CommandError, call_command

from movie_recommendation_backend.tests.serving import served

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with served(tmp_path_factory.mktemp("smoke")) as running:
        yield running.url


def test_a_working_site_passes(site, capsys, tmp_path):
    call_command("smoke_test", base_url=site)
    out = capsys.readouterr().out
    assert out.splitlines()[-1] == "All 20 checks passed."
    assert "✓ the five lists: add, list, library, remove" in out
    assert "✗" not in out


def test_read_only_creates_no_account(site, capsys):
    call_command("smoke_test", base_url=f"{site}/", read_only=True)
    out = capsys.readouterr().out
    assert out.splitlines()[-1] == "All 14 checks passed."
    assert "register" not in out


def test_a_site_that_does_not_respond_fails(capsys):
    with pytest.raises(CommandError, match="20 of 20 checks failed"):
        call_command("smoke_test", base_url="http://127.0.0.1:9")
    assert (
        "✗ the process responds: GET /api/health/live/: ConnectionError" in capsys.readouterr().out
    )


def test_another_server_fails(standin, capsys):
    with pytest.raises(CommandError, match="checks failed"):
        call_command("smoke_test", base_url=standin.url, read_only=True)
    assert "✓" not in capsys.readouterr().out
