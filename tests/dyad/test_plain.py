"""The kernels without their compiler: the same numbers, line by line, in plain Python."""

# ruff: noqa: ANN401 - a room imported anew has no type that a checker could know
from __future__ import annotations

import importlib
import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tests.dyad.couples import TWO_VALLEYS, everything
from toward import dyad

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def plainly() -> Iterator[Any]:
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


def both(work: Callable[[Any], Any]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """What ``work`` gives with the compiled room and with the plain one, as flat arrays."""
    compiled = np.asarray(work(dyad), dtype=np.float64).ravel()
    with plainly() as room:
        return compiled, np.asarray(work(room), dtype=np.float64).ravel()


def test_plain_likelihoods_agree() -> None:
    """On a journal with everything in it, and for a couple so stiff that steps are cut."""

    def work(room: Any) -> Any:
        journal = room.Journal(*everything(days=5.0, seed=3))
        stiff = TWO_VALLEYS._replace(l_a=9.0)
        return [room.log_likelihood(room.Parameters(*p), journal) for p in (TWO_VALLEYS, stiff)]

    one, two = both(work)
    assert np.abs(one - two).max() < 1e-9


def test_plain_gradients_agree() -> None:
    """So do the gradient and the tangents, through every kind of entry and a step that is cut."""

    def work(room: Any) -> Any:
        module = importlib.import_module(f"{room.__name__}.gradient")
        laid = importlib.import_module(f"{room.__name__}.plan").plan(room.Journal(*everything(days=4.8, seed=3)))
        stiff = np.array(TWO_VALLEYS._replace(l_b=9.0))
        theta = importlib.import_module(f"{room.__name__}.simulation").kernel_theta(stiff)
        out, state, tangent = np.empty(24), np.empty(5), np.empty((5, 24))
        total = module.likelihood_gradient(theta, laid.code, laid.who, laid.work, laid.fixed, out, state, tangent)
        return np.concatenate([[total], out, state, tangent.ravel()])

    one, two = both(work)
    assert np.abs(one - two).max() < 1e-7


def test_plain_looking_back_agrees() -> None:
    """The smoother, over every kind of entry and a step that is cut, on days between entries and after them."""

    def work(room: Any) -> Any:
        found = room.smooth(
            room.Parameters(*TWO_VALLEYS._replace(l_b=9.0)),
            room.Journal(*everything(days=4.8, seed=3)),
            np.array([0.6, 2.02, 2.02, 3.3, 6.5]),
        )
        return np.concatenate([column.ravel() for column in found])

    one, two = both(work)
    assert np.abs(one - two).max() < 1e-9


def test_plain_fits_agree() -> None:
    """A fit of five entries, its draws and its two models."""
    rows = [
        (0.0, "a", "checkin", 4.0),
        (0.1, "b", "bid", 1.0),
        (0.2, "b", "checkin", 5.0),
        (0.2, "a", "rung", 2.0),
        (0.2, "a", "mark", 1.0),
        (0.2, "b", "mark", 0.0),
    ]

    def work(room: Any) -> Any:
        fit = room.fit(room.journal(rows), draws=2, seed=1)
        return np.concatenate([[fit.trap_probability, fit.log_evidence], fit.draws.ravel()])

    one, two = both(work)
    assert np.abs(one - two).max() < 1e-3


def test_plain_lives_agree() -> None:
    """Simulation and basins."""
    habits = dyad.HABITS._replace(
        softenings=1.0, rungs=2.0, hearts=2.0, life_events=3.0, conflicts=1.0, practices_a=1.0, bids=6.0
    )

    def work(room: Any) -> Any:
        p = room.Parameters(*TWO_VALLEYS)
        quiet = room.journal([(0.5, "both", "together", 0.5)])
        made = room.simulate(p, days=3, seed=1, habits=room.Habits(*habits), planned=quiet)
        trapped = room.basins(p, points=5).trapped
        return np.concatenate([made.x.ravel(), made.journal.value, trapped.ravel().astype(float)])

    one, two = both(work)
    assert np.abs(one - two).max() < 1e-9


def test_plain_straight_processes_agree() -> None:
    """The linear special case: real, complex and equal rates, its search and its draws."""
    luck = np.random.default_rng(1)
    time, steps = np.cumsum(luck.exponential(0.4, 50) + 1e-3), luck.normal(0.0, 0.5, (50, 2))
    y = np.array([4.5, 4.0]) + luck.normal(0.0, 0.5, (50, 2))
    for n in range(1, 50):  # something with a memory, so that there is an optimum to agree on
        steps[n] += 0.7 * steps[n - 1] + 0.2 * steps[n - 1, ::-1]
    y += steps

    def work(room: Any) -> Any:
        told = []
        for drift in ([[-0.9, 0.3], [0.2, -0.7]], [[-0.9, 1.3], [-1.2, -0.7]], [[-0.8, 0.0], [0.0, -0.8]]):
            rest = (np.array([4.0, 4.0]), np.array([[1.0, 0.2], [0.2, 0.8]]), np.array([0.3, 0.3]))
            told.append(room.linear_log_likelihood(room.Linear(np.array(drift), *rest), time, y))
        return [*told, room.fit_linear(time, y, draws=3, seed=1).log_likelihood]

    one, two = both(work)
    assert np.abs(one - two).max() < 1e-3


def test_straight_processes_on_the_edge_agree() -> None:
    """Very noisy ones, whose product of determinants leaves the range, and ones with little to search for."""
    time = np.cumsum(np.random.default_rng(3).exponential(0.5, 60) + 1e-3)
    wave = np.random.default_rng(4).normal(size=(60, 2))

    def work(room: Any) -> Any:
        drift, rest = np.array([[-0.9, 0.3], [0.2, -0.7]]), np.array([4.0, 4.0])
        loud = [room.Linear(drift, rest, np.eye(2) * size, np.ones(2) * size) for size in (1e9, 1e-9)]
        told = [room.linear_log_likelihood(model, time, 4.0 + wave) for model in loud]
        found = room.fit_linear(time[:14], 4.0 + wave[:14], draws=40, seed=1)
        return [*told, found.log_likelihood, found.settled, *found.draws[-1]]

    one, two = both(work)
    assert one == pytest.approx(two, rel=1e-3, abs=1e-3)


def test_plain_small_matrices_are_numpy_s() -> None:
    """Triangles, their inverses and products, and what has no triangle."""
    luck = np.random.default_rng(2)
    root, rows = luck.normal(size=(5, 5)), luck.normal(size=(3, 5))
    matrix = root @ root.T + np.eye(5)

    def work(room: Any) -> Any:
        dense = importlib.import_module(f"{room.__name__}.dense")
        lower, inverse, product = (np.empty((5, 5)) for _ in range(3))
        assert dense.cholesky(matrix, lower)
        dense.inverse_root(lower, inverse)
        dense.outer_product(inverse, product)
        moved = np.empty((3, 5))
        dense.times(rows, lower, moved)
        assert not dense.cholesky(matrix - 40 * np.eye(5), np.empty((5, 5)))
        return np.concatenate([lower.ravel(), product.ravel(), moved.ravel()])

    lower = np.linalg.cholesky(matrix)
    oracle = np.concatenate([lower.ravel(), np.linalg.inv(matrix).ravel(), (rows @ lower.T).ravel()])
    for found in both(work):
        assert found == pytest.approx(oracle)


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
        # Not by monkeypatch, which would put it back at the end, and every later child would compile anew.
        os.environ.pop("NUMBA_CACHE_DIR", None)
    real: Any = numba.njit

    def nowhere(*given: Any, cache: bool = False, **options: Any) -> Any:
        if cache:
            raise RuntimeError("no locator")
        return real(*given, **options)

    monkeypatch.setattr(numba, "njit", nowhere)

    def double(x: float) -> float:
        return 2.0 * x

    assert compiled.kernel(double)(2.0) == 4.0
