"""Files that hold nobody's words."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from tests.web.stand import FakeVault, app_of, browser
from toward.errors import NotFound
from toward.web.static_files import FOREVER, StaticFiles

if TYPE_CHECKING:
    from pathlib import Path


def test_every_file_is_served_and_kept_for_good() -> None:
    """With its type, without a session, compressed where that helps, and allowed to run or paint."""
    static = StaticFiles()
    client = browser(app_of(FakeVault()))
    assert "js/exit.js" in static.files
    for path, data in static.files.items():
        answer = client.get(static.url(path))
        assert answer.status_code == 200
        assert answer.content == data
        assert answer.headers["cache-control"] == FOREVER
        assert answer.headers["x-content-type-options"] == "nosniff"
        if path.endswith(".js"):
            assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
            assert answer.headers["content-encoding"] == "gzip"
            plain = client.get(static.url(path), headers={"accept-encoding": "identity"})
            assert "content-encoding" not in plain.headers
            assert plain.content == data
            assert plain.headers["vary"] == answer.headers["vary"] == "accept-encoding"


@pytest.mark.parametrize(
    "path", ["../settings.py", "%2e%2e/settings.py", "..%2fsettings.py", "js", "js/", "/etc/passwd", "nothing.js", ""]
)
def test_nothing_else_is(path: str) -> None:
    """No path leads out of the folder, and a folder is no file."""
    static = StaticFiles()
    client = browser(app_of(FakeVault()))
    assert client.get(f"/static/{static.fingerprint}/{path}").status_code == 404


def test_an_old_address_still_works_and_is_not_kept() -> None:
    """A page from before an update finds today's files."""
    answer = browser(app_of(FakeVault())).get("/static/000000000000/js/exit.js")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"


def test_any_change_is_a_new_address(tmp_path: Path) -> None:
    """In a file's bytes, its name, or the number of files; and nothing else is."""
    seen = set()
    for name, data in [("a.css", b"x"), ("a.css", b"y"), ("b.css", b"y"), ("c.css", b"")]:
        (tmp_path / name).write_bytes(data)
        seen.add(StaticFiles(tmp_path).fingerprint)
    assert len(seen) == 4
    (tmp_path / ".hidden").write_bytes(b"x")
    assert StaticFiles(tmp_path).fingerprint in seen


def test_a_template_can_not_name_a_file_that_is_not_there(tmp_path: Path) -> None:
    """A mistyped address is found when the page is written, and not when it is read."""
    (tmp_path / "a.css").write_bytes(b"x" * 1000)
    static = StaticFiles(tmp_path)
    with pytest.raises(NotFound):
        static.url("b.css")
    squeezed = static.file("a.css").squeezed
    assert squeezed is not None
    assert gzip.decompress(squeezed) == b"x" * 1000
