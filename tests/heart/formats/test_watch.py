"""Electrocardiograms that Apple Health exported, in the layouts that were seen of English and German phones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.heart.made_signals import ecg, sinus_times
from toward.errors import UnreadableFile
from toward.heart.formats import read
from toward.heart.recording import Ecg
from toward.heart.stream import summarise

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ENGLISH = """Name,Somebody
Date of Birth,"4 Jan 1992"
Recorded Date,2026-08-26 18:15:35 +0100
Classification,Sinus Rhythm
Symptoms,
Software Version,1.90
Device,"Watch7,11"
Sample Rate,512 hertz


Lead,Lead I
Unit,µV

"""
GERMAN = """Name
Geburtstag,"27.03.1987"
Aufzeichnungsdatum,2026-08-26 19:15:35 +0200
Klassifizierung,Sinusrhythmus
Symptome,
Softwareversion,1.13
Gerät,"Watch4,2"
Messrate,511,562\u00a0Hertz


Ableitung,Ableitung I
Einheit,µV

"""
SAMPLES = (1000.0 * ecg(sinus_times(30.0), 30.0, 512.0)).round(3)


@pytest.mark.parametrize(
    ("heading", "mark", "rate_hz", "lead"),
    [(ENGLISH, ".", 512.0, "Lead I"), (ENGLISH, ",", 512.0, "Lead I"), (GERMAN, ",", 511.562, "Ableitung I")],
)
def test_a_watchs_export_is_recognised_in_any_language(
    write: Callable[[str | bytes], Path], heading: str, mark: str, rate_hz: float, lead: str
) -> None:
    """Rate, hour, lead, and every sample, whichever mark parts whole numbers from the rest."""
    rows = "\n".join(f"{value:.15g}" for value in SAMPLES.tolist())
    reading = read(write(heading + rows.replace(".", mark) + "\n"))
    assert isinstance(reading.recording, Ecg)
    assert (reading.format, reading.recording.rate_hz) == ("ecg", rate_hz)
    assert reading.started_ms == 1_787_764_535_000
    assert reading.notes[0].details == {"name": lead}
    np.testing.assert_array_equal(reading.recording.samples, SAMPLES)


def test_its_beats_are_found(write: Callable[[str | bytes], Path]) -> None:
    """From the file to the rate."""
    told = summarise(read(write(GERMAN.replace("511,562", "512") + "\n".join(f"{v:.3f}" for v in SAMPLES))).recording)
    assert told.hr_bpm == pytest.approx(66.0, abs=1.0)


@pytest.mark.parametrize(
    ("row", "value"), [("1,234.5", 1234.5), ("1.234,5", 1234.5), ("-0,5", -0.5), ("-1.5", -1.5), ("\u22127", -7.0)]
)
def test_marks_between_thousands_are_told_from_decimal_marks(
    write: Callable[[str | bytes], Path], row: str, value: float
) -> None:
    """By the other mark beside them."""
    recording = read(write(ENGLISH + f"12\n{row}\n3\n")).recording
    assert recording[0].tolist() == [12.0, value, 3.0]


def test_words_among_the_samples_are_missing_samples(write: Callable[[str | bytes], Path]) -> None:
    """One is a gap; mostly words is another kind of file."""
    assert np.isnan(read(write(ENGLISH + "1\n2\nlost\n4\n5\n")).recording[0]).tolist() == [
        False,
        False,
        True,
        False,
        False,
    ]
    with pytest.raises(UnreadableFile) as refused:
        read(write(ENGLISH + "1\n" + "dear diary\n" * 9))
    assert refused.value.reason == "numbers"


def test_without_its_rate_or_unit_it_is_no_such_file(write: Callable[[str | bytes], Path]) -> None:
    """Nothing is guessed of what the lines above don't say."""
    for text in (ENGLISH.replace("512 hertz", ""), ENGLISH.replace("µV", "steps")):
        with pytest.raises(UnreadableFile):
            read(write(text + "\n".join(map(str, SAMPLES[:600].tolist()))))
