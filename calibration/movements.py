"""Measure the films of all other movements, and altered copies; write movements.csv.

    python calibration/movements.py [--landmarks FOLDER]

The seated tests have a table of their own (accuracy.py). With a folder named, the
landmarks are kept there and used again the next time: that skips the pose model, and
is only right while nothing about reading videos, or about the copies, changes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import pandas as pd
from altered import copies_of_all_clips
from altered import tracks_of as altered_tracks_of
from altered_clips import AlteredClip
from benchmark_clips import SEATED, Clip
from clip_tracks import landmarks_folder, say, tracks_of
from movements_page import TABLE
from scoring import scored, table_of

import hiprom
from hiprom.errors import MeasurementError

# A gap is in metres.
_DECIMALS = 4


def main() -> None:
    """Measure every film and every copy, then write the table."""
    folder = landmarks_folder(__doc__)
    others = set(hiprom.PROTOCOLS) - SEATED
    copies = copies_of_all_clips(others)
    films: Iterable[tuple[Clip, hiprom.PoseTrack]] = tracks_of(folder, others)
    table = pd.concat(
        [
            *(measured(clip, track) for clip, track in films),
            *(
                measured(copy, track)
                for copy, track in altered_tracks_of(copies, folder)
            ),
        ]
    )
    table.to_csv(TABLE, index=False, lineterminator="\n")
    say("written: calibration/movements.csv; `make accuracy` puts it on the page")


def measured(clip: Clip, track: hiprom.PoseTrack) -> pd.DataFrame:
    """Return the rows of a film or a copy, and what hiprom said if it refused."""
    refused, measurement = "", None
    try:
        measurement = hiprom.measure(track, hiprom.PROTOCOLS[clip.protocol])
    except MeasurementError as reason:
        refused = str(reason)
    table = table_of(scored(clip, measurement), decimals=_DECIMALS)
    is_copy = isinstance(clip, AlteredClip)
    table.insert(0, "alteration", clip.alteration.name if is_copy else "")
    return table.assign(refused=refused)


if __name__ == "__main__":
    main()
