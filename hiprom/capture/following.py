"""Everybody in a picture -> which of them is the tested person.

At first the largest and most central; afterwards whoever continues where that person
was; after a loss whoever stands nearest to where they were, if near enough.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hiprom.core.landmarks import Landmark

Points = NDArray[np.float32]
_HIPS = [Landmark.LEFT_HIP, Landmark.RIGHT_HIP]
_REACH = 0.5  # how far, in own sizes, a person may be from where they were
_GROWTH = 1.6  # and by what factor their size may have changed


def person_to_follow(
    people_px: Points, width_px: int, height_px: int, last_px: Points | None = None
) -> int:
    """Return which of several people is the one to measure.

    Parameters
    ----------
    people_px : ndarray, shape (people, 33, 2)
        Landmarks of everybody in the picture, at least one, in pixels.
    width_px, height_px : int
        Size of the picture.
    last_px : ndarray, shape (33, 2), optional
        The tested person as last seen; None at the start.

    Returns
    -------
    int
        An index into `people_px`.
    """
    if last_px is not None:
        near = np.array([is_same_person(person, last_px) for person in people_px])
        if near.any():
            away = np.linalg.norm(_centre_px(people_px) - _centre_px(last_px), axis=-1)
            return int(np.argmin(np.where(near, away, np.inf)))
    return int(np.argmax(prominence(people_px, width_px, height_px)))


def is_same_person(first_px: Points, second_px: Points) -> bool:
    """Whether two sets of landmarks, shape (33, 2), overlap like one person's."""
    sizes = _size_px(np.stack([first_px, second_px]))
    away = np.linalg.norm(_centre_px(first_px) - _centre_px(second_px))
    return bool(
        away <= _REACH * sizes.max() and sizes.max() <= _GROWTH * max(sizes.min(), 1e-6)
    )


def prominence(people_px: Points, width_px: int, height_px: int) -> NDArray[np.float64]:
    """Return how large and central each person is, shape (people,).

    The size in pixels, halved by the time the hips have moved from the middle of the
    picture to its edge.
    """
    half = np.array([width_px, height_px]) / 2
    away = np.abs((_centre_px(people_px) - half) / half).max(axis=-1)
    prominent: NDArray[np.float64] = _size_px(people_px) / (1 + np.clip(away, 0, 1))
    return prominent


def _centre_px(person_px: Points) -> Points:
    centre: Points = person_px[..., _HIPS, :].mean(axis=-2)
    return centre


def _size_px(person_px: Points) -> Points:
    """Return the diagonal of the box around the landmarks: it outlasts a pose."""
    size: Points = np.linalg.norm(np.ptp(person_px, axis=-2), axis=-1)
    return size
