"""What a fit and the other published models say, as JSON that stays.

The keys are an interface: ``docs/model.md`` lists them, and a test holds the two together.
"""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Any

import numpy as np

from toward.dyad.published import apim, autoregression, gottman, inertia, oscillator, threshold
from toward.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable

    from toward.cli.dyad_input import Pair
    from toward.dyad import Effect, Fit, Journal

EFFECT_KEYS = ("mean", "low80", "high80", "low95", "high95", "shrinkage")


def effects_of(fit: Fit, seed: int) -> dict[str, Effect]:
    """Return what goes together with better days, by practice; nothing where somebody was frightened."""
    from toward.dyad.effects import all_effects
    from toward.dyad.forecasts import frightened

    if frightened(fit.journal):
        return {}
    return all_effects(fit, seed=seed)


def told(journal: Journal, *, draws: int, seed: int) -> dict[str, Any]:
    """Fit the model of two and return everything it says, as plain JSON values."""
    from toward import dyad

    start = time.perf_counter()
    fit = dyad.fit(journal, draws=draws, seed=seed)
    figure, edge, log_score = dyad.dance(fit), dyad.tipping(fit), dyad.score(journal, linear=False)
    effects = effects_of(fit, seed)
    found = {
        "parameters": {name: marginal._asdict() for name, marginal in fit.parameters.items()},
        "state": {"a": fit.state.a._asdict(), "b": fit.state.b._asdict()},
        "trap_probability": fit.trap_probability,
        "in_trap": edge.in_trap,
        "dance": None if figure.figure is None else {"figure": figure.figure, "probability": figure.probability},
        "why": figure.why or None,
        "effects": {name: {key: getattr(effect, key) for key in EFFECT_KEYS} for name, effect in effects.items()},
        "log_score": {name: getattr(log_score, name) for name in SCORES},
        "notes": list(fit.notes),
        "answers": int(((journal.kind == 0) & ~np.isnan(journal.value)).sum()),
        "seconds": time.perf_counter() - start,
    }
    return {key: plain(value) for key, value in found.items()}


SCORES = ("model", "random_walk", "ar1", "apim", "climatology")


def compared(pair: Pair, lag: int | None) -> dict[str, Any]:
    """Fit every published model to two series; one that can't be fitted says why instead."""
    centred = (pair.a - pair.neutral, pair.b - pair.neutral)
    raw = (pair.a, pair.b)
    shapes: dict[str, Callable[[], Any]] = {f"gottman_{shape}": _shaped(centred, shape) for shape in threshold.SHAPES}
    models: dict[str, Callable[[], Any]] = {
        "gottman_original": lambda: gottman.fit_gottman(*centred),
        **shapes,
        "inertia_coordination": lambda: inertia.fit_inertia(*raw, lag=lag),
        "coupled_oscillator": lambda: oscillator.fit_oscillator(*raw),
        "apim": lambda: apim.fit_daily(*raw),
        "var1": lambda: autoregression.fit_var(*raw),
        "ar1": lambda: autoregression.fit_ar(*raw),
        "linear_ou": lambda: _linear(pair),
    }
    return {
        "a": pair.name_a,
        "b": pair.name_b,
        "moments": int(pair.a.size),
        "neutral": pair.neutral,
        "models": {name: _tried(fit) for name, fit in models.items()},
    }


def _shaped(centred: tuple[Any, Any], shape: threshold.Shape) -> Callable[[], Any]:
    return lambda: threshold.fit_threshold(*centred, shape)


def _linear(pair: Pair) -> Any:  # noqa: ANN401 - a result like the others'
    from toward.dyad import fit_linear

    whole = np.isfinite(pair.a) & np.isfinite(pair.b)
    times = np.flatnonzero(whole).astype(np.float64)
    found = fit_linear(times, np.column_stack([pair.a[whole], pair.b[whole]]))
    return {**found.best._asdict(), "log_likelihood": found.log_likelihood, "settled": found.settled}


def _tried(fit: Callable[[], Any]) -> Any:  # noqa: ANN401 - JSON
    try:
        return plain(fit())
    except BadInput as error:
        return {"why": str(error)}


def plain(value: object) -> Any:  # noqa: ANN401 - JSON
    """Return a result as JSON values: fields and properties by name, arrays as lists, what is no number as null."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        return plain(value.tolist())
    fields = getattr(value, "_asdict", None)
    if fields is not None:
        more = [name for name, item in vars(type(value)).items() if isinstance(item, property)]
        return plain({**fields(), **{name: getattr(value, name) for name in more}})
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
