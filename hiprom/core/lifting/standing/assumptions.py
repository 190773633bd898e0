"""What is assumed of a standing body, the camera and the pose model, in numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class StandingAssumptions:
    """Means, standard deviations and the witnesses' noise.

    Angles in degrees, lengths in leg lengths: thigh and shank together. Where no
    source is given the figure is ours (docs/accuracy.md). Of a squat none sits on a
    knife's edge: with any standard deviation halved or doubled, or any mean moved by a
    quarter, the mean error stays within 1.1 to 2.4 degrees (1.8 as it is), and is 4.7
    for thighs a quarter too short. A turn hangs on what the metric shoulders and hips
    show of it: with that a quarter off it is 4 to 12 degrees (4.3 as it is).
    """

    # The camera looks down a little. Its roll is what a person who stands upright says,
    # where nothing else (None) tells. Lenses differ: log of the focal length.
    roll: float | None = None
    pitch: float = 4.0
    pitch_sd: float = 5.0
    # Feet on the floor show it too, if a foot from heel to tip is 0.27 (a man in a
    # laboratory) to 0.31 (the clips) long and level: off by 0 to 3 in four clips.
    foot: float = 0.29
    floor_pitch_sd: float = 4.0
    focal_sd: float = 0.15

    # Where the body faces, by the model's metric lines across shoulders and hips, at
    # rest, over the 18 development clips with an upright trunk.
    yaw_bias: float = 4.0
    yaw_sd: float = 4.5

    # The thigh's share of the leg: 0.460 of women, 0.493 of men (de Leva 1996,
    # doi:10.1016/0021-9290(95)00178-6).
    thigh: float = 0.48
    thigh_sd: float = 0.02
    # Winter 2009: the leg is 0.245 + 0.246 of a stature, here of 1.70 m; for lengths in
    # centimetres only.
    leg_cm: float = 83.5
    # Ankle to the tip of the foot, along the floor: 0.24 in the clips, 0.20 of a man in
    # a laboratory.
    toes_ahead: float = 0.22

    # Standing at rest: how far the shank leans forwards, the thigh backwards and the
    # trunk forwards; how far each of a person's frames at rest may be from that.
    rest_shank: float = 5.0
    rest_thigh: float = -1.0
    rest_trunk: float = 3.0
    rest_sd: float = 4.0
    rest_trunk_sd: float = 5.0

    # Who does not fall keeps the centre of mass above the feet, here ahead of the
    # ankles: 0.03 to 0.07 in a laboratory's squats.
    balance: float = 0.05
    balance_sd: float = 0.05
    # Arms held forwards carry the trunk's centre of mass along.
    arms: float = 0.03
    # The hips keep above the middle of the feet, sideways.
    shift_sd: float = 0.03
    # How a squat shares its depth out between shank and thigh: weakly held.
    shank_share: float = 0.27
    lean_share: float = 0.38
    posture_sd: float = 12.0

    # The landmarks' noise: hips against ankles at rest, and in a squat half way down;
    # knees; shoulders.
    hips_rest_sd: float = 0.005
    hips_sd: float = 0.02
    knees_sd: float = 0.02
    shoulders_sd: float = 0.025
    # The model's metric shoulders show this share of a turn, as fitted to where the
    # shoulders face in 18 clips of other people and cameras (0.80; 0.79 to 0.92 with
    # any one left out) and within both turning trials (0.90 and 0.89). Off by 5.6, the
    # root of the mean square over 40 held turns, altered films among them.
    shoulders_gain: float = 0.9
    shoulders_gain_sd: float = 0.07
    shoulders_turn_sd: float = 5.0
    # The metric hips follow the shoulders by this much over a still pelvis, and show
    # this share of a turn of the whole body.
    hips_follow: float = 0.54
    hips_gain: float = 0.8
    hips_follow_sd: float = 2.5
    # How far a pelvis turns that is to keep still; how often it does turn, and by what.
    pelvis_still_sd: float = 3.0
    pelvis_moving_sd: float = 12.0
    pelvis_moving_share: float = 0.2
    # How far from the camera people face.
    facing_sd: float = 15.0

    # What the model's knees do in a squat that none of this tells.
    squat_sd: float = 2.0

    @property
    def floor_trust(self) -> float:
        """How much the feet's pitch weighs against the assumed one, 0 to 1."""
        assumed, seen = self.pitch_sd**2, self.floor_pitch_sd**2
        return assumed / (assumed + seen)

    @property
    def pitch_left_sd(self) -> float:
        """Standard deviation of the pitch that comes of both."""
        return float(self.floor_pitch_sd * self.floor_trust**0.5)


STANDING = StandingAssumptions()

# Landmarks that are true projections of the joints, seen by a known camera.
EXACT_STANDING = replace(
    STANDING,
    pitch=0.0,
    pitch_sd=0.01,
    floor_pitch_sd=50.0,
    focal_sd=0.001,
    yaw_bias=0.0,
    yaw_sd=0.1,
    thigh_sd=0.001,
    balance_sd=1.0,
    shift_sd=1.0,
    rest_sd=20.0,
    posture_sd=60.0,
    hips_rest_sd=0.0005,
    hips_sd=0.001,
    knees_sd=0.001,
    shoulders_sd=0.001,
    shoulders_gain=1.0,
    shoulders_gain_sd=0.0,
    shoulders_turn_sd=0.1,
    hips_follow=0.0,
    hips_gain=1.0,
    hips_follow_sd=0.1,
    squat_sd=0.0,
)
