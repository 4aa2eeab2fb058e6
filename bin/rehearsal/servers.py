"""Temporary PostgreSQL, Redis and nginx servers, on free loopback ports."""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from redis import Redis
from redis.exceptions import RedisError

from . import free_port

HOST = "127.0.0.1"
STARTED_WITHIN = 20  # seconds


@dataclass(frozen=True)
class Certificate:
    """A self-signed certificate for loopback, and its key."""

    path: Path
    key: Path


def certificate(folder: Path) -> Certificate:
    """Create a certificate in `folder`, valid for one day."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    names = [x509.DNSName("localhost"), x509.IPAddress(ip_address(HOST))]
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(issuer_name=name, subject_name=name, public_key=key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    result = Certificate(folder / "certificate.pem", folder / "key.pem")
    result.path.write_bytes(made.public_bytes(pem))
    result.key.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    result.key.chmod(0o600)
    return result


def postgres_programs() -> Path | None:
    """Return the folder of the PostgreSQL server programs, the newest if there are several."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    if found:
        return found[-1].parent
    elsewhere = shutil.which("pg_ctl")
    return Path(elsewhere).resolve().parent if elsewhere else None


@dataclass(frozen=True)
class Postgres:
    port: int
    programs: Path

    def url(self, database: str) -> str:
        return f"postgres://postgres@{HOST}:{self.port}/{database}"

    def run(self, program: str, *arguments: str) -> None:
        """Run a PostgreSQL client program on this server."""
        where = ["--host", HOST, "--port", str(self.port), "--username", "postgres"]
        subprocess.run([self.programs / program, *where, *arguments], check=True)


@contextmanager
def postgres(folder: Path, tls: Certificate | None = None) -> Iterator[Postgres]:
    """Create a cluster in `folder`, which must not exist, and serve it; with `tls`, TLS only."""
    programs, port = postgres_programs(), free_port()
    folder.mkdir()
    # The server programs refuse to run as root.
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    options = [f"-p {port}", f"-c listen_addresses={HOST}", f"-c unix_socket_directories={folder}"]
    if tls:
        own = [Path(shutil.copy2(file, folder / file.name)) for file in (tls.path, tls.key)]
        options += ["-c ssl=on", f"-c ssl_cert_file={own[0]}", f"-c ssl_key_file={own[1]}"]
    if as_user:
        for file in (folder, *folder.iterdir()):
            shutil.chown(file, "postgres")
    data, log = folder / "data", folder / "log"

    def run(program: str, *arguments: str) -> None:
        command = [*as_user, str(programs / program), "-D", str(data), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder)

    run("initdb", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-sync")
    if tls:
        rules = data / "pg_hba.conf"
        rules.write_text(re.sub(r"^host ", "hostssl ", rules.read_text(), flags=re.MULTILINE))
    run("pg_ctl", "-w", "-l", str(log), "-o", " ".join(options), "start")
    try:
        yield Postgres(port, programs)
    finally:
        run("pg_ctl", "-w", "-m", "immediate", "stop")


@contextmanager
def redis(folder: Path, tls: Certificate | None = None) -> Iterator[str]:
    """Start a redis-server and yield its URL; with `tls`, TLS only."""
    port = free_port()
    listen = ["--port", str(port)]
    url = f"redis://{HOST}:{port}/0"
    if tls:
        listen = ["--port", "0", "--tls-port", str(port), "--tls-auth-clients", "no"]
        listen += ["--tls-cert-file", str(tls.path), "--tls-key-file", str(tls.key)]
        url = f"rediss://{HOST}:{port}/0"
    command = ["redis-server", *listen, "--bind", HOST, "--save", "", "--dir", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            wait_for_redis(url, tls)
            yield url
        finally:
            process.terminate()


def wait_for_redis(url: str, tls: Certificate | None) -> None:
    connection = Redis.from_url(url, **({"ssl_ca_certs": str(tls.path)} if tls else {}))
    deadline = time.monotonic() + STARTED_WITHIN
    while True:
        try:
            connection.ping()
            return
        except RedisError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        finally:
            connection.close()


@dataclass(frozen=True)
class Nginx:
    http: int
    https: int
    log: Path


@contextmanager
def nginx(folder: Path, site: Path, api_port: int, tls: Certificate) -> Iterator[Nginx]:
    """Run nginx with `site`, the configuration from the deployment guide, on free ports."""
    server = Nginx(free_port(), free_port(), folder / "nginx.log")
    text = site.read_text()
    for written, ours in (
        (r"server 127\.0\.0\.1:8000;", f"server {HOST}:{api_port};"),
        (r"listen \[::\]:\d+.*;", ""),
        (r"listen 80;", f"listen {HOST}:{server.http};"),
        (r"listen 443 ", f"listen {HOST}:{server.https} "),
        (r"server_name films\.example;", f"server_name {HOST};"),
        (r"/etc/letsencrypt/live/films\.example/fullchain\.pem", str(tls.path)),
        (r"/etc/letsencrypt/live/films\.example/privkey\.pem", str(tls.key)),
    ):
        text, count = re.subn(written, ours, text)
        if not count:
            raise ValueError(f"{site} no longer contains {written}")
    (folder / "site.conf").write_text(text)
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder, log=server.log))
    command = ["nginx", "-p", str(folder), "-e", str(server.log), "-c", str(folder / "nginx.conf")]
    with subprocess.Popen(command) as process:
        try:
            yield server
        finally:
            process.terminate()


# The main nginx.conf, which a distribution would provide.
MAIN = """
daemon off;
pid {folder}/nginx.pid;
error_log {log} warn;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {folder}/bodies;
    proxy_temp_path {folder}/proxied;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""
