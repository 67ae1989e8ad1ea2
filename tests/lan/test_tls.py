"""Certificates that change under a running server, and somebody's own ones."""

from __future__ import annotations

import pickle
import socket
import ssl
import threading
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from tests.lan.chains import NAME, NOW, house_with_a_key, written
from toward.errors import Misconfigured
from toward.web.lan import HouseTls, OwnTls
from toward.web.lan.keeping import Certificates
from toward.web.lan.tls import Chain, Renewing
from toward.web.server import Serving, check, config, own_address

if TYPE_CHECKING:
    from collections.abc import Callable

    from uvicorn import Config

HOUSE = house_with_a_key()


class Pair(NamedTuple):
    """Somebody's own certificate and key."""

    certificate: Path
    key: Path

    @property
    def tls(self) -> OwnTls:
        """What the server makes of it."""
        return OwnTls(str(self.certificate), str(self.key))

    def renew(self, *names: str) -> None:
        """Put a new certificate where the old one was."""
        pem = HOUSE.leaf(*names)
        written(self.key, pem[: pem.index(b"-----BEGIN CERTIFICATE")])
        written(self.certificate, pem[pem.index(b"-----BEGIN CERTIFICATE") :])


@pytest.fixture
def pair(tmp_path: Path) -> Pair:
    """A certificate for one name."""
    made = Pair(tmp_path / "cert.pem", tmp_path / "key.pem")
    made.renew(NAME)
    return made


def shown(context: ssl.SSLContext, name: str | None = NAME) -> list[str]:
    """The names of the certificate that a visitor who asks for *name* is shown, by a real handshake."""
    ours, theirs = socket.socketpair()

    def serve() -> None:
        with context.wrap_socket(ours, server_side=True) as connection:
            connection.recv(1)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    visitor = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    visitor.check_hostname = False
    visitor.verify_mode = ssl.CERT_NONE
    with visitor.wrap_socket(theirs, server_hostname=name) as connection:
        der = connection.getpeercert(binary_form=True)
        connection.send(b".")
    thread.join(5)
    assert der
    names = x509.load_der_x509_certificate(der).extensions.get_extension_for_class(x509.SubjectAlternativeName)
    return names.value.get_values_for_type(x509.DNSName)


def context_of(make: Callable[..., ssl.SSLContext]) -> ssl.SSLContext:
    """The context that uvicorn would listen with."""
    return make(None, None)


def test_a_renewed_file_is_shown_at_the_next_handshake(pair: Pair) -> None:
    """Without a restart, also to visitors who name nobody; and sessions under way are left alone."""
    context = context_of(pair.tls)
    assert shown(context) == [NAME]
    pair.renew("new.example")
    assert shown(context) == ["new.example"]
    assert shown(context, None) == ["new.example"]


def test_half_a_renewal_shows_the_last_good_one(pair: Pair, caplog: pytest.LogCaptureFixture) -> None:
    """A new certificate whose key has not come yet, a file that is gone for a moment; then the new one."""
    context = context_of(pair.tls)
    old_key = pair.key.read_bytes()
    pair.renew("new.example")
    new_key = pair.key.read_bytes()
    written(pair.key, old_key)
    assert shown(context) == [NAME]
    pair.key.unlink()
    assert shown(context) == [NAME]
    assert "can't be used yet" in caplog.text
    written(pair.key, new_key)
    assert shown(context) == ["new.example"]


def test_the_house_shows_next_years_certificate_in_time(tmp_path: Path) -> None:
    """A server that runs for years shows each year's own."""
    kept = Certificates.open(tmp_path, NAME, [], NOW)
    now = [NOW]
    serials = []

    def find() -> Chain:
        path = kept.today(now[0])
        return Chain(path, path, ())

    renewing = Renewing(find)
    for _ in range(3):
        serials.append(renewing.current())
        now[0] += timedelta(days=366)
    assert len({id(context) for context in serials}) == 3
    assert shown(context_of(HouseTls(str(tmp_path)))) == [NAME]


def test_old_protocols_are_refused(pair: Pair) -> None:
    """Nothing below TLS 1.2."""
    assert context_of(pair.tls).minimum_version == ssl.TLSVersion.TLSv1_2


def test_own_names_are_read_from_the_certificate(pair: Pair) -> None:
    """They are hosts of this server and its address; a wildcard is no name to print."""
    pair.renew(NAME, "home.example", "*.home.example")
    serving = Serving(cert=str(pair.certificate), key=str(pair.key))
    assert serving.settings.hosts == {NAME, "home.example"}
    assert own_address("127.0.0.1", 1, serving.tls) == "https://home.example:1"
    assert config("x:y", serving.tls).is_ssl
    assert not config("x:y").is_ssl


def test_files_that_do_not_belong_together_are_said_in_a_sentence(pair: Pair, tmp_path: Path) -> None:
    """Before anything is served."""
    other = Pair(tmp_path / "other.pem", tmp_path / "other-key.pem")
    other.renew("other.example")
    with pytest.raises(Misconfigured, match="belong together"):
        OwnTls(str(pair.certificate), str(other.key)).names()
    with pytest.raises(Misconfigured, match="belong together"):
        OwnTls(str(tmp_path / "nothing.pem"), str(other.key)).names()


def test_a_certificate_without_names_serves_the_names_that_are_given(tmp_path: Path) -> None:
    """What it lists nowhere can't be guessed."""
    root = HOUSE.certificate.public_bytes(serialization.Encoding.PEM)
    key = HOUSE.key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    tls = OwnTls(str(written(tmp_path / "c.pem", root)), str(written(tmp_path / "k.pem", key)))
    assert tls.names() == set()
    assert own_address("127.0.0.1", 1, tls) == "https://127.0.0.1:1"


def test_each_of_several_workers_gets_its_context(pair: Pair) -> None:
    """What the settings hold can be sent to another process, and makes the same certificate there."""
    for tls in (pair.tls, HouseTls("/a/folder")):
        sent: Config = pickle.loads(pickle.dumps(config("toward.web.server:worker_app", tls)))  # noqa: S301 - our own
        assert sent.ssl_context_factory == tls
    assert shown(context_of(pickle.loads(pickle.dumps(pair.tls)))) == [NAME]  # noqa: S301 - our own


@pytest.mark.parametrize(
    "serving",
    [
        Serving(cert="cert.pem"),
        Serving(key="key.pem"),
        Serving(lan=True, cert="cert.pem", key="key.pem"),
        Serving(lan=True, public_url="https://home.example"),
        Serving(lan=True, lan_name="two words"),
        Serving(lan=True, lan_name="-"),
        Serving(lan_name="a.b"),
    ],
)
def test_what_can_not_go_together_is_said_first(serving: Serving) -> None:
    """With the option that is meant."""
    with pytest.raises(Misconfigured, match="--"):
        check(serving)
