"""Templates are compiled once in a process, and what an app knows stays its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from jinja2 import Environment, UndefinedError

from toward.web.static_files import StaticFiles
from toward.web.templating import Templates

if TYPE_CHECKING:
    from pathlib import Path


def test_a_second_app_compiles_nothing_and_renders_by_its_own_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The compiler is not asked again; a name that only the first app knows is unknown to the second."""
    (tmp_path / "one.html").write_text("{{ t('common.name') }} {{ own }}")
    first = Templates("en", StaticFiles(), [tmp_path])
    first.environment.globals["own"] = "first"
    assert first.render("one.html").endswith(" first")
    second = Templates("en", StaticFiles(), [tmp_path])
    with monkeypatch.context() as patched:
        patched.setattr(Environment, "compile", lambda *_, **__: pytest.fail("compiled again"))
        with pytest.raises(UndefinedError):
            second.render("one.html")
        second.environment.globals["own"] = "second"
        assert second.render("one.html").endswith(" second")


def test_a_template_that_changed_is_compiled_anew(tmp_path: Path) -> None:
    """In a new app of the same process, too."""
    for words in ("before", "after"):
        (tmp_path / "two.html").write_text(words)
        assert Templates("en", StaticFiles(), [tmp_path]).render("two.html") == words
