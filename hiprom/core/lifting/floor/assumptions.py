"""What the fit of a person on the floor assumes of body, camera and pose model."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class FloorAssumptions:
    """Prior means, standard deviations and the witnesses' noise.

    Lengths of the body are shares of the stature, places are metres, angles degrees.
    "Ours" is a habit of the pose model, over the development clips named. With any
    standard deviation halved or doubled, or a mean moved by a quarter (a length of the
    body by 5 %, the knees' flexion by 10 degrees), every true end-range of the four
    clips on the floor stays inside its interval, and the mean error of the rotations
    below 6.5 degrees, of the gap below 4 cm (with the stature 5 % less, 5 cm).
    """

    # The body. Stature of adults of both sexes; its SD is the error of every length in
    # metres that follows, for the model's metric landmarks tell nothing of it: over 30
    # bodies their lengths correlate with the true ones by -0.2 (trunk) to 0.1 (shank).
    stature_m: float = 1.70
    stature_sd: float = 0.055
    # Between Winter 2009 (0.245, 0.246) and de Leva 1996 (0.227, 0.249), who differ by
    # as much as these deviations.
    thigh: float = 0.236
    thigh_sd: float = 0.035
    shank: float = 0.249
    shank_sd: float = 0.035
    # Between the hip joints' centres: 0.72 of that between the anterior spines (Bell
    # et al. 1990), 0.24 m.
    hips: float = 0.102
    hips_sd: float = 0.08
    # Between the shoulder landmarks: ours, 0.190 with a CV of 4 % over the 18 clips
    # within 20 degrees of the front; 0.189 to 0.191 with any one left out. The rest is
    # how much nearer or farther than the hips the shoulders are.
    shoulders: float = 0.190
    shoulders_sd: float = 0.06

    # The camera looks down a little; hips and ankles lie about as high on the floor.
    pitch: float = 8.0
    pitch_sd: float = 7.0
    ankle_below_hip_m: float = 0.03
    ankle_below_hip_sd_m: float = 0.03
    # The person faces the camera; the model's hip line shows their yaw poorly.
    yaw_seen_sd: float = 6.0
    # The feet stand about as far to the left as to the right, and about as far ahead.
    feet_aside_sd_m: float = 0.04
    feet_ahead_sd_m: float = 0.06
    tilt_sd: float = 3.0
    # How far the knees are bent, while the feet stay: about a right angle and a little
    # more where the legs switch sides, folded with the soles together.
    knee_flexion: float = 105.0
    knee_flexion_sd: float = 14.0
    folded_knee_flexion: float = 130.0
    folded_knee_flexion_sd: float = 12.0

    # The landmarks, in metres at the person. Over a flexed hip the landmark sits too
    # high: ours, 16 seated clips and 4 on the floor.
    hip_above_m: float = 0.06
    hip_above_sd_m: float = 0.03
    hip_aside_sd_m: float = 0.02
    hip_sd_m: float = 0.02
    # The ankle's landmark lies up the shank by this share of it: ours, 8 legs in the 4
    # clips on the floor.
    ankle_slide: float = 0.09
    ankle_sd_m: float = 0.03
    knee_sd_m: float = 0.02
    # A knee that crosses before the pelvis is lost: its landmark stays near its own
    # hip, 0.1 to 0.2 m off (ours: 8 holds). It begins this far beside the hip.
    crossing_m: float = 0.08
    crossing_sd_m: float = 0.20
    # The silhouette's mid-line of the lower shank, seen square; a foreshortened one is
    # shorter and tilts further. The calf stands behind the line of the joints, as in
    # `hiprom.core.lifting.assumptions`.
    line_sd: float = 2.5
    calf: float = 4.0
    hip_line_sd: float = 2.5
    # The model's hip line exaggerates a turn of the pelvis, and is late.
    turn_seen_sd: float = 12.0

    # During the movement the pelvis turns after the knees and the hip they leave is
    # lifted, by these shares of their swing (ours: 2 clips), more or less.
    turn_share: float = 0.13
    turn_sd: float = 6.0
    obliquity_share: float = 0.06
    obliquity_sd: float = 3.0
    swivel_acceleration: float = 600.0
    pelvis_acceleration: float = 150.0
    # A landmark's error lasts about this long, that of ankles and hips the whole trial,
    # and it comes back with the pose: however long a trial, it holds so many poses.
    memory_s: float = 2.0
    poses: float = 8.0
    trunk: float = 0.28

    # What is left: knees whose landmarks sit off the joint for a whole trial, feet that
    # slide, a pelvis that rocks.
    rotation_model_sd: float = 4.0
    gap_model_sd_m: float = 0.01
    ratio_model_sd: float = 0.025
    height_model_sd_m: float = 0.02


FLOOR = FloorAssumptions()

# Landmarks that are true projections of the joints, as in synthetic trials.
FLOOR_EXACT = replace(
    FLOOR,
    hip_above_m=0.0,
    hip_above_sd_m=0.002,
    hip_aside_sd_m=0.002,
    hip_sd_m=0.002,
    ankle_slide=0.0,
    ankle_sd_m=0.002,
    knee_sd_m=0.002,
    crossing_sd_m=0.0,
    line_sd=1.0,
    calf=0.0,
    hip_line_sd=0.2,
    yaw_seen_sd=1.0,
    turn_seen_sd=0.5,
    turn_share=0.0,
    turn_sd=20.0,
    obliquity_share=0.0,
    obliquity_sd=10.0,
    memory_s=0.1,
    poses=1000.0,
    rotation_model_sd=0.3,
    gap_model_sd_m=0.001,
    ratio_model_sd=0.0025,
    height_model_sd_m=0.001,
)
