"""Shoulder and hip lines of a trial -> how far the pelvis has tilted since rest."""

from __future__ import annotations

import numpy as np

from hiprom.core.lifting.assumptions import Assumptions
from hiprom.core.vectors import Array


def obliquity_change_deg(
    shoulders_deg: Array, hips_deg: Array, swing_deg: Array, assume: Assumptions
) -> tuple[Array, Array]:
    """Weigh whether pelvis, thorax, both or neither moved, and by how much.

    A hiked pelvis carries the shoulders with it; a thorax that bends sideways tilts the
    shoulders alone; the hip landmarks follow the swinging leg a little, whatever the
    pelvis does. In each of four cases the answer is linear; the cases are averaged by
    how well they explain both lines.

    Parameters
    ----------
    shoulders_deg, hips_deg : ndarray, shape (n,)
        Change of each line from rest, the right side up.
    swing_deg : ndarray, shape (n,)
        The shank's swing from rest, to the subject's right.

    Returns
    -------
    change_deg, sd_deg : ndarray, shape (n,)
        Right side up. The deviation is widest where the cases disagree.
    """
    pulled = np.tanh(swing_deg / assume.hip_pull_onset)
    hips = hips_deg - assume.hip_pull * pulled
    hips_var = assume.hip_change_sd**2 + (assume.hip_pull_sd * pulled) ** 2
    still = (assume.still_pelvis_sd**2, assume.still_thorax_sd**2)
    share = assume.moving_share
    belief = mean = square = np.zeros_like(hips)
    for pelvis_moves in (False, True):
        for thorax_moves in (False, True):
            pelvis = assume.moving_sd**2 if pelvis_moves else still[0]
            thorax = assume.moving_sd**2 if thorax_moves else still[1]
            s_var = pelvis + thorax + assume.shoulder_change_sd**2
            h_var = pelvis + hips_var
            both = s_var * h_var - pelvis**2
            odds = (share if pelvis_moves else 1 - share) * (
                share if thorax_moves else 1 - share
            )
            distance = (
                h_var * shoulders_deg**2
                - 2 * pelvis * shoulders_deg * hips
                + s_var * hips**2
            ) / both
            fits = odds / np.sqrt(both) * np.exp(-0.5 * np.minimum(distance, 1200.0))
            by_s, by_h = (
                pelvis * (h_var - pelvis) / both,
                pelvis * (s_var - pelvis) / both,
            )
            change = by_s * shoulders_deg + by_h * hips
            left = pelvis * (1 - by_s - by_h)
            belief, mean = belief + fits, mean + fits * change
            square = square + fits * (left + change**2)
    mean = mean / belief
    return mean, np.sqrt(np.maximum(square / belief - mean**2, 0.0))
