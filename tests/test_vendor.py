"""What others made and we serve: every file is listed, unchanged, licensed and small."""

from __future__ import annotations

import base64
import hashlib
import tomllib
from pathlib import Path

import pytest

VENDOR = Path(__file__).parents[1] / "src" / "toward" / "web" / "static" / "vendor"
FILES: list[dict[str, str]] = tomllib.loads((VENDOR / "manifest.toml").read_text(encoding="utf-8"))["file"]
UPRIGHT_BUDGET_BYTES = 90_000


@pytest.mark.parametrize("file", FILES, ids=lambda file: file["path"])
def test_a_vendored_file_is_what_the_manifest_says(file: dict[str, str]) -> None:
    """The hash is the one written down when the file was brought in, so a later change can't pass unseen."""
    digest = hashlib.sha384((VENDOR / file["path"]).read_bytes()).digest()
    assert file["sha384"] == "sha384-" + base64.b64encode(digest).decode()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file["path"])
def test_a_vendored_file_says_where_it_comes_from(file: dict[str, str]) -> None:
    """Name, version, source and licence are given, and the licence lies beside the file."""
    assert all(file[key] for key in ("name", "version", "package", "source", "licence"))
    licence = (VENDOR / file["licence_file"]).read_text(encoding="utf-8")
    assert "Copyright" in licence or "dedicate any and all copyright interest" in licence


def test_nothing_is_vendored_without_being_listed() -> None:
    """Each file under vendor/ is in the manifest, or is the licence of one that is."""
    listed = {file["path"] for file in FILES} | {file["licence_file"] for file in FILES} | {"manifest.toml"}
    assert {path.relative_to(VENDOR).as_posix() for path in VENDOR.rglob("*") if path.is_file()} == listed


def test_the_two_upright_faces_are_cheap_on_a_phone() -> None:
    """What is preloaded on every first visit stays within its budget."""
    upright = [VENDOR / file["path"] for file in FILES if file["source"].endswith("-normal.woff2")]
    assert len(upright) == 2
    assert sum(path.stat().st_size for path in upright) <= UPRIGHT_BUDGET_BYTES
