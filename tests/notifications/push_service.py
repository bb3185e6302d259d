"""A push service as RFC 8030 describes it, over real TLS, and browsers that decrypt what it carries.

Decryption (RFC 8188 and 8291) and the check of the server's signature (RFC 8292) are written here from
the documents alone, so that they share no code with what they test.
"""

import base64
import json
import socket
import ssl
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

CREATED = 201
# No answer at all: the connection is closed.
HANG_UP = 0


def unpadded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def padded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Answer:
    status: int = CREATED
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    delay: float = 0


@dataclass
class Received:
    path: str
    headers: dict[str, str]
    body: bytes
    at: float


class PushService:
    """Answers 201 unless told otherwise, once per `answers` entry of a path."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self.received: list[Received] = []
        self.answers: dict[str, list[Answer]] = defaultdict(list)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._stopping = threading.Event()
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self._server.server_port}"

    def forget(self) -> None:
        self.received.clear()
        self.answers.clear()

    def stop(self) -> None:
        self._stopping.set()
        self._server.shutdown()
        self._server.server_close()

    def _handler(service) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                body = self.rfile.read(length)
                if len(body) < length:
                    # Whoever sent it was killed in the middle of it.
                    return
                headers = {name.lower(): value for name, value in self.headers.items()}
                service.received.append(Received(self.path, headers, body, time.monotonic()))
                waiting = service.answers[self.path]
                answer = waiting.pop(0) if waiting else Answer()
                service._stopping.wait(answer.delay)
                if answer.status == HANG_UP:
                    self.close_connection = True
                    return
                with suppress(OSError):
                    self._say(answer)

            def _say(self, answer: Answer) -> None:
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                self.wfile.write(answer.body)

            def log_message(self, *_arguments: Any) -> None: ...

        return Handler


class Browser:
    """What a browser keeps of a subscription; only it can read what is sent."""

    def __init__(self, service: PushService, name: str) -> None:
        self.service, self.path = service, f"/push/{name}"
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._auth = b"sixteen octets.."
        self.point = self._key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )

    @property
    def endpoint(self) -> str:
        return f"{self.service.url}{self.path}"

    @property
    def keys(self) -> dict[str, str]:
        return {"p256dh": unpadded(self.point), "auth": unpadded(self._auth)}

    def answers(self, *answers: Answer) -> None:
        self.service.answers[self.path] += answers

    @property
    def received(self) -> list[Received]:
        return [each for each in self.service.received if each.path == self.path]

    @property
    def shown(self) -> list[dict[str, Any]]:
        return [json.loads(self.decrypt(each.body)) for each in self.received]

    def decrypt(self, body: bytes) -> bytes:
        """RFC 8188, one record; the keys as RFC 8291 derives them."""
        salt, key_length = body[:16], body[20]
        server_point, record = body[21 : 21 + key_length], body[21 + key_length :]
        server_key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), server_point)
        shared = self._key.exchange(ec.ECDH(), server_key)
        secret = derive(shared, self._auth, b"WebPush: info\0" + self.point + server_point, 32)
        key = derive(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
        nonce = derive(secret, salt, b"Content-Encoding: nonce\0", 12)
        text, delimiter, _padding = AESGCM(key).decrypt(nonce, record, None).rpartition(b"\x02")
        assert delimiter, "the last record ends with its delimiter"
        return text


def derive(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)


def verified_claims(authorization: str, *, public_key: str) -> dict[str, Any]:
    """RFC 8292: signed by the key that the browser subscribed with, and by no other."""
    scheme, _, rest = authorization.partition(" ")
    assert scheme == "vapid"
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    assert parts["k"] == public_key
    header, claims, signature = parts["t"].split(".")
    assert json.loads(padded(header))["alg"] == "ES256"
    raw = padded(signature)
    number = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), padded(parts["k"]))
    key.verify(number, f"{header}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
    found: dict[str, Any] = json.loads(padded(claims))
    return found


# --- TLS ---------------------------------------------------------------------------------------


@contextmanager
def push_service(directory: Path) -> Iterator[PushService]:
    """`directory/ca.pem` is whom to trust."""
    service = PushService(tls_context(directory))
    try:
        yield service
    finally:
        service.stop()


def tls_context(directory: Path, *protocols: str) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Push service of the tests")])
    now = datetime.now(UTC)
    addresses = [x509.IPAddress(ip_address("127.0.0.1")), x509.DNSName("localhost")]
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(addresses), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    authority, private = directory / "ca.pem", directory / "key.pem"
    authority.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority, private)
    if protocols:
        context.set_alpn_protocols(list(protocols))
    return context


def closed_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
