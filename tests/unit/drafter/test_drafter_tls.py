"""Endpoints behind https, with certificates made for the test, and by way of a proxy."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from tests.drafters import Stub, completion, draft, stub_server

from alliance_nlp.core.errors import DrafterError
from alliance_nlp.drafter import DraftRequest, Endpoint, ExtractedSentence, SourcePassage, ask

TEXT = "The frigate Hatsukaze left Maizuru for a joint drill with two American destroyers."
REQUEST = DraftRequest(
    headline="Frigate Leaves Maizuru for Joint Drill",
    sentences=(ExtractedSentence(text=TEXT, passage_ids=("p1",)),),
    passages=(SourcePassage(id="p1", text=TEXT),),
)
GOOD = completion(draft((TEXT, ["p1"])))


@dataclass(frozen=True)
class Identity:
    context: ssl.SSLContext
    ca_file: Path


def identity(folder: Path, *, name: str = "127.0.0.1", days: int = 2) -> Identity:
    """Make a certificate that signs for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "stub")])
    alternative: x509.GeneralName
    try:
        alternative = x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        alternative = x509.DNSName(name)
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=4))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, secret = folder / "stub.pem", folder / "stub.key"
    pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, secret)
    return Identity(context, pem)


def at(stub: Stub, **changes: str) -> Endpoint:
    url = stub.url.replace("http:", "https:")
    return Endpoint(url=url, model="m", timeout_s=5.0, **changes)


def test_server_is_trusted_by_the_named_authority(tmp_path: Path) -> None:
    own = identity(tmp_path)
    with stub_server(GOOD, context=own.context) as stub:
        assert ask(at(stub, ca_file=str(own.ca_file)), REQUEST).sentences


def test_server_that_signs_for_itself_is_not_trusted(tmp_path: Path) -> None:
    with (
        stub_server(GOOD, context=identity(tmp_path).context) as stub,
        pytest.raises(DrafterError, match=r"cannot be trusted.*ca_file") as caught,
    ):
        ask(at(stub, api_key="k"), REQUEST)
    assert caught.value.trouble == "tls"
    assert stub.asked == []


@pytest.mark.parametrize(("name", "days"), [("other.example", 2), ("127.0.0.1", -1)])
def test_wrong_name_or_past_certificate_is_not_trusted(
    tmp_path: Path, name: str, days: int
) -> None:
    own = identity(tmp_path, name=name, days=days)
    with stub_server(GOOD, context=own.context) as stub, pytest.raises(DrafterError) as caught:
        ask(at(stub, ca_file=str(own.ca_file)), REQUEST)
    assert caught.value.trouble == "tls"


def test_plain_server_behind_https_is_a_tls_trouble() -> None:
    with stub_server(GOOD) as stub, pytest.raises(DrafterError) as caught:
        ask(at(stub), REQUEST)
    assert caught.value.trouble in ("tls", "broken-off")


def test_missing_authority_is_named(tmp_path: Path) -> None:
    with stub_server(GOOD) as stub, pytest.raises(DrafterError, match=r"gone\.pem"):
        ask(at(stub, ca_file=str(tmp_path / "gone.pem")), REQUEST)


@contextmanager
def proxy(answer: bytes = b"HTTP/1.1 200 OK\r\n\r\n") -> Iterator[tuple[str, list[bytes]]]:
    """Tunnel one connection to where it asks to go."""
    heads: list[bytes] = []

    def pump(source: socket.socket, target: socket.socket) -> None:
        try:
            while piece := source.recv(65_536):
                target.sendall(piece)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            return

    def tunnel(listening: socket.socket) -> None:
        peer, _ = listening.accept()
        with peer:
            head = b""
            while not head.endswith(b"\r\n\r\n"):
                head += peer.recv(1)
            heads.append(head)
            peer.sendall(answer)
            if b" 200 " not in answer:
                return
            host, port = head.split()[1].decode().rsplit(":", 1)
            with socket.create_connection((host, int(port))) as onward:
                back = threading.Thread(target=pump, args=(onward, peer), daemon=True)
                back.start()
                pump(peer, onward)
                back.join(5)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(5)
        thread = threading.Thread(target=tunnel, args=(listening,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}", heads
        thread.join(5)


def test_configured_proxy_sees_the_host_and_not_the_key(tmp_path: Path) -> None:
    own = identity(tmp_path)
    with stub_server(GOOD, context=own.context) as stub, proxy() as (url, heads):
        asked = at(stub, ca_file=str(own.ca_file), proxy=url, api_key="sk-proxied")
        assert ask(asked, REQUEST).sentences
    assert heads[0].startswith(f"CONNECT 127.0.0.1:{stub.port} ".encode())
    assert b"sk-proxied" not in heads[0]
    assert stub.asked[0][1]["authorization"] == "Bearer sk-proxied"


def test_proxy_that_refuses_is_named() -> None:
    with (
        proxy(b"HTTP/1.1 403 Forbidden\r\n\r\n") as (url, _),
        pytest.raises(DrafterError, match=r"digest\.drafter\.proxy") as caught,
    ):
        ask(Endpoint(url="https://models.example/v1", model="m", proxy=url), REQUEST)
    assert caught.value.trouble == "unreachable"
