"""What comes of itself on an open day, each thing on its own day of the wheel; what goes with easier days comes first.

The model of two may give a *hint*: the name of a practice that has gone together with easier days for this person. It
opens no gate and makes nothing come oftener. On the day on which something has its turn anyway, the hint puts it before
what else has, and says why. Asking the other is left to whoever longs for it: there the hint gives a reason only, since
more asking into distance makes distance.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from toward.guide.gates import allowed, of_practice
from toward.guide.scene import DAY_MS, OWN_RULES, Scene, Step, step
from toward.guide.suggestions import PATHS, SUGGESTIONS
from toward.guide.variety import WEEK_MS, has_turn, loves

if TYPE_CHECKING:
    from collections.abc import Mapping

    from toward.practices.library import Practice

REASONS: Final[Mapping[str, str]] = {
    "practice_a": "guide.practice.helps_alone",
    "practice_both": "guide.practice.helps_together",
    "touch": "guide.practice.helps_touch",
    "softening": "guide.practice.helps_softer",
    "bid_a": "guide.practice.helps_asking",
}
"""The model's names of what may be a hint, and the words that say why."""
REACHES: Final = frozenset({"bid_a", "softening"})
PRACTICES: Final[Mapping[str, tuple[str, ...]]] = {
    "practice_a": ("breathe_alone", "hum", "long_out_breath"),
    "practice_both": ("quiet_company", "sing_together"),
    "touch": ("hold_hands", "long_hug"),
    "softening": ("hold_me_tight", "third_eye"),
}
"""What of the library is of each sort. None of it is what was tried, so the words speak of the sort."""


def calm_together(scene: Scene) -> Step | None:
    """Breathe side by side on a calm day, if they have not in the last two."""
    lately = any(scene.since(session.at_ms) < 2 * DAY_MS for session in scene.life.together)
    return None if lately or not scene.open or not scene.turn_of("breathe_together") else step("breathe_together")


def kindness(scene: Scene) -> Step | None:
    """A minute for oneself, if there was none today."""
    return None if scene.practised_since(scene.now_ms - DAY_MS) or not scene.turn_of("within") else step("within")


def helps(scene: Scene) -> Step | None:
    """What has gone together with easier days, on its turn; never in danger, never to somebody who is not open."""
    gates, reason = scene.gates, REASONS.get(scene.hint)
    if reason is None or not scene.open or gates.afraid or gates.coercing or gates.despair:
        return None
    found = None
    if scene.hint == "practice_a":
        found = kindness(scene)
    elif scene.hint == "practice_both":
        found = calm_together(scene)
    if found is not None and allowed(SUGGESTIONS[found.id], gates) and not scene.rests(found):
        return found._replace(reason=reason)
    chosen = _having_turn(scene, frozenset(PRACTICES.get(scene.hint, ())))
    return of_library(chosen, reason) if chosen is not None else None


def something_to_practise(scene: Scene) -> Step | None:
    """On an open day a practice of the library has its turn: what did good first, then what is longest ago."""
    practice = _having_turn(scene) if scene.open else None
    if practice is None:
        return None
    return of_library(practice, "guide.practice.loved" if loves(scene.life, practice.id) else "guide.practice.reason")


def of_library(practice: Practice, reason: str) -> Step:
    """Return the step to a practice of the library."""
    return Step("practice", practice.place, PATHS["practice"], reason, practice=practice.id)


def _having_turn(scene: Scene, among: frozenset[str] | None = None) -> Practice | None:
    """The library's practice whose turn it is, of all or of some."""
    names = sorted(practice.id for practice in scene.practices if practice.id not in OWN_RULES)
    found = []
    for name in names:
        practice = scene.practice(name)
        loved = loves(scene.life, name)
        last_ms = next((done.at_ms for done in scene.life.practices if done.practice == name), 0)
        fits = (
            practice is not None
            and (among is None or name in among)
            and practice.fits("open", alone=not scene.gates.partner_open)
            and allowed(of_practice(practice), scene.gates)
            and has_turn(scene.life, scene.day, name, names, loved=loved)
            and (loved or scene.since(last_ms) >= WEEK_MS)
            and not scene.rests(of_library(practice, ""))
        )
        if fits and practice is not None:
            found.append((not loved, last_ms, name, practice))
    return min(found, key=lambda one: one[:3])[3] if found else None
