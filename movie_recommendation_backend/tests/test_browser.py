"""A page on another origin calls the API with `fetch`, in Chromium."""

import json
import re
import subprocess
import threading
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

pytestmark = pytest.mark.slow

PAGE = """<!doctype html><meta charset="utf-8"><pre id="out"></pre><script>
(async () => {
  const out = {};
  const paths = {catalogue: "/api/movies/trending/", other: "/api/nothing/"};
  for (const [name, path] of Object.entries(paths)) {
    try {
      const answer = await fetch("API" + path, {headers: {"X-Request-ID": "from-the-page"}});
      const body = await answer.json();
      out[name] = {status: answer.status, id: answer.headers.get("X-Request-ID"),
                   movies: (body.results || []).length};
    } catch (error) { out[name] = String(error); }
  }
  document.getElementById("out").textContent = JSON.stringify(out);
})();
</script>"""


@pytest.fixture
def page(live_server):
    """A page on another port, which is another origin."""
    body = PAGE.replace("API", live_server.url).encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


def seen_by(chromium: str, url: str, tmp_path) -> dict:
    finished = subprocess.run(
        [
            chromium,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            f"--user-data-dir={tmp_path}",
            "--virtual-time-budget=20000",
            "--dump-dom",
            url,
        ],
        capture_output=True,
        text=True,
        timeout=60,
    )
    (text,) = re.findall(r'<pre id="out">(.*?)</pre>', finished.stdout, re.DOTALL)
    return json.loads(unescape(text))


def test_a_page_of_another_origin_reads_the_catalogue_and_its_headers(chromium, page, tmp_path):
    seen = seen_by(chromium, page, tmp_path)
    assert seen["catalogue"] == {"status": 200, "id": "from-the-page", "movies": 20}
    assert seen["other"] == "TypeError: Failed to fetch"


def test_a_configured_origin_reads_everything(chromium, page, tmp_path, settings):
    settings.CORS_ALLOWED_ORIGINS = [page.rstrip("/")]
    seen = seen_by(chromium, page, tmp_path)
    assert seen["other"] == {"status": 404, "id": "from-the-page", "movies": 0}
