"""What the trial-level fit assumes of camera, body and pose model, in numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hiprom.core.lifting.floor.assumptions import (
    FLOOR,
    FLOOR_EXACT,
    FloorAssumptions,
)


@dataclass(frozen=True)
class Assumptions:
    """Prior means, standard deviations and the witnesses' noise.

    Angles in degrees, lengths in shank lengths. Where no source is given the figure is
    ours, from the development clips. None sits on a knife's edge: with any standard
    deviation halved or doubled, or any mean moved by a quarter, the mean end-range
    error stays within 0.82 to 1.13 degrees.
    """

    # The camera. Most stand about level; the tail of the prior lets a crooked one
    # through.
    roll_sd: float = 2.0
    pitch: float = 5.0
    pitch_sd: float = 5.0

    # The person at rest: thighs level and a little apart, shanks hanging plumb, both
    # hips rotated alike.
    splay: float = 7.0
    splay_sd: float = 4.0
    elevation_sd: float = 2.5
    hang_sd: float = 2.5
    rest_rotation_sd: float = 2.5
    rest_asymmetry_sd: float = 1.0
    hip_gap: float = 0.415
    thigh: float = 0.93
    # How long a shank is in the picture, as shares: by its own landmarks, or by the
    # trunk. Landmarks that wander at rest have slid along the leg by some times more.
    shank_length_sd: float = 0.03
    slide_per_wander: float = 4.0
    shank_per_trunk: float = 1.15
    shank_by_trunk_sd: float = 0.15
    gap_sd: float = 0.06
    # 0.246 of a stature of 1.70 m (Winter 2009): for lengths in centimetres only.
    shank_cm: float = 42.0
    foot: float = 0.6

    # The silhouette's mid-line. The calf stands behind the line of the joints.
    calf: float = 4.0
    shank_bias_sd: float = 0.8
    mid_line_sd: float = 0.5

    # The landmarks: lines at rest, and the shank.
    shoulders_sd: float = 1.2
    hips_sd: float = 3.0
    knees_sd: float = 3.0
    ankles_sd: float = 3.0
    trunk_sd: float = 3.0
    shank_sd: float = 5.0
    # ... and that error is no noise: it lasts as long as the leg is held.
    shank_joints_bias_sd: float = 5.0

    # The model's metric thighs: yaw about the line of sight is fair, the rest is not.
    world_follows_sight: bool = True
    yaw_bias: float = -2.5
    yaw_gain: float = 0.92
    yaw_sd: float = 3.0
    splay_bias: float = -3.0
    splay_seen_sd: float = 3.0
    thigh_pitch_bias: float = 21.0
    thigh_pitch_sd: float = 30.0
    knee_bias: float = -17.0
    knee_sd: float = 30.0

    # During the movement.
    rotation_acceleration: float = 300.0
    drift_acceleration: float = 100.0
    drift_sd: float = 6.0
    knee_aside_sd: float = 0.03
    knee_along_sd: float = 0.10
    knee_wobble_sd: float = 2.0

    # Pelvis and thorax: mostly still; when one does move, by about this much.
    still_pelvis_sd: float = 0.4
    still_thorax_sd: float = 0.8
    moving_sd: float = 6.0
    moving_share: float = 0.15
    shoulder_change_sd: float = 0.9
    hip_change_sd: float = 0.6
    # The hip landmarks follow a leg that swings, by this much once it has swung well
    # beyond `hip_pull_onset`.
    hip_pull: float = 1.9
    hip_pull_sd: float = 1.4
    hip_pull_onset: float = 15.0

    # What is left: learnt by leaving one clip out.
    model_sd: float = 0.5

    # A person who sits on the floor instead.
    floor: FloorAssumptions = FLOOR

    @property
    def line_sds(self) -> tuple[float, ...]:
        """Deviations of the lines across the body and of the trunk, in that order."""
        return (
            self.shoulders_sd,
            self.hips_sd,
            self.knees_sd,
            self.ankles_sd,
            self.trunk_sd,
        )


MEDIAPIPE = Assumptions()

# Landmarks that are true projections of the joints, as in synthetic trials.
EXACT = replace(
    MEDIAPIPE,
    roll_sd=20.0,
    pitch_sd=20.0,
    elevation_sd=0.1,
    hang_sd=5.0,
    rest_rotation_sd=10.0,
    rest_asymmetry_sd=10.0,
    splay_sd=20.0,
    shank_length_sd=0.001,
    slide_per_wander=0.0,
    shank_by_trunk_sd=10.0,
    gap_sd=1.0,
    shoulders_sd=0.1,
    hips_sd=0.1,
    knees_sd=5.0,
    ankles_sd=5.0,
    world_follows_sight=False,
    yaw_bias=0.0,
    yaw_gain=1.0,
    yaw_sd=0.1,
    splay_bias=0.0,
    splay_seen_sd=0.1,
    thigh_pitch_bias=0.0,
    thigh_pitch_sd=0.1,
    knee_bias=0.0,
    knee_sd=0.1,
    shank_bias_sd=0.01,
    shank_sd=0.1,
    shank_joints_bias_sd=0.0,
    rotation_acceleration=3000.0,
    hip_pull=0.0,
    floor=FLOOR_EXACT,
)
