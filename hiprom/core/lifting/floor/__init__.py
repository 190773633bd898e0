"""A person on the floor, facing the camera -> pelvis and legs in 3D, with deviations.

The feet stay and the segments keep their lengths, so each leg has one freedom left.
What holds still is settled once over the trial (settle); the legs are then followed
frame by frame (follow), and what is measured of them has its own file (quantities).
"""

from hiprom.core.lifting.floor import quantities
from hiprom.core.lifting.floor.assumptions import FLOOR, FLOOR_EXACT, FloorAssumptions
from hiprom.core.lifting.floor.follow import Followed, follow
from hiprom.core.lifting.floor.pose import Joints, joints, lengths_m
from hiprom.core.lifting.floor.settle import Settled, settle
from hiprom.core.lifting.floor.witnesses import FloorWitnesses, gather

__all__ = [
    "FLOOR",
    "FLOOR_EXACT",
    "FloorAssumptions",
    "FloorWitnesses",
    "Followed",
    "Joints",
    "Settled",
    "follow",
    "gather",
    "joints",
    "lengths_m",
    "quantities",
    "settle",
]
