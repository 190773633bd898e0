"""A clip's track -> the same track with something wrong, to see what that costs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np

from hiprom import PoseTrack
from hiprom.core.landmarks import ANKLES

_FALSE_EDGE_DEG = 4.0
_SPELL_S, _SPELL_SHARE = 0.5, 0.3

Damage = Callable[[PoseTrack], PoseTrack]


def without_silhouettes(track: PoseTrack) -> PoseTrack:
    """Return the track with its landmarks alone, as loose clothes would leave it."""
    return replace(track, chords_px=None)


def with_focal_length(track: PoseTrack, stated: float) -> PoseTrack:
    """Return the track as if the focal length were `stated` times what is assumed.

    hiprom takes the longer side of the picture for the focal length, so the picture
    gets a wider border, or loses some of it, about the same middle.
    """
    size = np.array([track.width_px, track.height_px])
    longer = stated * size.max()
    other = np.round([longer, max(longer * size.min() / size.max(), size.min())])
    other = np.minimum(other, longer).astype(int)
    shift = ((other - size) / 2).astype(np.float32)
    chords = track.chords_px
    assert chords is not None
    moved = chords.copy()
    moved[..., :2] += shift
    return replace(
        track,
        image_px=track.image_px + shift,
        chords_px=moved,
        width_px=int(other[0]),
        height_px=int(other[1]),
    )


def with_false_edges(track: PoseTrack) -> PoseTrack:
    """Return the track with outlines that lie, for half a second at a time.

    In three spells of ten a shank's outline is tilted outwards by 4 degrees about the
    ankle, as a table leg or a trouser leg beside the shin would tilt it; each shank has
    its own spells.
    """
    assert track.chords_px is not None
    spell = np.floor((track.time_s - track.time_s[0]) / _SPELL_S).astype(int)
    chance = np.random.default_rng(1).random((spell.max() + 1, 2))
    outwards = np.array([-1, 1]) * np.tan(np.radians(_FALSE_EDGE_DEG))
    turn = np.where(chance < _SPELL_SHARE, outwards, 0)[spell][..., None, None]
    chords = track.chords_px.copy()
    arm = chords[..., :2] - track.image_px[:, list(ANKLES), None]
    chords[..., :2] += turn * np.stack([arm[..., 1], -arm[..., 0]], axis=-1)
    return replace(track, chords_px=chords)


def at_half_the_rate(track: PoseTrack) -> PoseTrack:
    """Return every second frame: 15 a second."""
    return track.part(np.arange(len(track)) % 2 == 0)


def with_gaps(track: PoseTrack) -> PoseTrack:
    """Return the track without 0.3 s of every 2 s."""
    return track.part(track.time_s % 2 >= 0.3)


DAMAGES: dict[str, Damage] = {
    "the focal length taken 30 % too short": partial(with_focal_length, stated=0.7),
    "the focal length taken 30 % too long": partial(with_focal_length, stated=1.3),
    "15 frames a second instead of 30": at_half_the_rate,
    "gaps of 0.3 s every 2 s": with_gaps,
    "false edges: the outline tilted by 4° for 0.5 s, 30 % of the time": (
        with_false_edges
    ),
    "no outline of the legs at all": without_silhouettes,
}
