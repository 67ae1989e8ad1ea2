"""A real browser decides: it takes the house it was told to trust, and no other name from the same hand."""

from __future__ import annotations

import hashlib
import re
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, NamedTuple

import httpx
import pytest

from tests.lan.chains import NAME, house_with_a_key, without_constraints
from tests.lan.doors import browser_that_trusts, door, opened

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

OTHERS = ["other.local", "phone.local", "bank.example", "8.8.8.8"]


class Served(NamedTuple):
    """A house that was started by the command, and what its terminal shows."""

    address: str
    trust: str
    fingerprint: str
    setup: str


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """``toward serve --lan``, in a folder of its own."""
    folder = tmp_path_factory.mktemp("lan")
    command = [
        sys.executable,
        "-m",
        "toward",
        "serve",
        "--lan",
        "--port",
        "0",
        "--trust-port",
        "0",
        "--data",
        str(folder),
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout is not None
    said = ""
    while "/setup/" not in said:
        line = process.stdout.readline()
        assert line, said
        said += line
    address, setup = (re.search(pattern, said) for pattern in (r"https://toward\.local:\d+", r"https://\S+/setup/\S+"))
    trust = re.search(r"http://\S+:(\d+)/", said)
    fingerprint = re.search(r"(?:[0-9A-F]{2}\s){31}[0-9A-F]{2}", said)
    assert address
    assert setup
    assert trust
    assert fingerprint
    served = Served(address[0], f"http://127.0.0.1:{trust[1]}/", fingerprint[0].replace("\n", " "), setup[0])
    until = time.monotonic() + 20
    while True:
        try:
            httpx.get(served.trust)
            break
        except httpx.HTTPError:
            assert time.monotonic() < until, "the page for new phones does not answer"
            time.sleep(0.05)
    yield served
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)
    assert process.returncode in {0, -signal.SIGTERM}


def test_a_phone_that_learned_to_trust_opens_the_house(served: Served, chromium: Browser, tmp_path: Path) -> None:
    """The whole way: the certificate from the open page, compared with the terminal, trusted, and the setup link."""
    authority = httpx.get(f"{served.trust}toward.crt").content
    digits = hashlib.sha256(authority).hexdigest().upper()
    assert " ".join(re.findall("..", digits)) == served.fingerprint
    with browser_that_trusts(chromium, tmp_path / "phone", authority) as phone:
        page = phone.new_page()
        answer = page.goto(served.setup)
        assert answer is not None
        assert answer.ok
        assert page.url == f"{served.address}/start"
        assert page.evaluate("isSecureContext") is True
        cookies = page.context.cookies()
        assert "__Host-toward-setup" in {cookie.get("name") for cookie in cookies}
        assert all(cookie.get("secure") for cookie in cookies)


def test_a_phone_that_did_not_learn_it_refuses(served: Served, chromium: Browser, tmp_path: Path) -> None:
    """With the same browser, the same name and nothing in its store."""
    with browser_that_trusts(chromium, tmp_path / "phone", None) as phone:
        assert opened(phone, served.address) == "ERR_CERT_AUTHORITY_INVALID"


def test_chromium_refuses_the_authority_for_any_other_name(chromium: Browser, tmp_path: Path) -> None:
    """Signed by the very key that was destroyed in a real house: the name at home opens, nothing else does."""
    house = house_with_a_key()
    with browser_that_trusts(chromium, tmp_path / "phone", house.der) as phone:
        for name in (NAME, "10.1.2.3"):
            with door(tmp_path, house.leaf(name)) as port:
                assert opened(phone, f"https://{name}:{port}/") == "in", name
        for name in OTHERS:
            with door(tmp_path, house.leaf(name)) as port:
                assert opened(phone, f"https://{name}:{port}/").startswith("ERR_CERT_"), name


def test_it_is_the_constraint_that_refuses(chromium: Browser, tmp_path: Path) -> None:
    """The same certificates under the same authority without its constraints open: the test above can fail."""
    house = without_constraints(house_with_a_key())
    with browser_that_trusts(chromium, tmp_path / "phone", house.der) as phone:
        for name in OTHERS:
            with door(tmp_path, house.leaf(name)) as port:
                assert opened(phone, f"https://{name}:{port}/") == "in", name
