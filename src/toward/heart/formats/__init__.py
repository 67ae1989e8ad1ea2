"""Recordings as other programs and devices write them, read piece by piece.

`open_recording` looks at a file, says what it is, and hands out pieces of it, so that a day of ECG needs no more
memory than a minute of it; `read` puts the pieces together. What a file does not say is not guessed: a unit is taken
from the numbers only where they leave no doubt, and then a note says so.

| format | what | told by |
|---|---|---|
| rr | intervals: Polar, Elite HRV, Kubios text; tables | numbers alone, or a column named rr, ibi, nn |
| ecg | what Apple Health exports of a watch: see `toward.heart.formats.watch` | lines above it in hertz and volts |
| ecg, ppg | tables with a time column, or a rate that the caller names | a column named ecg, ppg, pleth, ... |
| camera | one row a camera frame: time and mean R, G, B (Welltory) | columns named R, G, B |
| wfdb | PhysioNet records (.hea, .dat; every packing but the compressed ones), beat annotations (.atr) | the header |
| fit | intervals of a sports watch (Garmin and others) | the file's first bytes |
| ndjson | what this program writes: see `toward.heart.formats.ndjson` | a first line of JSON |
"""

from __future__ import annotations

from toward.heart.formats.opened import Note, Opened, Recording
from toward.heart.formats.opening import FORMATS, Reading, joined, open_recording, read

__all__ = ["FORMATS", "Note", "Opened", "Reading", "Recording", "joined", "open_recording", "read"]
