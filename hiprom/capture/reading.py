"""What was read of a video -> what the person must know about it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from hiprom.capture.video_facts import VideoFacts

_WHOLE = 0.95  # less of the declared duration is no rounding: the file was cut off


@dataclass(frozen=True)
class Reading:
    """What became of a video once it was read.

    Attributes
    ----------
    frames : int
        Delivered.
    corrupt_frames : int
        Left out since they are damaged or cannot be decoded.
    untimed_frames : int
        Left out since their time is missing, or not later than the one before.
    first_time_s, last_time_s : float
        Of the delivered frames; NaN without one.
    coverage : float
        Share of the declared duration that was there, in [0, 1]; NaN if none is
        declared or no frame was delivered.
    warnings : tuple of str
        Sentences for the person.
    """

    frames: int
    corrupt_frames: int
    untimed_frames: int
    first_time_s: float
    last_time_s: float
    coverage: float
    warnings: tuple[str, ...]


def reading_of(
    facts: VideoFacts,
    *,
    frames: int,
    corrupt_frames: int,
    untimed_frames: int,
    first_time_s: float,
    last_time_s: float,
    is_over: bool,
) -> Reading:
    """Set what was read, up to the end if `is_over`, against what the file declares."""
    # The last frame, too, is shown for a while.
    shown_s = last_time_s - first_time_s
    if facts.declared_fps > 0:
        shown_s += 1 / facts.declared_fps
    declared_s = facts.declared_duration_s
    coverage = shown_s / declared_s if declared_s > 0 else math.nan
    if coverage > 1:
        coverage = 1.0

    warnings = []
    if is_over and coverage < _WHOLE:
        warnings.append(
            f"The file holds only {100 * coverage:.0f} % of its declared duration "
            f"({shown_s:.1f} s of {declared_s:.1f} s): it was cut off. "
            "Measured what is there."
        )
    met = frames + corrupt_frames + untimed_frames
    if corrupt_frames:
        warnings.append(
            f"Left out as damaged: {corrupt_frames} of {met} frames. "
            "Those soon after may be blurred."
        )
    if untimed_frames:
        warnings.append(
            "Left out for a missing or repeated time: "
            f"{untimed_frames} of {met} frames."
        )
    if facts.is_mirrored:
        warnings.append(
            "The file asks to be shown mirrored, as some selfie cameras do, and was. "
            "If writing in the picture reads backwards, left and right are exchanged."
        )
    return Reading(
        frames=frames,
        corrupt_frames=corrupt_frames,
        untimed_frames=untimed_frames,
        first_time_s=first_time_s,
        last_time_s=last_time_s,
        coverage=coverage,
        warnings=tuple(warnings),
    )
