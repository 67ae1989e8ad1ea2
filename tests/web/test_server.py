"""The command that serves, as somebody meets it: one line of address, one link, no trace."""

from __future__ import annotations

import logging
import os
import re
import signal
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import httpx
import pytest
from click.testing import CliRunner

from toward.catalogue import words
from toward.cli import COMMANDS, group
from toward.errors import Misconfigured
from toward.web.server import QuietFormatter, Serving, check, listen, own_address, say_setup_link

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SECRET = "a-secret-path"


class Home:
    """A server started by the command, with everything it said."""

    def __init__(self, folder: Path, *options: str) -> None:
        command = [sys.executable, "-m", "toward", "serve", "--port", "0", "--data", str(folder), *options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        assert self.process.stdout is not None
        self.said = self.process.stdout.readline()
        self.address = self.said.strip()
        while True:  # the socket listens only when the app does
            try:
                httpx.get(self.address + "/offline")
                return
            except httpx.HTTPError:
                assert self.process.poll() is None, self.rest()
                time.sleep(0.02)

    def rest(self) -> str:
        """Stop it, and return what else it has said."""
        self.process.send_signal(signal.SIGTERM)
        out, _ = self.process.communicate(timeout=20)
        return out


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Callable[..., Home]]:
    """Starts servers, and stops those that still run."""
    started: list[Home] = []

    def start(*options: str) -> Home:
        started.append(Home(tmp_path / "data", *options))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.rest()


def test_an_empty_house_prints_its_address_and_a_link_that_opens(home: Callable[..., Home], tmp_path: Path) -> None:
    """One address, one link, and how phones get in; all files for this user only; and not a word more.

    No square: a phone that read this machine's own address from it would find only itself.
    """
    server = home()
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+\n", server.said)
    with httpx.Client(headers={"user-agent": SECRET, "referer": f"http://x/{SECRET}"}) as browser:
        browser.get(f"{server.address}/{SECRET}")
        browser.post(f"{server.address}/start", data={"words": SECRET})
    said = server.rest()
    link = re.search(rf"{re.escape(server.address)}/setup/\S+", said)
    assert link
    assert "▄" not in said
    assert words("web.terminal.phones") in said
    assert SECRET not in said
    assert said.count("\n") < 30
    assert all(path.stat().st_mode & 0o077 == 0 for path in [tmp_path / "data", *(tmp_path / "data").rglob("*")])


def test_a_link_that_phones_can_reach_has_a_square() -> None:
    """In the home network the link is printed to be read by a camera as well."""
    said: list[str] = []
    say_setup_link("https://toward.local:8787/setup/abc", said.append)
    assert "▄" in said[-1]
    assert words("web.terminal.setup") in said


def test_the_link_opens_once_the_server_has_started_again(home: Callable[..., Home]) -> None:
    """Each start prints a fresh link while nobody lives there, and only the last one opens."""
    first = home()
    old = re.search(r"/setup/\S+", first.rest())
    second = home()
    assert old
    assert httpx.get(second.address + old[0]).status_code == 410
    assert second.process.stdout is not None
    _, link = second.process.stdout.readline(), second.process.stdout.readline().strip()
    opened = httpx.get(link)
    assert opened.status_code == 303
    assert opened.headers["location"] == "/start"
    assert "toward-setup=" in opened.headers["set-cookie"]


def test_two_workers_need_nats(tmp_path: Path) -> None:
    """What can't work is said before anything is opened, in one line and with the way out."""
    result = CliRunner().invoke(group, ["serve", "--workers", "2", "--data", str(tmp_path / "data")])
    assert result.exit_code == 1
    assert "--nats" in result.output
    assert result.output.count("\n") == 1
    assert not (tmp_path / "data").exists()


def test_a_taken_port_is_said_in_a_sentence() -> None:
    """With the option that helps."""
    with listen("127.0.0.1", 0) as taken:
        taken.listen()
        with pytest.raises(Misconfigured, match="--port"):
            listen("127.0.0.1", taken.getsockname()[1])


@pytest.mark.parametrize("address", ["home.example", "ftp://home.example"])
def test_a_public_address_is_a_whole_one(address: str) -> None:
    """A name alone would not say whether cookies may be Secure."""
    with pytest.raises(Misconfigured, match="public-url"):
        check(Serving(public_url=address))


def test_what_people_may_call_this_server() -> None:
    """The names given, the address listened on, the public name; never a wildcard."""
    serving = Serving(host="0.0.0.0", names=("Toward.local",), public_url="https://home.example:444/")  # noqa: S104
    assert serving.settings.hosts == {"toward.local", "home.example"}
    assert serving.settings.https
    assert Serving(host="10.0.0.7").settings.hosts == {"10.0.0.7"}
    assert Serving().settings.hosts == set()


def test_the_address_to_open_is_one_that_can_be_opened() -> None:
    """Never a wildcard; an IPv6 address in its brackets."""
    assert "0.0.0.0" not in own_address("0.0.0.0", 80)  # noqa: S104
    assert own_address("::1", 80) == "http://[::1]:80"


def test_a_log_line_of_a_library_says_who_and_what_and_nothing_else() -> None:
    """Its message and traceback stay out; our own lines are ours to keep clean."""
    error = (RuntimeError, RuntimeError(SECRET), None)
    theirs = logging.LogRecord("asyncio", logging.ERROR, "f", 1, "lost %s", (SECRET,), error)
    assert QuietFormatter().format(theirs) == "error in asyncio: RuntimeError"
    ours = logging.LogRecord("toward.web", logging.ERROR, "f", 1, "error %s", ("x1",), None)
    assert QuietFormatter().format(ours) == "error error x1"


def test_every_command_has_help() -> None:
    """The overview names each, and each explains its options, without starting anything."""
    overview = CliRunner().invoke(group, ["--help"])
    assert overview.exit_code == 0
    for name, sentence in COMMANDS.items():
        assert f"{name}  " in overview.output
        assert sentence in overview.output
        assert CliRunner().invoke(group, [name, "--help"]).exit_code == 0
    assert CliRunner().invoke(group, ["nothing"]).exit_code == 2


def test_the_overview_imports_no_server() -> None:
    """Asking for help starts neither Starlette nor the database."""
    code = "import sys; from toward.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass\n"
    code += "print(sorted({'starlette', 'sqlalchemy', 'uvicorn', 'jinja2', 'nacl', 'msgspec'} & set(sys.modules)))"
    out = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, env=dict(os.environ))
    assert out.stdout.splitlines()[-1] == "[]"


def test_several_workers_answer_as_one(home: Callable[..., Home], nats_url: str) -> None:
    """Two processes, one address; both stop when told to."""
    server = home("--workers", "2", "--nats", nats_url)
    assert {httpx.get(server.address + "/offline").status_code for _ in range(8)} == {200}
    server.rest()
    assert server.process.returncode == 0
    port = int(server.address.rpartition(":")[2])
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0
