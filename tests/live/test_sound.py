"""The breath's tones as they are: rendered by Chromium's own audio engine, and measured by their samples."""

from __future__ import annotations

from base64 import b64decode
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pytest

from tests.live.harness import Harness, served
from tests.live.test_settle_page import says

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from tests.fixtures.browser import Phones

Samples: TypeAlias = "npt.NDArray[np.float64]"
RATE_HZ = 44_100
RENDER = """async ([rate, tones, seconds]) => {
    const { tone } = await import("/static/js/sound.js");
    const context = new OfflineAudioContext(1, rate * seconds, rate);
    for (const [at, length, from, to] of tones) tone(context.destination, at, length, from, to);
    const rendered = await context.startRendering();
    // A string: number by number, half a million samples take twenty seconds on their way here.
    const bytes = new Uint8Array(rendered.getChannelData(0).buffer);
    let text = "";
    for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
    return btoa(text);
}"""
IN, OUT = (0.0, 4.0, 196.0, 294.0), (4.0, 6.0, 294.0, 147.0)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """One app for all tests here."""
    with served(Harness().app) as url:
        yield url


@pytest.fixture
def breath(phone: Phones, address: str) -> Samples:
    """Ten seconds: in for four, out for six."""
    page = phone(address)
    page.goto("/?alone")
    rendered = b64decode(page.evaluate(RENDER, [RATE_HZ, [IN, OUT], 10]))
    return np.frombuffer(rendered, np.float32).astype(np.float64)


def _db(share: float) -> float:
    return float(20 * np.log10(share + 1e-12))


def _spectrum(samples: Samples, at_s: float, length_s: float = 0.2) -> tuple[Samples, Samples]:
    """Frequencies and powers of a short piece."""
    begin = int((at_s - length_s / 2) * RATE_HZ)
    piece = samples[begin : begin + int(length_s * RATE_HZ)]
    power: Samples = np.abs(np.fft.rfft(piece * np.hanning(piece.size), 8 * piece.size)) ** 2
    hz: Samples = np.asarray(np.fft.rfftfreq(8 * piece.size, 1 / RATE_HZ), np.float64)
    return hz, power


def _pitch_hz(samples: Samples, at_s: float) -> float:
    hz, power = _spectrum(samples, at_s)
    low = (hz > 100) & (hz < 400)
    return float(hz[low][np.argmax(power[low])])


def _glide_hz(tone: tuple[float, float, float, float], at_s: float) -> float:
    at, length, begin, end = tone
    return float(begin * (end / begin) ** ((at_s - at) / length))


def test_the_pitch_rises_while_breathing_in_and_falls_an_octave_while_breathing_out(breath: Samples) -> None:
    """At every half second the fundamental is where an even glide has it, within two in a hundred."""
    for tone in (IN, OUT):
        for at_s in np.arange(tone[0] + 0.5, tone[0] + tone[1] - 0.4, 0.5):
            assert _pitch_hz(breath, at_s) == pytest.approx(_glide_hz(tone, at_s), rel=0.02)


def test_a_small_loudspeaker_has_enough_of_it_and_nothing_is_sharp(breath: Samples) -> None:
    """Above 400 Hz there is at most 15 dB less than in all; above 2 kHz at least 60 dB less."""
    for at_s in (1.5, 2.5, 5.5, 7.0, 8.5):
        hz, power = _spectrum(breath, at_s)
        whole = power.sum()
        assert 10 * np.log10(power[hz > 400].sum() / whole) > -15
        assert 10 * np.log10(power[hz > 2000].sum() / whole) < -60


def test_it_swells_and_fades_without_a_click_and_never_startles(breath: Samples) -> None:
    """Quiet at its loudest (-24 to -12 dB RMS, peak under -10), silent at the turns, no step between samples."""
    peak = np.abs(breath).max()
    assert _db(float(peak)) < -10
    levels = [
        _db(float(np.sqrt(np.mean(breath[int(at_s * RATE_HZ) : int((at_s + 0.1) * RATE_HZ)] ** 2))))
        for at_s in np.arange(0, 10, 0.1)
    ]
    assert -24 < max(levels) < -12
    for turn_s in (0.0, 3.95, 9.9):
        assert levels[int(turn_s * 10)] < max(levels) - 18
    # Five overtones of a 294 Hz tone at that height: the steepest a smooth wave can be.
    assert np.abs(np.diff(breath)).max() < 2 * np.pi * 294 * 5 / RATE_HZ * peak
    hz, power = _spectrum(breath, 4.0)
    assert 10 * np.log10(power[hz > 4000].sum() / (power.sum() + 1e-30)) < -40
    swells = np.diff(levels[:14])
    assert (swells > 0).all(), "it comes up evenly"


def test_in_and_out_are_as_loud_as_each_other(breath: Samples) -> None:
    """Nobody has to wait for the next one: within two decibels."""
    loudest = [
        max(_db(float(np.sqrt(np.mean(breath[i : i + 4410] ** 2)))) for i in range(a * RATE_HZ, b * RATE_HZ, 4410))
        for a, b in ((0, 4), (4, 10))
    ]
    assert abs(loudest[0] - loudest[1]) < 2


def test_a_hidden_page_has_all_its_tones_and_no_timer(phone: Phones, address: str) -> None:
    """Whoever locks the screen hears the breath to its end, where the system lets pages sound; nothing ticks."""
    page = phone(address)
    page.add_init_script(
        """
        window.tones = [];
        window.ticking = new Set();
        const { start } = OscillatorNode.prototype;
        OscillatorNode.prototype.start = function (at) { window.tones.push(at); return start.call(this, at); };
        const [set, clear] = [window.setInterval, window.clearInterval];
        window.setInterval = (...given) => { const id = set(...given); window.ticking.add(id); return id; };
        window.clearInterval = (id) => { window.ticking.delete(id); clear(id); };
        """
    )
    page.goto("/?alone")
    page.get_by_role("button", name="Begin").click()
    says(page, "words", "breathe in")
    assert page.evaluate("window.ticking.size") == 1
    page.evaluate(
        """() => {
            Object.defineProperty(document, "hidden", { configurable: true, get: () => window.away ?? false });
            window.away = true;
            document.dispatchEvent(new Event("visibilitychange"));
        }"""
    )
    assert page.evaluate("window.tones.length") == 12
    assert page.evaluate("new Set(window.tones.map((at) => at.toFixed(2))).size") == 12
    assert page.evaluate("window.ticking.size") == 0
    page.evaluate("() => { window.away = false; document.dispatchEvent(new Event('visibilitychange')); }")
    assert page.evaluate("window.tones.length") == 12
    assert page.evaluate("window.ticking.size") == 1
