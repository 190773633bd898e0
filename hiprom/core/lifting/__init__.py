"""Landmarks and silhouettes of a whole trial -> segment directions in 3D.

A pose model's depth is its weak axis, and it drags the knee after a swinging foot. But
a trial holds hundreds of frames of one body: its segments keep their lengths, the thigh
hardly moves, the shank sweeps a cone about it, motion is smooth, and the silhouette
shows where the shank really is. `see_trial` gathers the witnesses and settles what
holds still; `lift` fits the rest and says how sure it is.
"""

from hiprom.core.lifting.assumptions import EXACT, MEDIAPIPE, Assumptions
from hiprom.core.lifting.trial import Body, Trial, lift, see_trial, view_of

__all__ = [
    "EXACT",
    "MEDIAPIPE",
    "Assumptions",
    "Body",
    "Trial",
    "lift",
    "see_trial",
    "view_of",
]
