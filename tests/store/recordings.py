"""Trials to keep: small, different, with the awkward values that real ones have."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from hiprom.core.history import SavedRep
from hiprom.core.measurement import Rep
from hiprom.store.new_trial import NewTrial, Video

SUMMER = timezone(timedelta(hours=2))
NOON = datetime(2026, 7, 1, 12, 30, 15, 250_000, tzinfo=SUMMER)
LANDMARKS = b"landmarks of a moving leg" * 40


def rep(number=1, end_range=31.5, **more):
    values = {
        "number": number,
        "start_s": 1.0 * number,
        "peak_s": 1.5 * number,
        "end_s": 2.25 * number,
        "plateau_start_s": float("nan"),
        "plateau_end_s": float("nan"),
        "end_range": end_range,
        "end_range_low": end_range - 4.5,
        "end_range_high": end_range + 4.5,
        "neutral": -0.1,
        "excursion": end_range + 0.1,
        "hold_s": 0.0,
        "raise_s": 0.5,
        "lower_s": 0.75,
        "peak_velocity": 1 / 3,
        "shank_tilt_deg": end_range + 3,
        "compensation_deg": 3.0,
        "flags": ("trunk_lean", "späte Umkehr"),
        "valid": True,
        "changes": {"trunk_lean": 2.5, "thigh_lift": float("nan")},
    }
    return Rep(**(values | more))


def saved_rep(number=1, side="right", quantity="hip_rotation_deg", **more):
    excluded = more.pop("excluded", None)
    return SavedRep(side, quantity, rep(number, **more), excluded)


def video(word="a", name="größe & Höhe.mp4"):
    facts = {"fps": 29.97, "frames": 900, "note": "naïve"}
    return Video(name, sha256=word * 64, bytes=5_000_000_000, facts=facts)


def trial(**more):
    whole = NewTrial(
        recorded_at=NOON,
        protocol="seated_ir",
        reps=(saved_rep(1), saved_rep(2, end_range=33.25), saved_rep(1, side="left")),
        side="both",
        video=video(),
        duration_s=31.25,
        parameters={"smoothing_hz": 6.0, "window": None},
        model_sha256="f" * 64,
        software={"hiprom": "1.0.0"},
        camera={"yaw_deg": 3.0},
        summary={"schema": "hiprom.summary/1", "sides": {"right": {"mean": 32.4}}},
        analysed_at=datetime(2026, 7, 2, tzinfo=UTC),
    )
    return replace(whole, **more)


def write(path):
    """Write what stands for landmarks."""
    path.write_bytes(LANDMARKS)


def alike(reps):
    """Return reps in a form where NaN equals NaN, and changes have no order."""
    return [
        (
            *(each.side, each.quantity, each.excluded),
            repr(replace(each.rep, changes={})),
            repr(sorted(each.rep.changes.items())),
        )
        for each in reps
    ]
