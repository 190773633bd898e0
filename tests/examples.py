"""A made-up trial, whole: measurement, track, summary and frames, always the same.

A person of sticks sits in front of the camera and swings first the right shank
outwards, then the left. For tests of what shows results, and for looking at it.
"""

from dataclasses import replace

import numpy as np

from hiprom.core.landmarks import Landmark
from hiprom.core.measurement import Measurement, Rep, SideMeasurement, Traces
from hiprom.core.protocols import protocol
from hiprom.core.track import PoseTrack

FPS = 30.0
RIGHT_PEAKS_DEG = (31.5, 34.2, 35.8, 35.1)
LEFT_PEAKS_DEG = (28.4, 30.9, 29.7)
_REP_S, _LEAD_S, _RAISE_S, _HOLD_S = 4.0, 0.8, 1.0, 1.2

# The sitting person, in units of the shorter side of the picture, from its middle.
_SITTING = {
    "NOSE": (0.0, -0.40),
    "SHOULDER": (0.11, -0.27),
    "ELBOW": (0.16, -0.12),
    "WRIST": (0.12, 0.02),
    "HIP": (0.07, 0.0),
    "KNEE": (0.10, 0.06),
    "ANKLE": (0.10, 0.29),
    "HEEL": (0.10, 0.32),
    "FOOT_INDEX": (0.11, 0.35),
}


def _clock(reps):
    return np.arange(round((2 * _LEAD_S + reps * _REP_S) * FPS)) / FPS


def _angle_deg(time_s, starts_s, peaks_deg):
    """The angle a leg is posed at: rest, up, hold, down, with a slow tremor."""
    angle = np.full(len(time_s), -1.2) + 0.25 * np.sin(1.7 * time_s)
    for start_s, peak_deg in zip(starts_s, peaks_deg, strict=True):
        since = time_s - start_s
        way = np.clip(np.minimum(since, 2 * _RAISE_S + _HOLD_S - since), 0, _RAISE_S)
        smooth = (way / _RAISE_S) ** 2 * (3 - 2 * way / _RAISE_S)
        angle = angle + (peak_deg + 1.2) * smooth
    return angle


def _reps(starts_s, peaks_deg):
    width = (6.1, 6.4, 6.0, 6.6)
    flags = ((), (), ("trunk_lean",), ("short_hold", "pelvic_hike"))
    return tuple(
        Rep(
            number=number,
            start_s=start_s,
            peak_s=start_s + _RAISE_S + _HOLD_S / 2,
            end_s=start_s + 2 * _RAISE_S + _HOLD_S,
            plateau_start_s=start_s + _RAISE_S,
            plateau_end_s=start_s + _RAISE_S + _HOLD_S,
            end_range=peak_deg,
            end_range_low=peak_deg - width[number - 1] / 2,
            end_range_high=peak_deg + width[number - 1] / 2,
            neutral=-1.2,
            excursion=peak_deg + 1.2,
            hold_s=_HOLD_S,
            raise_s=_RAISE_S,
            lower_s=_RAISE_S,
            peak_velocity=1.5 * peak_deg,
            shank_tilt_deg=peak_deg + 1.4,
            compensation_deg=1.4,
            flags=flags[number - 1],
            valid=True,
        )
        for number, (start_s, peak_deg) in enumerate(
            zip(starts_s, peaks_deg, strict=True), start=1
        )
    )


def _place(name, width_px, height_px):
    """Where the landmark sits in the picture; the subject's right is image left."""
    size = min(width_px, height_px)
    joint = name.removeprefix("LEFT_").removeprefix("RIGHT_")
    across, down = _SITTING.get(joint, _SITTING["NOSE"])
    outward = 1.0 if name.startswith("LEFT") else -1.0
    return width_px / 2 + outward * across * size, height_px * 0.52 + down * size


def _side(side, time_s, starts_s, peaks_deg, image_px):
    """The traces, reps and dial of one leg; moves its shank in `image_px`."""
    angle = _angle_deg(time_s, starts_s, peaks_deg)
    flat = np.zeros(len(time_s))
    valid = np.ones(len(time_s), dtype=bool)
    valid[:6] = False
    reason = np.where(valid, "", "too close to the start")
    knee, ankle, heel, toe = (
        Landmark[f"{side}_{joint}".upper()]
        for joint in ("knee", "ankle", "heel", "foot_index")
    )
    outward = 1.0 if side == "left" else -1.0
    turn = np.radians(angle) * outward
    pivot = image_px[:, knee].copy()
    zero_end = image_px[:, ankle].astype(float)
    for mark in (ankle, heel, toe):
        arm = image_px[:, mark] - pivot
        image_px[:, mark] = pivot + np.stack(
            [
                arm[:, 0] * np.cos(turn) + arm[:, 1] * np.sin(turn),
                arm[:, 1] * np.cos(turn) - arm[:, 0] * np.sin(turn),
            ],
            axis=-1,
        )
    dial = np.stack([pivot, image_px[:, ankle], zero_end], axis=1).astype(float)
    dial[~valid] = np.nan
    by_name = {
        "hip_rotation_deg": np.where(valid, angle, np.nan),
        "hip_rotation_sd_deg": np.where(valid, 1.6, np.nan),
        "hip_flexion_deg": flat + 88.0,
        "hip_adduction_deg": flat - 4.0,
        "knee_flexion_deg": flat + 91.0,
        "shank_tilt_deg": angle + 1.4,
        "pelvis_obliquity_deg": flat + 0.6,
        "trunk_lean_deg": flat - 0.8,
        "thorax_rotation_deg": flat + 0.3,
    }
    traces = Traces(
        by_name=by_name,
        valid=valid,
        reason=reason,
    )
    return SideMeasurement(
        side=side,
        quantity="hip_rotation_deg",
        direction=1,
        movement="internal rotation",
        traces=traces,
        reps=_reps(starts_s, peaks_deg),
        dial_px=dial,
    )


def trial(width_px=640, height_px=480, sides=("right", "left"), name="seated_ir"):
    """Return the Measurement and the PoseTrack of the made-up trial."""
    peaks = {"right": RIGHT_PEAKS_DEG, "left": LEFT_PEAKS_DEG}
    time_s = _clock(sum(len(peaks[side]) for side in sides))
    places = [_place(mark.name, width_px, height_px) for mark in Landmark]
    image_px = np.tile(np.array(places, dtype=np.float32), (len(time_s), 1, 1))

    measured, start_s = [], _LEAD_S
    for side in sides:
        starts_s = [start_s + _REP_S * index for index in range(len(peaks[side]))]
        start_s = starts_s[-1] + _REP_S
        measured.append(_side(side, time_s, starts_s, peaks[side], image_px))

    world_m = np.zeros((len(time_s), len(Landmark), 3), dtype=np.float32)
    world_m[..., :2] = (image_px - image_px[:, 23:25].mean(axis=1, keepdims=True)) / 400
    track = PoseTrack(
        time_s=time_s,
        image_px=image_px,
        world_m=world_m,
        visibility=np.full(image_px.shape[:2], 0.98, dtype=np.float32),
        width_px=width_px,
        height_px=height_px,
    )
    measurement = Measurement(
        protocol=protocol(name),
        time_s=time_s,
        sides=tuple(sorted(measured, key=lambda one: one.side)),
        warnings=("The trunk leaned in one repetition; it is marked in the table.",),
    )
    return measurement, track


def external(measurement):
    """Return the same trial as if it had been external rotation: signs turned."""
    return replace(
        measurement,
        protocol=protocol("seated_er"),
        sides=tuple(
            replace(
                side,
                direction=-1,
                movement="external rotation",
                traces=replace(
                    side.traces,
                    by_name={
                        **side.traces.by_name,
                        "hip_rotation_deg": -side.traces["hip_rotation_deg"],
                    },
                ),
                reps=tuple(
                    replace(
                        rep,
                        end_range=-rep.end_range,
                        end_range_low=-rep.end_range_high,
                        end_range_high=-rep.end_range_low,
                        neutral=-rep.neutral,
                        excursion=-rep.excursion,
                    )
                    for rep in side.reps
                ),
            )
            for side in measurement.sides
        ),
    )


def frames(track, seed=3):
    """Yield (index, time_s, rgb): a quiet room with a little sensor noise."""
    rng = np.random.default_rng(seed)
    down = np.linspace(0, 1, track.height_px)[:, None, None]
    room = (205 - 60 * down) * np.array([0.98, 0.97, 0.94])
    room = np.broadcast_to(room, (track.height_px, track.width_px, 3))
    noise = rng.normal(0, 2, (4, track.height_px, track.width_px, 1))
    rooms = np.clip(room + noise, 0, 255).astype(np.uint8)
    for index, time_s in enumerate(track.time_s):
        yield index, float(time_s), rooms[index % len(rooms)].copy()


def summary(measurement, track, name="seated_right.mp4"):
    """Return the summary dict that goes with the trial, with every key there."""
    valid = {
        side.side: [rep for rep in side.reps if rep.valid] for side in measurement.sides
    }
    n = len(track)
    return {
        "schema": "hiprom.summary/1",
        "created_at": "2026-05-04T09:31:07+00:00",
        "software": {"hiprom": "0.1.0", "mediapipe": "1.2.2", "numpy": "2.4.6"},
        "model": {
            "name": "pose_landmarker_full",
            "sha256": "5c1f0c1f0d6ab2f7" * 4,
            "bytes": 9401023,
            "source": "mediapipe 0.10.21 wheel",
        },
        "isolation": {"is_isolated": True, "how": "a process without network"},
        "video": {
            "name": name,
            "sha256": "9b2e77aa01c4d3f8" * 4,
            "bytes": 2213345,
            "container": "mp4",
            "codec": "h264",
            "width_px": track.width_px,
            "height_px": track.height_px,
            "source_width_px": track.width_px,
            "source_height_px": track.height_px,
            "fps": FPS,
            "frames": n,
            "duration_s": n / FPS,
            "declared_duration_s": n / FPS,
            "coverage": 1.0,
            "corrupt_frames": 0,
            "rotation_deg": 0,
            "is_mirrored": False,
            "recorded_at": "2026-05-04T09:12:00+00:00",
        },
        "camera": {
            "source": "estimated from the trial",
            "yaw_deg": 12.0,
            "yaw_sd_deg": 3.0,
            "pitch_deg": 5.0,
            "pitch_sd_deg": 4.0,
            "roll_deg": -1.0,
            "roll_sd_deg": 1.0,
            "focal_px": 640.0,
        },
        "subject": None,
        "protocol": {
            "name": measurement.protocol.name,
            "title": measurement.protocol.title,
            "posture": measurement.protocol.posture,
            "quantity": measurement.protocol.quantity,
            "movement": measurement.protocol.movement,
        },
        "sides": {
            side.side: {
                "reps": len(side.reps),
                "valid_reps": len(valid[side.side]),
                "mean": side.mean,
                "mean_low": side.mean_interval[0],
                "mean_high": side.mean_interval[1],
                "best": max((rep.end_range for rep in side.reps), default=None),
                "sd": side.sd,
                "sem": side.sem,
            }
            for side in measurement.sides
        },
        "compensations": {},
        "warnings": list(measurement.warnings),
    }
