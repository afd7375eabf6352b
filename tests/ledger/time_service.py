"""A service of time stamps for tests: it stands for a real one, speaks RFC 3161 over HTTP and signs by openssl.

Its root, an authority under it, and its certificate are made for each run. What it must do wrong is told it by `mood`.
"""

import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

POLICY = "1.3.6.1.4.1.55555.1"
CONFIG = f"""
[tsa]
serial = serial
signer_digest = sha256
default_policy = {POLICY}
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
[picky]
serial = serial
signer_digest = sha256
default_policy = {POLICY}
digests = sha512
"""


def _certificate(folder: Path, name: str, *, by: str = "", is_authority: bool = True) -> None:
    """Write `name.key` and `name.pem`, signed by another of the folder or by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{name} of the tests")])
    now = datetime.now(UTC)
    issuer = x509.load_pem_x509_certificate((folder / f"{by}.pem").read_bytes()).subject if by else subject
    signer = _key(folder, by) if by else key
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
    )
    if not is_authority:
        made = made.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / f"{name}.key").write_bytes(pem)
    (folder / f"{name}.pem").write_bytes(made.sign(signer, SHA256()).public_bytes(Encoding.PEM))


def _key(folder: Path, name: str) -> ec.EllipticCurvePrivateKey:
    found = load_pem_private_key((folder / f"{name}.key").read_bytes(), password=None)
    assert isinstance(found, ec.EllipticCurvePrivateKey)
    return found


class TimeService:
    """A running service. mood: good, nonce, imprint, refused, garbage, empty, error, slow, endless, stranger."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.mood, self.asked = folder, "good", 0
        for name, by, is_authority in (
            ("root", "", True), ("middle", "root", True), ("service", "middle", False),
            ("other_root", "", True), ("stranger", "other_root", False),
        ):  # fmt: skip
            _certificate(folder, name, by=by, is_authority=is_authority)
        (folder / "openssl.cnf").write_text(CONFIG)
        (folder / "serial").write_text("01")
        self.url = ""

    @property
    def authority(self) -> str:
        """The file of the root that the service's certificates lead to."""
        return str(self.folder / "root.pem")

    def sign(self, query: bytes, *, signer: str = "service", section: str = "tsa") -> bytes:
        """Return the answer of openssl to a query, with the chain but its root."""
        (self.folder / "query").write_bytes(query)
        command = ["openssl", "ts", "-reply", "-queryfile", "query", "-config", "openssl.cnf", "-section", section]
        command += ["-signer", f"{signer}.pem", "-inkey", f"{signer}.key", "-chain", "middle.pem", "-out", "reply"]
        subprocess.run(command, cwd=self.folder, check=True, capture_output=True, timeout=30)
        return (self.folder / "reply").read_bytes()

    def answer(self, query: bytes) -> bytes:
        """Return what the service says to a query in its mood."""
        if self.mood == "nonce":
            # The nonce is the last number of a query but for the three bytes that ask for certificates.
            return self.sign(query[:-4] + bytes([query[-4] ^ 1]) + query[-3:])
        if self.mood == "imprint":
            digest = query[query.index(b"\x04\x20") + 2 :][:32]
            return self.sign(query.replace(digest, sha256(b"something else").digest()))
        if self.mood == "refused":
            return self.sign(query, section="picky")
        if self.mood == "stranger":
            return self.sign(query, signer="stranger")
        said = {
            "garbage": b"<html>Sign in to the network of the school</html>",
            "empty": b"",
            "endless": b"0" * 2_000_000,
        }
        return said[self.mood] if self.mood in said else self.sign(query)


class _Handler(BaseHTTPRequestHandler):
    service: TimeService

    def do_POST(self) -> None:
        service = self.service
        service.asked += 1
        query = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers["Content-Type"] != "application/timestamp-query" or service.mood == "error":
            self.send_error(503)
            return
        if service.mood == "slow":
            time.sleep(1)
        self.send_response(200)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.end_headers()
        self.wfile.write(service.answer(query))

    def log_message(self, *args: object) -> None:
        """Say nothing: a test tells what it must."""


class _Server(HTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hung up, as one that lost patience does, is no error of the service."""


@contextmanager
def running(folder: Path) -> Iterator[TimeService]:
    """Serve on a free port of this machine."""
    service = TimeService(folder)
    handler = type("Handler", (_Handler,), {"service": service})
    with _Server(("127.0.0.1", 0), handler) as server:
        service.url = f"http://127.0.0.1:{server.server_port}/tsr"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield service
        finally:
            server.shutdown()
            thread.join()
