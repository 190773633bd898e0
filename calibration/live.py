"""Show the films to the live test, frame by frame, and write live.csv.

    python calibration/live.py [--landmarks FOLDER]

The live angle is set beside the curve of the whole trial, a repetition a row. Frames
come one after another and none is dropped, however slow the machine. The folder is that
of accuracy.py.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
import pandas as pd
from benchmark_clips import Clip
from clip_tracks import landmarks_folder, say, tracks_of
from numpy.typing import NDArray

import hiprom
from hiprom.core.guide import WINDOW_S, Guide

HERE = Path(__file__).parent
COLUMNS = (
    *("clip", "protocol", "side", "rep", "begun_s", "counted"),
    *("true_hold", "trial_hold", "live_hold", "end_range"),
    *("rms_deg", "needle_rms_deg"),
)
Angles = NDArray[np.float64]


class Shown(NamedTuple):
    """What a live test showed of a film, one value a frame.

    Attributes
    ----------
    begun_s : float
        From when on the test counts; NaN if it never began.
    leg_deg : ndarray, shape (n,)
        Hip rotation as it was read from each frame, internal positive; NaN before the
        test began and while the shank was not seen.
    needle_deg : ndarray, shape (n,)
        The same as the gauge shows it, with the jitter taken out.
    reps : ndarray of int, shape (n,)
        Repetitions counted so far.
    """

    begun_s: float
    leg_deg: Angles
    needle_deg: Angles
    reps: NDArray[np.intp]


def main() -> None:
    """Follow every film, then write the table."""
    rows = []
    for clip, track in tracks_of(landmarks_folder(__doc__)):
        protocol = hiprom.PROTOCOLS[clip.protocol]
        trial = hiprom.measure(track, protocol)
        rows += compared(clip, shown(track, protocol, clip.side), trial)
    table_of(rows).to_csv(HERE / "live.csv", index=False, lineterminator="\n")
    say("written: calibration/live.csv; `make accuracy` puts it on the page")


def shown(track: hiprom.PoseTrack, protocol: hiprom.Protocol, side: str) -> Shown:
    """Return what a live test of that leg would have shown, frame by frame.

    The test begins by itself; nobody is there who could follow its advice.
    """
    assert side == "left" or side == "right"  # noqa: PLR1714 (mypy reads this one)
    guide = Guide(protocol, side, title="", reps_wanted=None, is_patient=False)
    time_s = track.time_s
    leg_deg, needle_deg = np.full((2, len(time_s)), np.nan)
    reps = np.zeros(len(time_s), dtype=np.intp)
    for last, now_s in enumerate(time_s):
        guide.see(track.part((time_s > now_s - WINDOW_S) & (time_s <= now_s)))
        scene = guide.scene()
        if guide.now is not None:
            leg_deg[last] = guide.now.rotation_deg
        needle_deg[last] = protocol.direction * scene.angle
        reps[last] = scene.reps_done
    begun_s = np.nan if guide.begun_s is None else guide.begun_s
    return Shown(begun_s, leg_deg, needle_deg, reps)


def compared(
    clip: Clip, live: Shown, trial: hiprom.Measurement
) -> list[dict[str, Any]]:
    """Return a row for every true repetition: the live test beside the whole trial.

    `true_hold`, `trial_hold` and `live_hold` are medians of the angle over the true
    hold, `counted` is what the live test had counted when the next repetition began;
    `end_range` is what was reported in the end. The rest is the film's.
    """
    (leg,) = (leg for leg in trial.sides if leg.side == clip.side)
    time_s, trial_deg = trial.time_s, leg.traces["hip_rotation_deg"]
    about = {
        "clip": clip.name,
        "protocol": clip.protocol,
        "side": clip.side,
        "begun_s": live.begun_s,
        "rms_deg": _rms(live.leg_deg - trial_deg),
        "needle_rms_deg": _rms(live.needle_deg - trial_deg),
    }
    next_s = [rep.start_s for rep in clip.reps[1:]] + [np.inf]
    rows = []
    for number, (true, end_s) in enumerate(zip(clip.reps, next_s, strict=True), 1):
        first_s, last_s = true.hold_s
        is_held = (time_s >= first_s) & (time_s <= last_s)
        ends = [r.end_range for r in leg.reps if r.start_s <= true.middle_s <= r.end_s]
        row = {
            "rep": number,
            "counted": live.reps[time_s < end_s][-1],
            "true_hold": true.end,
            "trial_hold": np.nanmedian(trial_deg[is_held]),
            "live_hold": np.nanmedian(live.leg_deg[is_held]),
            "end_range": ends[0] if ends else np.nan,
        }
        rows.append(about | row)
    return rows


def table_of(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Return the rows as the table of live.csv, rounded as it stands there."""
    return pd.DataFrame(rows, columns=list(COLUMNS)).round(2)


def _rms(away_deg: Angles) -> float:
    return float(np.sqrt(np.nanmean(away_deg**2)))


if __name__ == "__main__":
    main()
