"""The one next step: the first rule whose answer passes the gates and was not put by; where there is none, rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from toward.guide.gates import allowed, of_practice
from toward.guide.reading import fresh_check_in
from toward.guide.rules import RULES, Rule
from toward.guide.scene import Scene, Step, step
from toward.guide.suggestions import SUGGESTIONS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from toward.guide.gates import Gates
    from toward.journal.projections import Life
    from toward.practices.library import Practice


class Found(NamedTuple):
    """A step and the rule that gave it; no rule: there is nothing, so rest."""

    step: Step
    rule: Rule | None


def weigh(
    life: Life,
    gates: Gates,
    now_ms: int,
    *,
    solo: bool,
    tz_min: int | None = None,
    practices: Iterable[Practice] = (),
    hint: str = "",
) -> Found:
    """Return the one next step with its rule. ``practices`` are those that may have their turn.

    ``hint`` is the model's name of a practice that has gone together with easier days; it passes no gate.
    """
    gates = gates._replace(partner_open=gates.partner_open and not solo)
    offset = life.tz_min if tz_min is None else tz_min
    scene = Scene(life, gates, now_ms, offset, fresh_check_in(life, now_ms), tuple(practices), hint)
    for rule in RULES:
        if not (rule.always or life.preferences.suggestions):
            continue
        found = rule.find(scene)
        if found is None or not allowed(SUGGESTIONS[found.id], gates):
            continue
        practice = scene.practice(found.practice)
        if practice is not None and not allowed(of_practice(practice), gates):
            continue
        if rule.always or not life.put_by.rests(found.name, now_ms):
            return Found(found, rule)
    return Found(step("rest"), None)


def next_step(
    life: Life,
    gates: Gates,
    now_ms: int,
    *,
    solo: bool,
    tz_min: int | None = None,
    practices: Iterable[Practice] = (),
    hint: str = "",
) -> Step:
    """Return the one next step. ``tz_min`` is the person's offset from UTC now, by default where they last wrote."""
    return weigh(life, gates, now_ms, solo=solo, tz_min=tz_min, practices=practices, hint=hint).step
