"""Rules of the whole house that no linter knows: what a file may say, how long it may be, what a page may hold.

Each rule is a function from a text to the lines that break it, and is first shown a text that does.
"""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[1]
LONGEST_MODULE_LINES = 400

# Written in pieces, so that this file keeps its own rules.
_FOLDERS = ("work", "farm", "root", "opt/wheels", "opt/pypi")
MACHINE_PATH = re.compile(rf"(?<![\w.-])/(?:{'|'.join(_FOLDERS)})/")
REGISTRY = re.compile("|".join(map(re.escape, ("pypi" + ".org", "python" + "hosted.org", "npm" + "js.org"))))
ADDRESS = re.compile(r"https?://|--(?:extra-)?index-url|--find-links")

INLINE = re.compile(
    r"""<[a-z][^<>]*\sstyle\s*=          # a style attribute
      | <[a-z][^<>]*\son[a-z]+\s*=       # an event handler
      | <style\b
      | <script(?![^>]*\ssrc\s*=)        # a script that doesn't come from a file
      | (?:href|src|action)\s*=\s*["']?\s*javascript:
      | <(?:script|link|img|iframe|audio|video|source)\b[^>]*(?:src|href)\s*=\s*["']?(?:https?:)?//  # from elsewhere
    """,
    re.IGNORECASE | re.VERBOSE,
)
UNSAFE_SCRIPT = re.compile(
    r"""\beval\s*\( | \bnew\s+Function\b | \.(?:inner|outer)HTML\b | insertAdjacentHTML | document\.write
      | setAttribute\(\s*["'](?:style|on\w+)["'] | \.cssText\b""",
    re.VERBOSE,
)
_JINJA_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
_HTML_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


def files(pattern: str = "*") -> list[Path]:
    """What the repository holds and still has on disk, by name or by path from its root."""
    # The clone may belong to another user than the one who tests it; only reading, that is safe.
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "--", pattern], cwd=ROOT, check=True, capture_output=True
    ).stdout
    paths = [ROOT / name.decode() for name in listed.split(b"\0") if name]
    return [path for path in paths if path.is_file() and not path.is_symlink()]


def text_of(path: Path) -> str:
    """The text of a file, or nothing for what isn't text."""
    content = path.read_bytes()
    return "" if b"\0" in content else content.decode("utf-8")


def matches(pattern: re.Pattern[str]) -> Callable[[str], list[str]]:
    """A rule that *pattern* breaks."""
    return lambda text: [found.group() for found in pattern.finditer(text)]


def inline_in_page(text: str) -> list[str]:
    """What a strict content security policy refuses, or what would come from another site."""
    return matches(INLINE)(_HTML_COMMENT.sub("", _JINJA_COMMENT.sub("", text)))


def without_docstring(text: str) -> list[str]:
    """A module must say what it is for; an empty one has nothing to say."""
    return [] if not text.strip() or ast.get_docstring(ast.parse(text)) else ["no docstring"]


def too_long(text: str) -> list[str]:
    """A module has one idea; past this length it has two."""
    lines = text.count("\n")
    return [f"{lines} lines"] if lines >= LONGEST_MODULE_LINES else []


def breaches(rule: Callable[[str], list[str]], paths: list[Path]) -> dict[str, list[str]]:
    """The files that break *rule*, with what breaks it."""
    found = {path.relative_to(ROOT).as_posix(): rule(text_of(path)) for path in paths}
    return {name: lines for name, lines in found.items() if lines}


@pytest.mark.parametrize(
    ("rule", "bad", "good"),
    [
        (matches(MACHINE_PATH), "data = '/" + "root/x'", "https://example.org/root/ ./root/"),
        (matches(REGISTRY), "from pypi" + ".org", "from the package index"),
        (matches(ADDRESS), "--index-url x", "alembic==1.20.1 --hash=sha256:00"),
        (inline_in_page, '<p class="a"\n style="color: red">', '<p class="style"> {# <p style="x"> #}'),
        (inline_in_page, "<button onclick='go()'>", '<button name="one">'),
        (inline_in_page, "<script>go()</script>", '<script type="module" src="/static/now.js"></script>'),
        (inline_in_page, "<style>", '<link rel="stylesheet" href="/static/app.css">'),
        (inline_in_page, "<img src='https://example.org/x.png'>", '<a href="https://example.org/">'),
        (matches(UNSAFE_SCRIPT), "a.innerHTML = b", "a.textContent = b; a.style.setProperty('--x', '1')"),
        (matches(UNSAFE_SCRIPT), "a.setAttribute('style', b)", "a.setAttribute('cx', b)"),
        (without_docstring, "import os\n", '"""What for."""\n'),
        (too_long, "\n" * LONGEST_MODULE_LINES, "\n" * (LONGEST_MODULE_LINES - 1)),
    ],
)
def test_a_rule_knows_bad_from_good(rule: Callable[[str], list[str]], bad: str, good: str) -> None:
    """Each rule finds what it is there to find and lets its neighbour pass."""
    assert rule(bad)
    assert rule(good) == []


def test_no_file_names_a_place_on_the_machine_it_was_written_on() -> None:
    """The project runs on any machine, so it knows the folders of none."""
    assert breaches(matches(MACHINE_PATH), files()) == {}


def test_no_file_names_a_package_registry() -> None:
    """Where packages come from is the business of whoever installs them."""
    assert breaches(matches(REGISTRY), files()) == {}


def test_the_locks_hold_hashes_and_no_address() -> None:
    """A lock says what and not where from."""
    locks = files("*.lock")
    own = {lock.name for lock in locks if lock.parent == ROOT}
    assert own == {"requirements.lock", "requirements-dev.lock"}
    assert all(lock.parent in {ROOT, ROOT / "benchmarks" / "peers"} for lock in locks), "peers have their own place"
    assert breaches(matches(ADDRESS), locks) == {}
    for lock in locks:
        packages = re.findall(r"^[a-z0-9][^\n]*==.*?(?=^[a-z0-9]|\Z)", text_of(lock), re.MULTILINE | re.DOTALL)
        assert len(packages) > (20 if lock.parent == ROOT else 3)
        assert all("--hash=sha256:" in package for package in packages)


def test_the_test_lock_contains_the_lock() -> None:
    """What is tested is what runs: each package of ./run is in ./test's lock with the same version."""
    pins = {
        lock: set(re.findall(r"^([a-z0-9][^\s;]*==[^\s;]+)", text_of(ROOT / lock), re.MULTILINE))
        for lock in ("requirements.lock", "requirements-dev.lock")
    }
    assert pins["requirements.lock"] - pins["requirements-dev.lock"] == set()


def test_each_module_has_one_idea_at_most() -> None:
    """No module reaches the length at which it should have been two."""
    assert breaches(too_long, files("*.py")) == {}


def test_each_module_says_what_it_is_for() -> None:
    """Every module, the tests' too, opens with a docstring."""
    assert breaches(without_docstring, files("*.py")) == {}


def test_no_page_holds_anything_inline() -> None:
    """Styles and scripts come from files of ours: the content security policy allows nothing else."""
    assert breaches(inline_in_page, files("*.html") + files("*.jinja")) == {}


def test_no_script_makes_markup_or_code_from_text() -> None:
    """Our own scripts write text and attributes, never markup, code or style attributes."""
    ours = [path for path in files("src/*.js") + files("src/*.mjs") if "vendor" not in path.parts]
    assert breaches(matches(UNSAFE_SCRIPT), ours) == {}
