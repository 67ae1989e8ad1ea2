"""From a message to what its writer may be shown: three answers, the places, danger first, and a softer form.

Danger goes before everything: who is afraid or wants to die is not taught a gentler tone, and who threatens is not
helped to say it better. "If you leave me I will kill myself" presses the other, and may be meant: who writes it is
told first who is there for them, and then what it does. Silence goes before a doubt. Nothing is kept and nothing is
learnt from what is read.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from toward.words.features import features
from toward.words.load import data
from toward.words.model import general, model
from toward.words.reading import LONGEST_CHARACTERS, read
from toward.words.rules import DANGER_FAMILIES, DANGERS, HARSH, OPEN, hits

if TYPE_CHECKING:
    from collections.abc import Iterable

    from toward.words.features import Feature
    from toward.words.reading import Reading
    from toward.words.rules import Hit

Verdict = Literal["clear", "perhaps", "none"]
Danger = Literal["threat", "fear", "self_harm"]

MOST_SPANS: Final = 6
SURE_ENOUGH: Final = 2
"""A rule of this strength is shown by itself; a weaker one only speaks to the models."""

NOT_EXCLUDED: Final = 0.05
"""Below this probability not even a rule makes a danger."""

_HURT: Final[frozenset[Danger]] = frozenset({"fear", "self_harm"})
"""Whose words are not looked at further."""

_LIKELY: Final = 0.1
_WARM: Final = 0.5
_PULLS: Final = 0.25
_STRENGTH_OF_A_SIGN: Final = 2


class Span(NamedTuple):
    """Characters ``start`` to ``end`` (not included) of the text, what they do, and why in one sentence."""

    start: int
    end: int
    label: str
    why: str


class Softer(NamedTuple):
    """The slots of the softer form, each a tentative question or an offer, or nothing. The writer's own to change."""

    saw: str | None = None
    feel: str | None = None
    fear: str | None = None
    long: str | None = None
    invite: str | None = None


class Softened(NamedTuple):
    """What a message may do. ``harsh`` and ``labels`` are for evaluation: a person is never shown a number."""

    text: str
    verdict: Verdict
    harsh: float
    labels: dict[str, float]
    spans: tuple[Span, ...]
    danger: Danger | None
    """The likeliest kind."""
    softer: Softer
    warm: str | None = None
    note: str | None = None
    dangers: tuple[Danger, ...] = ()
    """Every kind that something is to be said of, in the order in which to say it."""


@cache
def _texts() -> Any:  # noqa: ANN401 - the tree of texts.json
    return data("texts.json")


def soften(text: str) -> Softened:
    """Return what *text* may do to a partner who reads it.

    Of text in another language it says nothing. Of more than ``LONGEST_CHARACTERS`` it reads the beginning.

    >>> found = soften("You never listen, you only care about work")
    >>> found.verdict, found.softer.fear
    ('clear', 'Could the fear under it be: “I do not matter to you”?')
    """
    reading = read(text)
    if not reading.is_english:
        return _nothing(text, "language")
    if not reading.words:
        return _nothing(text, None)
    found = hits(reading)
    seen = features(reading, found)
    chances = model().probabilities(seen)
    thresholds = model().thresholds
    danger = _danger(found, chances, thresholds["danger"])
    dangers = _to_say(danger, found)
    is_hurt = not _HURT.isdisjoint(dangers)
    harsh = chances["harsh"]
    verdict: Verdict = "none"
    if not is_hurt and harsh >= thresholds["perhaps"]:
        verdict = "clear" if is_clear(harsh, found) else "perhaps"
    spans = _hard_spans(reading, found, seen, chances) if verdict != "none" else []
    if not is_hurt:
        spans += _open_spans(reading, found, chances)
    return Softened(
        text=text,
        verdict=verdict,
        harsh=round(harsh, 3),
        labels={label: round(chances[label], 3) for label in (*HARSH, *OPEN)},
        spans=tuple(sorted(spans)),
        danger=danger,
        softer=_softer(reading, chances) if verdict != "none" and danger is None else Softer(),
        warm=_warm(spans, chances) if verdict == "none" and danger is None else None,
        note=_texts()["notes"]["long"] if len(text) > LONGEST_CHARACTERS else None,
        dangers=dangers,
    )


def is_clear(harsh: float, found: Iterable[Hit]) -> bool:
    """Say whether a message is clearly harsh: likely, and for a reason that can be said, a rule and not many words."""
    sure = any(hit.rule.family in HARSH and hit.rule.strength >= SURE_ENOUGH for hit in found)
    return sure and harsh >= model().thresholds["clear"]


def strangers_view(text: str) -> float:
    """Return how hard strangers' comments with these words are. It says little of couples, and no answer uses it."""
    return general().probabilities(features(read(text), ()))["harsh"]


def what_to_say_of(danger: Danger) -> str:
    """Return the sentence for a writer whose message holds *danger*."""
    sentence: str = _texts()["danger"][danger]
    return sentence


def _nothing(text: str, note: str | None) -> Softened:
    return Softened(
        text=text,
        verdict="none",
        harsh=0.0,
        labels=dict.fromkeys((*HARSH, *OPEN), 0.0),
        spans=(),
        danger=None,
        softer=Softer(),
        note=_texts()["notes"][note] if note else None,
    )


def _danger(found: Iterable[Hit], chances: dict[str, float], threshold: float) -> Danger | None:
    """The kind of danger, if there is any. Where a rule fires, the models need only not be sure of the contrary."""
    signs = {DANGER_FAMILIES[hit.rule.family] for hit in found if hit.rule.family in DANGER_FAMILIES}
    if chances["danger"] < (NOT_EXCLUDED if signs else threshold):
        return None
    worth: dict[Danger, float] = {
        danger: chances[f"danger: {danger}"] * (_STRENGTH_OF_A_SIGN if danger in signs else 1) for danger in DANGERS
    }
    return max(worth, key=worth.__getitem__)


def _to_say(danger: Danger | None, found: Iterable[Hit]) -> tuple[Danger, ...]:
    """What to speak of, first what is most urgent: who threatens to die may mean it, and is spoken to of that first.

    Who tells that they want to die is told that they threaten only where the same words do both.
    """
    if danger is None:
        return ()
    threats = [hit for hit in found if hit.rule.family == "danger_threat"]
    deaths = [hit for hit in found if hit.rule.family == "danger_self"]
    both = any(one.first < other.last and other.first < one.last for one in threats for other in deaths)
    if (danger == "threat" and deaths) or (danger == "self_harm" and both):
        return "self_harm", "threat"
    return (danger,)


def _hard_spans(reading: Reading, found: Iterable[Hit], seen: list[Feature], chances: dict[str, float]) -> list[Span]:
    texts = _texts()
    sure = [
        hit
        for hit in found
        if hit.rule.family in HARSH and hit.rule.strength >= SURE_ENOUGH and chances[hit.rule.family] >= _LIKELY
    ]
    # The longest first: "you never listen" says more than "you never".
    sure.sort(key=lambda hit: (-(hit.last - hit.first), hit.first))
    taken: set[int] = set()
    spans: list[Span] = []
    for hit in sure:
        words = set(range(hit.first, hit.last))
        if not words & taken and len(spans) < MOST_SPANS:
            taken |= words
            spans.append(Span(*reading.place(hit.first, hit.last), hit.rule.family, texts["why"][hit.rule.why]))
    return spans or _span_of_words(reading, seen, chances)


def _span_of_words(reading: Reading, seen: list[Feature], chances: dict[str, float]) -> list[Span]:
    """Where no rule fires, the sentence whose words weigh most; where none weighs, nothing is underlined."""
    pulls = [0.0] * len(reading.sentences)
    for feature in seen:
        _, _, first, last = feature
        if last:
            pulls[reading.sentence_of[first]] += model().pull(feature, "harsh")
    strongest = max(range(len(pulls)), key=pulls.__getitem__)
    if pulls[strongest] < _PULLS:
        return []
    label = max(HARSH, key=chances.__getitem__)
    sentence = reading.sentences[strongest]
    texts = _texts()
    return [Span(*reading.place(sentence.first, sentence.last), label, texts["why"][texts["why_of"][label]])]


def _open_spans(reading: Reading, found: Iterable[Hit], chances: dict[str, float]) -> list[Span]:
    texts = _texts()
    spans: dict[str, Span] = {}
    for hit in found:
        label = hit.rule.family
        if label in OPEN and chances[label] >= _WARM and label not in spans:
            spans[label] = Span(*reading.place(hit.first, hit.last), label, texts["why"][hit.rule.why])
    return list(spans.values())


def _warm(spans: list[Span], chances: dict[str, float]) -> str | None:
    """One word for what opens: of the open labels found, the likeliest."""
    if not spans:
        return None
    return max(spans, key=lambda span: chances[span.label]).why


def _softer(reading: Reading, chances: dict[str, float]) -> Softer:
    texts = _texts()
    family = max(HARSH, key=chances.__getitem__)
    words = set(reading.words)
    theme = next((name for name, keys in texts["themes"].items() if not words.isdisjoint(keys.split())), "")
    return Softer(saw=texts["saw"][theme], **texts["softer"][family])
