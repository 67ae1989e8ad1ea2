"""PhysioNet's records and the program's own: written here byte by byte, read back to the last sample."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from toward.errors import TowardError, UnreadableFile
from toward.heart.formats import open_recording, read, wfdb
from toward.heart.formats.packings import PACKINGS
from toward.heart.recording import Beats, CameraFrames, Ecg, Ppg

if TYPE_CHECKING:
    from collections.abc import Mapping

DATA = Path(__file__).parents[4] / "shared" / "data"


def packed(steps: np.ndarray, packing: str) -> bytes:
    """Samples as a record holds them."""
    if packing == "212":
        flat = np.append(steps.ravel(), 0) if steps.size % 2 else steps.ravel()
        low, high = (flat.astype(np.int64) & 0xFFF).reshape(-1, 2).T
        rows = np.stack((low & 0xFF, (low >> 8) | (high >> 8) << 4, high & 0xFF), axis=1).astype(np.uint8)
        return rows.tobytes()[: (steps.size * 3 + 1) // 2]
    if packing in {"310", "311"}:
        return b"".join(in_four_bytes(steps.ravel()[i : i + 3].tolist(), packing) for i in range(0, steps.size, 3))
    if packing == "24":
        return b"".join(step.to_bytes(3, "little", signed=True) for step in steps.ravel().tolist())
    if packing == "8":
        return np.diff(steps, axis=0, prepend=10).astype(np.int8).tobytes()
    if packing in {"80", "160"}:
        return (steps + (128 if packing == "80" else 32_768)).astype("u1" if packing == "80" else "<u2").tobytes()
    return steps.astype({"16": "<i2", "61": ">i2", "32": "<i4"}[packing]).tobytes()


def in_four_bytes(three: list[int], packing: str) -> bytes:
    """Up to three samples of ten bits, bit by bit as the description counts them; no byte more than they need."""
    bits = [0] * 32
    places = {
        "310": [[*range(1, 11)], [*range(17, 27)], [*range(11, 16), *range(27, 32)]],
        "311": [[*range(10)], [*range(10, 20)], [*range(20, 30)]],
    }[packing]
    for step, where in zip(three, places, strict=False):
        for i, place in enumerate(where):
            bits[place] = step >> i & 1
    whole = sum(bit << i for i, bit in enumerate(bits)).to_bytes(4, "little")
    return whole[: {"310": (2, 4, 4), "311": (2, 3, 4)}[packing][len(three) - 1]]


def record(
    folder: Path, steps: np.ndarray, packing: str = "212", *, frames: int | None = None, names: str = "MLII V1"
) -> Path:
    """A record of as many signals as *steps* has columns."""
    (folder / "r.dat").write_bytes(packed(steps, packing))
    lines = [f"r {steps.shape[1]} 250 {steps.shape[0] if frames is None else frames}"]
    lines += [f"r.dat {packing} 100(10)/mV 11 0 10 0 0 {name}" for name in names.split()[: steps.shape[1]]]
    (folder / "r.hea").write_text("# made\n" + "\n".join(lines) + "\n")
    return folder / "r"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(PACKINGS), st.integers(1, 3), st.integers(1, 40), st.integers(0, 99))
def test_packings_round_trip(tmp_path: Path, packing: str, signals: int, frames: int, seed: int) -> None:
    """Every packing, any number of signals, odd and even lengths: the sample written is the sample read."""
    most = 2 ** {"8": 6, "80": 7, "310": 9, "311": 9, "212": 11, "24": 23, "32": 31}.get(packing, 15) - 1
    steps = np.random.default_rng(seed).integers(-most, most, (frames, signals), endpoint=packing != "8")
    path = record(tmp_path, steps, packing, names="ECG PLETH V3")
    for column, name in enumerate(["ECG", "PLETH", "V3"][:signals]):
        found = read(path, column=name).recording
        assert isinstance(found, Ppg if name == "PLETH" else Ecg)
        assert np.allclose(found.samples, (steps[:, column] - 10) / 100)
        assert found.rate_hz == 250


def test_what_the_converter_missed_is_nan(tmp_path: Path) -> None:
    """Each packing's own value for nothing."""
    nothing = {"212": -2048, "16": -32_768, "160": -32_768, "80": -128, "24": -(2**23), "310": -512, "311": -512}
    for packing, missing in nothing.items():
        path = record(tmp_path, np.array([[5], [missing], [7]]), packing)
        assert np.isnan(read(path).recording[0]).tolist() == [False, True, False]


def test_a_record_is_named_in_any_way(tmp_path: Path) -> None:
    """By its name, its header, its signals; and read in pieces."""
    path = record(tmp_path, np.zeros((70_000, 2), np.int64))
    for name in ("r", "r.hea", "r.dat"):
        assert read(tmp_path / name).format == "wfdb"
    opened = open_recording(path)
    assert [piece[0].size for piece in opened.pieces()] == [65_536, 4_464]
    assert opened.rows == 70_000


@pytest.mark.parametrize("packing", ["8", "310", "311"])
def test_a_piece_goes_on_where_the_last_one_ended(tmp_path: Path, packing: str) -> None:
    """No cut goes through bytes that samples share, and differences add up over it."""
    steps = np.random.default_rng(1).integers(-60, 60, (66_001, 2))
    whole = read(record(tmp_path, steps, packing), column="V1").recording[0]
    assert np.array_equal(whole, (steps[:, 1] - 10) / 100)


def annotated(*entries: tuple[int, int]) -> bytes:
    """(samples since the last, code) for each, as bytes, with the end that an annotation file has."""
    words = [code << 10 | apart for apart, code in entries]
    return np.array([*words, 0], "<u2").tobytes()


def test_annotated_beats_are_read(tmp_path: Path) -> None:
    """Letters become kinds, notes and rhythm marks are stepped over, long pauses are counted."""
    record(tmp_path, np.zeros((10, 1), np.int64))
    skip = np.array([59 << 10, 1, 5], "<u2").tobytes()  # 65,541 samples
    note = np.array([63 << 10 | 3], "<u2").tobytes() + b"(N\0\0"
    raw = annotated((18, 28))[:-2] + note + annotated((77, 1), (293, 5))[:-2] + skip + annotated((0, 1), (5, 61))
    (tmp_path / "r.atr").write_bytes(raw)
    found = read(tmp_path / "r.atr").recording
    assert isinstance(found, Beats)
    assert (found.time_s * 250).round().tolist() == [95, 388, 65_929]
    assert found.kind.tolist() == [0, 1, 0]


@pytest.mark.parametrize(
    "raw", [b"", b"\0\0", annotated((5, 1))[:-2], np.array([59 << 10, 1], "<u2").tobytes(), b"dear diary" * 9]
)
def test_refuses_annotations_that_are_none(tmp_path: Path, raw: bytes) -> None:
    """Without an end, without a beat, torn, or of words."""
    record(tmp_path, np.zeros((10, 1), np.int64))
    (tmp_path / "r.atr").write_bytes(raw)
    with pytest.raises(UnreadableFile):
        read(tmp_path / "r.atr")


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("", "header"),
        ("r", "header"),
        ("r/3 1 250 10\n", "segments"),
        ("r 0 250 10\n", "header"),
        ("r 1 0 10\nr.dat 16\n", "header"),
        ("r 2 250 10\nr.dat 16 100 11 0 0 0 0 ECG\n", "header"),
        ("r 1 250 10\nr.dat 516 100 11 0 0 0 0 ECG\n", "packing"),
        ("r 1 250 10\nr.dat 16x4 100 11 0 0 0 0 ECG\n", "packing"),
        ("r 1 250 10\nr.dat bits 100 11 0 0 0 0 ECG\n", "header"),
        ("r 1 250 10\nr.dat 16 much 11 0 0 0 0 ECG\n", "header"),
        ("r 1 250 10\n../r.dat 16 100 11 0 0 0 0 ECG\n", "header"),
        ("r 1 250 10\nother.dat 16 100 11 0 0 0 0 ECG\n", "signal"),
        ("r 2 250 10\nr.dat 16 100 11 0 0 0 0 ECG\nr.dat 212 100 11 0 0 0 0 V\n", "header"),
        ("r 1 250 99\nr.dat 16 100 11 0 0 0 0 ECG\n", "short"),
        ("r 1 250 10\nr.dat 16 100 11 0 0 0 0 RESP\n", "column"),
    ],
)
def test_refuses_headers_that_promise_what_is_not_there(tmp_path: Path, header: str, reason: str) -> None:
    """Each with its reason."""
    (tmp_path / "r.hea").write_text(header)
    (tmp_path / "r.dat").write_bytes(bytes(20))
    with pytest.raises(UnreadableFile) as refused:
        read(tmp_path / "r")
    assert refused.value.reason == reason


def test_a_header_may_leave_things_out(tmp_path: Path) -> None:
    """No length: to the end of the file. No gain: 200. A header without its record is no file."""
    (tmp_path / "r.hea").write_text("r 1\nr.dat 16\n")
    (tmp_path / "r.dat").write_bytes(np.array([200, 400], "<i2").tobytes())
    with pytest.raises(UnreadableFile):
        read(tmp_path / "r")
    header = wfdb.read_header(tmp_path / "r.hea")
    assert np.concatenate(list(wfdb.samples_of(header, 0))).tolist() == [1, 2]
    with pytest.raises(UnreadableFile):
        wfdb.read_header(tmp_path / "s.hea")


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(header=st.text(alphabet="r 0123456789.xdat/()+-\n1264Ve", max_size=80), raw=st.binary(max_size=60))
def test_rubbish_records_are_refused_or_read(tmp_path: Path, header: str, raw: bytes) -> None:
    """Any header over any bytes: samples, or an error of ours."""
    (tmp_path / "r.hea").write_text(header)
    (tmp_path / "r.dat").write_bytes(raw)
    (tmp_path / "r.atr").write_bytes(raw)
    for name in ("r", "r.atr"):
        try:
            read(tmp_path / name)
        except TowardError:
            continue


@pytest.mark.skipif(not DATA.is_dir() and "CI" not in os.environ, reason="the recordings are not here")
def test_real_records_are_read() -> None:
    """Three half hours of two leads, with the annotated number of beats."""
    for name, beats in (("100", 2273), ("105", 2572), ("208", 2955)):
        ecg = read(DATA / "ecg" / name).recording
        assert isinstance(ecg, Ecg)
        assert (ecg.samples.size, ecg.rate_hz) == (650_000, 360)
        assert read(DATA / "ecg" / f"{name}.atr").recording[0].size == beats
    assert read(DATA / "ecg" / "100", column="V5").recording[0][0] == pytest.approx(-0.065)


def lines(*members: Mapping[str, object], kind: str = "beats", **more: object) -> str:
    """A recording of the program's own."""
    first = {"toward": "heart", "version": 1, "kind": kind, **more}
    return "\n".join(json.dumps(member) for member in (first, *members)) + "\n"


def own(folder: Path, text: str) -> Path:
    """That, in a file."""
    (folder / "r.ndjson").write_text(text)
    return folder / "r.ndjson"


def test_beats_of_packets_add_up(tmp_path: Path) -> None:
    """The radio's jitter doesn't reach the beats; a silence does, as a gap, told or by the clock."""
    text = lines(
        {"t_ms": 1000, "rr_ms": [800, 810]},
        {"t_ms": 2300, "rr_ms": []},
        {"t_ms": 2650, "rr_ms": [790]},
        {"t_ms": 60_000, "rr_ms": [820]},
        {"t_ms": 61_000, "rr_ms": [800], "gap": True, "battery": 80},
        started_ms=1_767_225_600_000,
    )
    reading = read(own(tmp_path, text))
    assert reading.started_ms == 1_767_225_600_000
    assert isinstance(reading.recording, Beats)
    time_s = reading.recording.time_s
    assert np.allclose(time_s, [-0.61, 0.19, 1.0, 1.79, 59.18, 60.0, 60.2, 61.0])
    assert np.allclose(reading.recording.gaps, [[1.79, 59.18], [60.0, 60.2]])
    assert (np.diff(time_s) > 0).all()


def test_frames_are_read_in_order(tmp_path: Path) -> None:
    """A late frame is left out; a torn last line too."""
    members = [{"t_ms": 33.3 * i, "r": 200 + i % 3, "g": 1, "b": 0.5} for i in range(100)]
    members.insert(50, members[10])
    reading = read(own(tmp_path, lines(*members, kind="frames") + '{"t_ms": 99, "r"'))
    assert isinstance(reading.recording, CameraFrames)
    assert reading.recording.time_s.size == 100
    many = [{"t_ms": i, "r": 1, "g": 1, "b": 1} for i in range(20_000)]
    assert [p[0].size for p in open_recording(own(tmp_path, lines(*many, kind="frames"))).pieces()] == [16_384, 3_616]


@pytest.mark.parametrize(
    "text",
    [
        "{}\n",
        "{",
        '{"toward": "heart", "version": 2, "kind": "beats"}\n',
        '{"toward": "heart", "version": 1, "kind": "waves"}\n',
        lines(),
        lines({"t_ms": 5, "rr_ms": "many"}),
        lines({"t_ms": 5, "rr_ms": [-5]}),
        lines({"t_ms": 5, "rr_ms": [True]}),
        lines({"rr_ms": [800]}),
        lines({"t_ms": 5000, "rr_ms": [800]}, {"t_ms": 10, "rr_ms": [800]}),
        lines({"t_ms": 5, "r": 1, "g": None, "b": 3}, kind="frames"),
        lines(*({"t_ms": 5 - i, "r": 1, "g": 2, "b": 3} for i in range(9)), kind="frames"),
        lines(kind="frames"),
        lines({"t_ms": 1, "rr_ms": [800]}) + "not json\n" + '{"t_ms": 2, "rr_ms": [800]}',
        lines({"t_ms": 1, "rr_ms": [800]}) + "[1]}\n",
        "[" * 100_000,
    ],
)
def test_refuses_what_the_program_did_not_write(tmp_path: Path, text: str) -> None:
    """Other versions and kinds, wrong types, time that runs back, lines torn in the middle, nothing at all."""
    with pytest.raises(UnreadableFile):
        read(own(tmp_path, text), format="ndjson")


def test_an_empty_file_is_said_to_be_empty(tmp_path: Path) -> None:
    """Rather than to lack a first line."""
    with pytest.raises(UnreadableFile, match="empty"):
        read(own(tmp_path, "\n\n"), format="ndjson")
