"""What is taken for granted of a person who lies on the side, in numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple


class About(NamedTuple):
    """A usual value, and its standard deviation among people and set-ups."""

    usual: float
    sd: float


@dataclass(frozen=True)
class Lying:
    """Priors of camera and body, and the landmarks' noise.

    Angles in degrees; lengths in shank lengths; the landmarks' noise along each axis of
    the picture, in trunk lengths.

    Attributes
    ----------
    pitch_deg, roll_deg : About
        How far the camera looks down, and is rolled clockwise.
    yaw_deg : About
        How far the pelvis faces past the camera.
    rolled_back_deg, leaning_deg : About
        How far the upper hip lies behind the lower one, and nearer to the head.
    thigh, hip_gap, trunk : About
        Lengths; the trunk between the middles of hip and shoulder landmarks.
    shank_m : About
        For lengths in metres only.
    lower_knee_drop, lower_ankle_drop : About
        How far the lower leg's knee lies below its hip, and its ankle below the knee.
    knee_gap, ankle_gap, stacked_aside : About
        How far joints that lie on top of each other are apart, upwards and aside.
    stacked_wander : float
        How far they part in an exercise that is not as it should be.
    hip_sd, knee_sd, ankle_sd : float
    readings : float
        A landmark's error lasts: a whole trial is worth so many independent readings.
    """

    pitch_deg: About
    roll_deg: About
    yaw_deg: About
    rolled_back_deg: About
    leaning_deg: About
    thigh: About
    hip_gap: About
    trunk: About
    shank_m: About
    lower_knee_drop: About
    lower_ankle_drop: About
    knee_gap: About
    ankle_gap: About
    stacked_aside: About
    stacked_wander: float
    hip_sd: float
    knee_sd: float
    ankle_sd: float
    readings: float


@dataclass(frozen=True)
class Placement:
    """How the legs of one exercise lie, and what of the upper one stays as it is.

    Attributes
    ----------
    upper_deg : tuple of About
        Flexion, adduction, rotation and knee flexion of the upper leg.
    wander_deg : tuple of float
        How far each of them goes from there in the exercise, as a standard deviation.
    lower_flexion_deg, lower_knee_deg : About
        Of the lower leg, which lies still.
    stacked : {"knee", "ankle"} or None
        The joint that stays on top of the lower leg's.
    """

    upper_deg: tuple[About, About, About, About]
    wander_deg: tuple[float, float, float, float]
    lower_flexion_deg: About
    lower_knee_deg: About
    stacked: Literal["knee", "ankle"] | None


SIDE_LYING = Lying(
    # A camera that stands a little higher than the mat, and about level; a belly that
    # faces it; hips that are stacked.
    pitch_deg=About(10.0, 7.0),
    roll_deg=About(0.0, 2.0),
    yaw_deg=About(0.0, 12.0),
    rolled_back_deg=About(0.0, 5.0),
    leaning_deg=About(0.0, 2.5),
    # Thigh and shank are 0.245 and 0.246 of the stature (Winter 2009), and the knee's
    # centre lies a little above the joint line; hip centres 17 cm apart, with a shank
    # of 42 cm.
    thigh=About(0.95, 0.05),
    hip_gap=About(0.41, 0.04),
    trunk=About(1.12, 0.10),
    shank_m=About(0.42, 0.03),
    # Half the breadth of hip, knee and ankle keeps their centres about 9, 5 and 3.5 cm
    # above the mat, and knees and ankles on top of each other a breadth apart.
    lower_knee_drop=About(0.10, 0.05),
    lower_ankle_drop=About(0.04, 0.03),
    knee_gap=About(0.25, 0.06),
    ankle_gap=About(0.19, 0.05),
    stacked_aside=About(0.0, 0.08),
    stacked_wander=0.10,
    # Root mean square over the six development clips: 0.035, 0.026 and 0.029; with any
    # one clip left out 0.032 to 0.039, 0.025 to 0.028 and 0.029 to 0.030.
    hip_sd=0.04,
    knee_sd=0.03,
    ankle_sd=0.03,
    readings=2.0,
)

# What an exercise moves may go anywhere.
_FREE = 40.0

# The upper leg in line with the trunk; the lower one straight or bent.
STRAIGHT = Placement(
    upper_deg=(About(5.0, 8.0), About(0.0, 15.0), About(0.0, 8.0), About(4.0, 4.0)),
    wander_deg=(8.0, _FREE, 8.0, 5.0),
    lower_flexion_deg=About(15.0, 20.0),
    lower_knee_deg=About(25.0, 25.0),
    stacked=None,
)
# Hips bent by about 50 and knees by about 90 degrees. With one leg on the other, the
# lengths above let the upper thigh slant by 16 degrees and its shank by 6.
_BENT = (About(52.0, 12.0), About(16.0, 8.0), About(-6.0, 8.0), About(88.0, 10.0))
HEELS_TOGETHER = Placement(
    upper_deg=_BENT,
    wander_deg=(_FREE, _FREE, _FREE, 5.0),
    lower_flexion_deg=About(52.0, 12.0),
    lower_knee_deg=About(88.0, 10.0),
    stacked="ankle",
)
KNEES_TOGETHER = Placement(
    upper_deg=_BENT,
    wander_deg=(8.0, 8.0, _FREE, 4.0),
    lower_flexion_deg=About(52.0, 12.0),
    lower_knee_deg=About(88.0, 10.0),
    stacked="knee",
)
