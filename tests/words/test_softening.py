"""What a writer is shown: danger first, silence before doubt, places within the text, and questions, not answers."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toward.words import HARSH, LONGEST_CHARACTERS, OPEN, Softened, Softer, soften, strangers_view, what_to_say_of
from toward.words.load import data
from toward.words.model import Model, general, model
from toward.words.train import FOLDER

SAID = st.lists(
    st.sampled_from(
        ["you", "never", "always", "he", "said", "i am", "so", ".", "!", "?", ",", "ur", "🙄", "kill", "die"]
    )
).map(" ".join)


def underlined(found: Softened, labels: tuple[str, ...] = HARSH) -> list[str]:
    """The words under each span of *labels*."""
    return [found.text[span.start : span.end] for span in found.spans if span.label in labels]


def test_an_attack_is_shown_with_its_places_and_a_softer_form() -> None:
    """The message of the brief: two spans, a reason each, and all five slots as questions or offers."""
    found = soften("You never listen, you only care about work")
    assert found.verdict == "clear"
    assert underlined(found) == ["You never listen", "you only care"]
    assert all(span.why.endswith((".", "?")) for span in found.spans)
    assert all(found.softer)
    assert all("?" in (slot or "") for slot in found.softer)


@pytest.mark.parametrize(
    "text",
    [
        "must be nice",
        "thanks for nothing",
        "sorry you feel that way",
        "whatever you say",
        "I guess I'll do it myself then",
        "good to know where I stand",
        "My ex never needed to be told",
        "After everything I've done for you",
        "You did that on purpose",
        "you always ruin everything",
        "You never make time for me.",
        "You don't make time for me any more",
        "You've never got time for us",
        "Do what you want.",
        "nice of you to finally show up",
        "YOU ARE SO SELFISH",
        "ur so selfish",
        "You’re such a child",
    ],
)
def test_quiet_and_loud_harm_is_found(text: str) -> None:
    """With and without a swear word, apostrophe or capital."""
    assert soften(text).verdict != "none"


@pytest.mark.parametrize(
    "text",
    [
        "I'm furious that the rent went on the card.",
        "No, I don't want to go to your mum's on Sunday",
        "You left the back door open last night and it scared me",
        "im scared youre going to leave me",
        "I cried all day and I miss you so much it hurts",
        "You always make me laugh",
        "You've always been there for me",
        "you never make me feel small",
        "You never make time for yourself",
        "I never make time for you, I'm sorry",
        "You never make a fuss",
        "My boss is such an idiot",
        "she said 'you are useless' and I believed her",
        "I could kill for a coffee",
        "fuck I missed you",
        "I need twenty minutes alone, then I'm all yours",
        "please don't read my diary",
        "train's late, back at seven",
        "you daft sausage, come here",
        "i was so selfish yesterday. sorry",
        "ok",
        "Yes",
        "I don't think you're lazy",
    ],
)
def test_a_clean_message_is_left_in_peace(text: str) -> None:
    """Anger said cleanly, a no, a boundary, fear, grief, fondness, quotes and idioms: nothing is underlined."""
    found = soften(text)
    assert found.verdict == "none"
    assert underlined(found) == []
    assert found.softer == Softer()
    assert found.danger is None


def test_a_soft_message_gets_one_warm_word() -> None:
    """What opens is named once; a plain one gets nothing."""
    found = soften("I miss you. Would you walk with me tonight?")
    assert found.warm in data("texts.json")["why"].values()
    assert underlined(found, OPEN)
    assert soften("Train at six.").warm is None


@pytest.mark.parametrize(
    ("danger", "texts"),
    [
        (
            "threat",
            [
                "you'll regret it",
                "I know where you were",
                "give me your phone",
                "If you leave I'll take the kids and you'll never see them",
                "you're not allowed to see her again",
                "Your papers depend on me, so think carefully",
            ],
        ),
        (
            "fear",
            [
                "he took my keys",
                "I have to ask him before I buy anything",
                "you hit me last night",
                "I flinch when you raise your hand",
                "She checks my phone every night",
                "he said he would kill me",
            ],
        ),
        (
            "self_harm",
            [
                "everyone would be better off without me",
                "I don't want to be here anymore",
                "I cut myself again",
                "I wish I'd never been born",
                "tell the kids I loved them. I can't do this anymore",
            ],
        ),
    ],
)
def test_danger_is_found_and_never_helped_to_a_nicer_form(danger: str, texts: list[str]) -> None:
    """Direct and indirect; there is a sentence for it, and no softer form."""
    for text in texts:
        found = soften(text)
        assert found.danger == danger, text
        assert found.softer == Softer()
        assert found.warm is None
        assert what_to_say_of(found.danger)
        assert found.dangers == (found.danger,)


@pytest.mark.parametrize(
    "text",
    [
        "If you leave me I will kill myself",
        "If you go I'll hurt myself. You never listen, you only care about work",
        "I'll kill myself if you tell your mum",
        "I will hurt myself if you walk out that door",
    ],
)
def test_who_threatens_to_die_is_first_told_who_is_there_for_them(text: str) -> None:
    """It presses the other and it may be meant: both are said, what is most urgent first, and nothing is softened."""
    found = soften(text)
    assert found.dangers == ("self_harm", "threat")
    assert found.danger in found.dangers
    assert found.verdict == "none"
    assert found.spans == ()
    assert found.softer == Softer()
    assert found.warm is None


@pytest.mark.parametrize(
    ("text", "danger"),
    [
        ("I want to die", "self_harm"),
        ("I want to kill myself", "self_harm"),
        ("I can't see the point of anything. Give the kids my love and my papers to your dad", "self_harm"),
        ("If you leave me I'll kill you", "threat"),
        ("If you leave me I'll take the kids", "threat"),
    ],
)
def test_a_danger_that_is_one_is_not_called_two(text: str, danger: str) -> None:
    """Who only despairs is not told that they frighten anybody, and who only threatens is not asked to stay."""
    assert soften(text).dangers == (danger,)


def test_no_time_for_me_gets_its_line_and_a_softer_form() -> None:
    """The classic of all that is said with "never": underlined, with what may lie under it."""
    found = soften("You never make time for me.")
    assert underlined(found) == ["You never make time for"]
    assert found.softer.fear == "Could the fear under it be: “I do not matter to you”?"


@given(SAID)
def test_every_danger_has_something_to_say(text: str) -> None:
    """None where there is none; else one, or the two that go together in their order; the likeliest is among them."""
    found = soften(text)
    assert found.dangers in {(), ("threat",), ("fear",), ("self_harm",), ("self_harm", "threat")}
    assert (found.danger in found.dangers) if found.danger else found.dangers == ()


@pytest.mark.parametrize("text", ["I'm scared of you when you drink", "I want to die", "you hit me, you always do"])
def test_who_is_afraid_or_wants_to_die_is_not_taught_a_gentler_tone(text: str) -> None:
    """Nothing is underlined, whatever the words are."""
    found = soften(text)
    assert found.danger in {"fear", "self_harm"}
    assert found.verdict == "none"
    assert found.spans == ()


@pytest.mark.parametrize(
    "text",
    [
        "I could kill for a coffee",
        "this commute will be the death of me",
        "dying to see you",
        "I nearly died laughing",
        "my phone died",
        "that cake is to die for",
        "going to murder that alarm clock",
        "shoot me a text",
        "break a leg",
        "hit me up when you're free",
        "I'm scared of spiders",
        "I'm afraid we're out of milk",
        "I'm scared of losing you",
        "he took my keys by mistake",
        "cut myself chopping onions",
        "I don't want to be here, this party is awful",
        "killing time at the station",
    ],
)
def test_idioms_are_no_danger(text: str) -> None:
    """Seventeen that only sound so; each must pass."""
    assert soften(text).danger is None


@pytest.mark.parametrize("text", ["", "   \n\t", "🙄", "?!", "123", "Мне очень грустно", "我很难过", "\x00"])
def test_it_is_quiet_when_it_does_not_know(text: str) -> None:
    """Nothing, no words, another script."""
    found = soften(text)
    assert found.verdict == "none"
    assert found.spans == ()
    assert found.danger is None


def test_it_says_that_it_only_knows_english() -> None:
    """Another language gets a note and no verdict."""
    found = soften("Du hörst mir nie zu, du denkst immer nur an die Arbeit und nie an mich")
    assert found.verdict == "none"
    assert found.note == data("texts.json")["notes"]["language"]
    assert found.harsh == 0


def test_a_very_long_message_is_read_from_its_beginning() -> None:
    """Ten thousand characters are read, and that there were more is said."""
    long = "You never listen. " * 1000
    found = soften(long)
    assert found.note
    assert all(span.end <= LONGEST_CHARACTERS for span in found.spans)
    assert soften(long[:LONGEST_CHARACTERS]).note is None


def test_markup_is_text_like_any_other() -> None:
    """A message that would break a page comes back as it was; whoever shows it escapes it."""
    text = "<script>alert('you never listen')</script> & <b>whatever.</b>"
    found = soften(text)
    assert found.text == text
    assert all(0 <= span.start < span.end <= len(text) for span in found.spans)


@given(st.text(max_size=300) | SAID)
def test_any_text_gets_a_whole_answer(text: str) -> None:
    """No text raises; chances are chances, places lie within it, and what is silent is silent throughout."""
    found = soften(text)
    assert 0 <= found.harsh <= 1
    assert set(found.labels) == {*HARSH, *OPEN}
    assert all(0 <= chance <= 1 for chance in found.labels.values())
    assert all(0 <= span.start < span.end <= len(text) for span in found.spans)
    assert list(found.spans) == sorted(found.spans)
    if found.verdict == "none":
        assert underlined(found) == []
        assert found.softer == Softer()
    if found.danger in {"fear", "self_harm"}:
        assert found.verdict == "none"
    assert soften(text) == found


@pytest.mark.parametrize(
    "unit", ["you never ", "whatever. ", "he said 'you ", "((((", "a", "\u02bc'", "🙄", "you are so ", "*f"]
)
def test_time_grows_with_the_message_and_not_faster(unit: str) -> None:
    """An eighth of the limit and all of it: eight times as long is linear, 64 times quadratic; 24 times is allowed."""

    def took(count: int) -> float:
        best = float("inf")
        for _ in range(5):
            started = time.process_time()
            soften((unit * count)[:LONGEST_CHARACTERS])
            best = min(best, time.process_time() - started)
        return best

    whole = LONGEST_CHARACTERS // len(unit)
    soften(unit)
    assert took(whole) < 24 * took(whole // 8)


def test_strangers_are_another_matter() -> None:
    """The general model knows swearing at strangers, and no answer for couples uses it."""
    assert strangers_view("What a disgusting, stupid idiot") > 0.5 > strangers_view("I am so sad for your loss")


def test_what_ships_is_small_and_needs_nothing_else() -> None:
    """Under half a megabyte, and reading a message loads no library beyond Python's own."""
    assert sum(path.stat().st_size for path in FOLDER.parent.rglob("*") if path.suffix in {".json", ".py"}) < 500_000
    code = (
        "import sys; from toward.words import soften; soften('you never listen')\n"
        "print(sorted(m for m in sys.modules if m.split('.')[0] in {'numpy', 'scipy', 'msgspec', 'click', 'toward'}))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout
    assert "numpy" not in out
    assert "msgspec" not in out
    assert "toward.words.train" not in out
    assert "toward.words.softening" in out


def test_a_weight_can_be_asked_for() -> None:
    """What one feature says for one head is the weight in the table, and nothing for a feature that is not in it."""
    weights = model().weights
    name, row = next((name, row.split()) for name, row in weights.written.items() if row.startswith("0 "))
    assert model().pull((name, 1.0, 0, 0), "harsh") == int(row[1]) / 1000
    assert model().pull((name, 0.5, 0, 0), "harsh") == int(row[1]) / 2000
    assert model().pull(("w:never seen words", 1.0, 0, 0), "harsh") == 0


def in_a_book(model_: Model, features: list[tuple[str, float, int, int]]) -> list[float]:
    """What each head says, as it is written in a book."""
    values: dict[str, float] = {}
    for name, value, _, _ in features:
        values.setdefault(name, value)
    sums: list[float] = list(model_.biases)
    for name, value in values.items():
        row = model_.weights.written.get(name, "").split()
        for head, weight in zip(row[::2], row[1::2], strict=True):
            sums[int(head)] += int(weight) * value
    return [total / 1000 for total in sums]


@given(
    st.lists(
        st.tuples(
            st.sampled_from([*model().weights.written][::7]) | st.just("w:never seen"),
            st.sampled_from([0.5, 1.0, 1.5, 2.0]),
            st.just(0),
            st.just(0),
        )
    )
)
def test_heads_added_side_by_side_are_the_heads_added_one_by_one(seen: list[tuple[str, float, int, int]]) -> None:
    """One whole number holds all sums, and they are exact."""
    assert model().logits(seen) == in_a_book(model(), seen)


@pytest.mark.parametrize("which", [model(), general()], ids=["couples", "strangers"])
def test_no_lane_runs_over_even_if_a_message_had_every_feature(which: Model) -> None:
    """All weights of one sign and the strongest value, for every head, fit into what a lane holds."""
    for sign in (1, -1):
        sums = [0] * len(which.heads)
        for row in which.weights.written.values():
            numbers = [int(number) for number in row.split()]
            for head, weight in zip(numbers[::2], numbers[1::2], strict=True):
                sums[head] += max(0, sign * weight) * 4
        assert max(sums) < 2**31
