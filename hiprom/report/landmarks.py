"""A PoseTrack <-> landmarks.parquet: a trial kept whole, to be analysed again.

One row per video frame, one column per number: ``left_knee_x_px``,
``left_knee_world_x_m``, ``left_knee_visibility``. pandas, DuckDB and R read it
as it is. The picture's size and the caller's facts are in the file's metadata.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from hiprom.core.landmarks import LANDMARK_NAMES, SIDES
from hiprom.core.silhouette import RADII
from hiprom.core.track import PoseTrack
from hiprom.errors import InputError, ResultsError
from hiprom.report.files import writing

SCHEMA = "hiprom.landmarks"
VERSION = 1

_KEY = b"hiprom"  # where pyarrow keeps our JSON among the file's metadata


@dataclass(frozen=True)
class Block:
    """One array of PoseTrack: its field, and a column for each number of a frame.

    `shape` is a frame's part of the array; the columns are in C order. An
    `is_optional` block is left out of the file where the track holds None.
    """

    field: str
    columns: tuple[str, ...]
    shape: tuple[int, ...]
    dtype: str = "float32"
    is_optional: bool = False


def _by_mark(pattern: str, axes: str = "") -> tuple[str, ...]:
    return tuple(
        pattern.format(mark=mark, axis=axis)
        for mark in LANDMARK_NAMES
        for axis in axes or ("",)
    )


_MARKS, _ARCS = len(LANDMARK_NAMES), len(RADII)
_CHORDS = tuple(
    f"{side}_shank_chord_{arc:02d}_{what}_px"
    for side in SIDES
    for arc in range(_ARCS)
    for what in ("x", "y", "length")
)
BLOCKS = (
    Block("time_s", ("time_s",), (), "float64"),
    Block("image_px", _by_mark("{mark}_{axis}_px", "xy"), (_MARKS, 2)),
    Block("world_m", _by_mark("{mark}_world_{axis}_m", "xyz"), (_MARKS, 3)),
    Block("visibility", _by_mark("{mark}_visibility"), (_MARKS,)),
    Block("chords_px", _CHORDS, (2, _ARCS, 3), is_optional=True),
    Block("light", ("light",), (), is_optional=True),
)


def write_landmarks(path: Path, track: PoseTrack, facts: Mapping[str, Any]) -> None:
    """Write `track` to a Parquet file, losing nothing.

    Parameters
    ----------
    path : Path
    track : PoseTrack
    facts : mapping
        Whatever the caller wants to find again beside the landmarks; must be JSON.

    Raises
    ------
    ResultsError
        If the file cannot be written.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns: dict[str, Any] = {}
    for block in BLOCKS:
        values = getattr(track, block.field)
        if values is None and block.is_optional:
            continue
        flat = np.asarray(values, dtype=block.dtype).reshape(
            len(track), len(block.columns)
        )
        columns |= dict(zip(block.columns, flat.T, strict=True))
    about = {
        "schema": f"{SCHEMA}/{VERSION}",
        "width_px": int(track.width_px),
        "height_px": int(track.height_px),
        "facts": dict(facts),
    }
    table = pa.table(columns).replace_schema_metadata({_KEY: json.dumps(about)})
    with writing(path), path.open("wb") as file:
        pq.write_table(
            table,
            file,
            compression="zstd",
            compression_level=9,
            use_dictionary=False,
            use_byte_stream_split=True,  # neighbouring frames share their high bytes
            write_page_checksum=True,
        )


def read_landmarks(path: Path) -> tuple[PoseTrack, dict[str, Any]]:
    """Read a landmarks file: the track as it was written, and the caller's facts.

    Raises
    ------
    ResultsError
        If the file is missing, damaged, not one of ours, or from a newer hiprom.
    """
    table, about = _opened(path)
    fields: dict[str, Any] = {}
    there = frozenset(table.column_names)
    for block in BLOCKS:
        missing = [name for name in block.columns if name not in there]
        if len(missing) == len(block.columns) and block.is_optional:
            continue
        if missing:
            raise _not_ours(path, f"it has no column {missing[0]!r}")
        fields[block.field] = _stacked(table, block, path)
    try:
        track = PoseTrack(
            **fields, width_px=about["width_px"], height_px=about["height_px"]
        )
    except InputError as error:
        raise ResultsError(
            f"{path} is damaged: {error} Measure the video again."
        ) from error
    return track, about["facts"]


def _opened(path: Path) -> tuple[Any, dict[str, Any]]:
    """Return the pyarrow table and our metadata, of a version that we know."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with path.open("rb") as file:
            parquet = pq.ParquetFile(file, page_checksum_verification=True)
            # In threads, 300 short columns take a tenth longer.
            table = parquet.read(use_threads=False)
    except FileNotFoundError as error:
        raise ResultsError(
            f"There is no {path}. Name a landmarks.parquet that hiprom wrote."
        ) from error
    except (OSError, ValueError, pa.ArrowException) as error:
        raise ResultsError(
            f"{path} cannot be read as landmarks: it is damaged, cut short, or not a "
            "Parquet file. Measure the video again to make a new one."
        ) from error
    try:
        about = json.loads((table.schema.metadata or {})[_KEY])
        name, version = about["schema"].split("/")
        number = int(version)
        about = {
            **about,
            "width_px": int(about["width_px"]),
            "height_px": int(about["height_px"]),
            "facts": dict(about["facts"]),
        }
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise _not_ours(path, "its metadata is not hiprom's") from error
    if name != SCHEMA:
        raise _not_ours(path, f"it says {name!r}, not {SCHEMA!r}")
    if number > VERSION:
        raise ResultsError(
            f"{path} was written by a newer hiprom (schema {number}, this one knows "
            f"{VERSION}). Update hiprom to read it."
        )
    return table, about


def _stacked(table: Any, block: Block, path: Path) -> np.ndarray[Any, Any]:
    """Return the block's columns as one array, shape (n, *block.shape)."""
    columns = [table.column(name) for name in block.columns]
    for name, column in zip(block.columns, columns, strict=True):
        kind = {"float": "float32", "double": "float64"}.get(str(column.type))
        if kind != block.dtype or column.null_count:
            raise _not_ours(
                path, f"column {name!r} does not hold {block.dtype} numbers"
            )
    arrays = [column.to_numpy() for column in columns]
    return np.stack(arrays, axis=-1).reshape(table.num_rows, *block.shape)


def _not_ours(path: Path, found: str) -> ResultsError:
    return ResultsError(
        f"{path} is not a landmarks file of hiprom: {found}. Name a landmarks.parquet "
        "that hiprom wrote, or measure the video again."
    )
