"""Tests for hiprom.report.landmarks: nothing is lost, and strangers are refused."""

from contextlib import suppress
from dataclasses import replace

import examples
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from numpy.testing import assert_array_equal

from hiprom.errors import ResultsError
from hiprom.report.landmarks import read_landmarks, write_landmarks

FACTS = {"video": {"name": "größe.mp4", "fps": 29.97}, "warnings": ["one", "two"]}


@pytest.fixture
def track():
    track = examples.trial()[1]
    track.image_px[5] = np.nan
    track.world_m[5] = np.nan
    track.visibility[5] = np.nan
    chords = np.random.default_rng(4).normal(300, 90, (len(track), 2, 20, 3))
    return replace(track, chords_px=chords.astype(np.float32))


@pytest.fixture
def written(track, tmp_path):
    path = tmp_path / "landmarks.parquet"
    write_landmarks(path, track, FACTS)
    return path


def test_a_track_comes_back_bit_for_bit(track, written):
    again, facts = read_landmarks(written)

    for name in ("time_s", "image_px", "world_m", "visibility", "chords_px", "light"):
        assert_array_equal(getattr(again, name), getattr(track, name), strict=True)
    assert (again.width_px, again.height_px) == (track.width_px, track.height_px)
    assert facts == FACTS


def test_a_track_without_silhouettes_stays_without(track, tmp_path):
    path = tmp_path / "landmarks.parquet"

    write_landmarks(path, replace(track, chords_px=None), {})

    assert read_landmarks(path)[0].chords_px is None
    assert pq.read_table(path).num_columns == 1 + 33 * 6


def test_an_empty_track_comes_back_too(track, tmp_path):
    path = tmp_path / "landmarks.parquet"
    none = replace(
        track,
        time_s=track.time_s[:0],
        image_px=track.image_px[:0],
        world_m=track.world_m[:0],
        visibility=track.visibility[:0],
        chords_px=track.chords_px[:0],
    )

    write_landmarks(path, none, {})

    assert len(read_landmarks(path)[0]) == 0


def test_others_find_each_number_by_its_name(track, written):
    table = pq.read_table(written)

    assert_array_equal(table["left_knee_x_px"], track.image_px[:, 25, 0])
    assert_array_equal(table["right_ankle_world_z_m"], track.world_m[:, 28, 2])
    assert_array_equal(table["nose_visibility"], track.visibility[:, 0])
    assert_array_equal(table["time_s"], track.time_s)
    assert_array_equal(table["right_shank_chord_07_y_px"], track.chords_px[:, 1, 7, 1])
    assert table.num_columns == 1 + 33 * 6 + 2 * 20 * 3


@pytest.mark.parametrize("keep", [0, 4, 1000, -1, -9])
def test_a_file_cut_short_is_refused(written, keep):
    written.write_bytes(written.read_bytes()[:keep])

    with pytest.raises(ResultsError, match=r"landmarks\.parquet cannot be read"):
        read_landmarks(written)


def test_a_flipped_byte_is_noticed_and_never_changes_a_landmark(track, written):
    whole = written.read_bytes()
    places = np.random.default_rng(7).integers(0, len(whole), 80)

    for place in places:
        damaged = bytearray(whole)
        damaged[place] ^= 0xFF
        written.write_bytes(damaged)
        with suppress(ResultsError):
            again, _ = read_landmarks(written)
            assert_array_equal(again.image_px, track.image_px)
            assert_array_equal(again.time_s, track.time_s)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ResultsError, match=r"There is no .*nowhere"):
        read_landmarks(tmp_path / "nowhere.parquet")


def test_a_text_file_is_refused(tmp_path):
    path = tmp_path / "landmarks.parquet"
    path.write_text("frame,time_s\n0,0.0\n")

    with pytest.raises(ResultsError, match="not a Parquet file"):
        read_landmarks(path)


def test_somebody_elses_parquet_is_refused(tmp_path):
    path = tmp_path / "landmarks.parquet"
    pq.write_table(pa.table({"a": [1, 2]}), path)

    with pytest.raises(ResultsError, match="not a landmarks file of hiprom"):
        read_landmarks(path)


def rewritten(path, columns=None, **about):
    """Change the file's metadata or columns, as another program would."""
    import json

    table = pq.read_table(path)
    known = json.loads(table.schema.metadata[b"hiprom"])
    for name, values in (columns or {}).items():
        place = table.column_names.index(name)
        table = (
            table.remove_column(place)
            if values is None
            else table.set_column(place, name, values)
        )
    table = table.replace_schema_metadata({b"hiprom": json.dumps({**known, **about})})
    pq.write_table(table, path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"schema": "hiprom.landmarks/2"}, "written by a newer hiprom"),
        ({"schema": "hiprom.other/1"}, "it says 'hiprom.other'"),
        ({"schema": None}, "its metadata is not hiprom's"),
        ({"width_px": "wide"}, "its metadata is not hiprom's"),
        ({"columns": {"nose_x_px": None}}, "has no column 'nose_x_px'"),
    ],
)
def test_a_file_that_was_changed_is_refused(written, change, message):
    rewritten(written, **change)

    with pytest.raises(ResultsError, match=message):
        read_landmarks(written)


@pytest.mark.parametrize("values", [["here"], [1], pa.array([None], pa.float32())])
def test_a_column_of_another_kind_is_refused(track, written, values):
    column = pa.array(values)
    rewritten(written, {"nose_x_px": column.take(pa.array([0] * len(track)))})

    with pytest.raises(ResultsError, match="'nose_x_px' does not hold float32"):
        read_landmarks(written)


def test_a_clock_that_runs_backwards_is_refused(track, written):
    rewritten(written, {"time_s": pa.array(track.time_s[::-1])})

    with pytest.raises(ResultsError, match=r"is damaged: time_s must be .* increasing"):
        read_landmarks(written)


def test_says_when_the_place_cannot_be_written(track, tmp_path):
    with pytest.raises(ResultsError, match="a folder of that name is in the way"):
        write_landmarks(tmp_path, track, {})
