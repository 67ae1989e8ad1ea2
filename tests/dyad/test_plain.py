"""The kernels without their compiler: the same numbers, line by line, in plain Python."""

# ruff: noqa: ANN401 - a room imported anew has no type that a checker could know
from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tests.dyad.couples import TWO_VALLEYS, everything
from toward import dyad

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def plain() -> Iterator[Any]:
    """The room, imported anew with compiling switched off, and put back afterwards."""
    import numba

    settings: Any = numba.config
    kept = {name: module for name, module in sys.modules.items() if name.startswith("toward.dyad")}
    for name in kept:
        del sys.modules[name]
    before, settings.DISABLE_JIT = settings.DISABLE_JIT, 1
    try:
        yield importlib.import_module("toward.dyad")
    finally:
        settings.DISABLE_JIT = before
        for name in [name for name in sys.modules if name.startswith("toward.dyad")]:
            del sys.modules[name]
        sys.modules.update(kept)
        sys.modules["toward"].dyad = kept["toward.dyad"]  # type: ignore[attr-defined]


def test_plain_and_compiled_agree(plain: Any) -> None:
    """Simulation, filter and fit give the same without the compiler, on a journal with everything in it."""
    journal = everything(days=5.0, seed=3)
    assert plain.fit is not dyad.fit
    slow = plain.log_likelihood(plain.Parameters(*TWO_VALLEYS), plain.Journal(*journal))
    assert slow == pytest.approx(dyad.log_likelihood(TWO_VALLEYS, journal), abs=1e-9)
    stiff = TWO_VALLEYS._replace(l_a=9.0)
    assert plain.log_likelihood(plain.Parameters(*stiff), plain.Journal(*journal)) == pytest.approx(
        dyad.log_likelihood(stiff, journal), abs=1e-9
    )
    few = dyad.Journal(*(column[:12] for column in journal))  # type: ignore[arg-type]
    told, want = plain.fit(plain.Journal(*few), draws=4, seed=1), dyad.fit(few, draws=4, seed=1)
    assert told.trap_probability == pytest.approx(want.trap_probability, abs=1e-4)
    assert told.draws == pytest.approx(want.draws, abs=1e-3)
    habits = dyad.HABITS._replace(
        softenings=1.0, rungs=2.0, hearts=2.0, life_events=3.0, conflicts=1.0, practices_a=1.0
    )
    one = plain.simulate(plain.Parameters(*TWO_VALLEYS), days=3, seed=1, habits=plain.Habits(*habits))
    two = dyad.simulate(TWO_VALLEYS, days=3, seed=1, habits=habits)
    assert np.abs(one.x - two.x).max() < 1e-9
    assert np.array_equal(one.journal.value, two.journal.value)
    assert np.array_equal(
        plain.basins(plain.Parameters(*TWO_VALLEYS), points=5).trapped, dyad.basins(TWO_VALLEYS, points=5).trapped
    )


def test_plain_and_compiled_agree_without_the_bend(plain: Any) -> None:
    """The linear special case does too: real, complex and nearly equal rates, and its search and draws."""
    luck = np.random.default_rng(1)
    time, y = np.cumsum(luck.exponential(0.4, 13) + 1e-3), luck.normal(4.5, 1.0, (13, 2))
    for drift in ([[-0.9, 0.3], [0.2, -0.7]], [[-0.9, 1.3], [-1.2, -0.7]], [[-0.8, 0.0], [0.0, -0.8]]):
        parts = (np.array(drift), np.array([4.0, 4.0]), np.array([[1.0, 0.2], [0.2, 0.8]]), np.array([0.3, 0.3]))
        slow = plain.linear_log_likelihood(plain.Linear(*parts), time, y)
        assert slow == pytest.approx(dyad.linear_log_likelihood(dyad.Linear(*parts), time, y), abs=1e-9)
    told, want = plain.fit_linear(time, y, draws=3, seed=1), dyad.fit_linear(time, y, draws=3, seed=1)
    assert told.log_likelihood == pytest.approx(want.log_likelihood, abs=1e-3)


def test_warming_says_where_code_is_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    """``warm`` compiles or loads every kernel; where no code can be kept, kernels compile all the same."""
    import numba

    from toward.dyad import compiled

    assert dyad.warm().seconds > 0
    settings: Any = numba.config
    before = settings.CACHE_DIR
    try:
        assert dyad.warm(tmp_path / "code").cache == str(tmp_path / "code")
        assert (tmp_path / "code").is_dir()
    finally:
        settings.CACHE_DIR = before
        monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    real = numba.njit

    def nowhere(*given: Any, cache: bool = False, **options: Any) -> Any:
        if cache:
            raise RuntimeError("no locator")
        return real(*given, **options)

    monkeypatch.setattr(numba, "njit", nowhere)

    def double(x: float) -> float:
        return 2.0 * x

    assert compiled.kernel(double)(2.0) == 4.0
