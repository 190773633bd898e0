"""summary.json -> the rows of "how it was measured", in words and units."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hiprom.core.quantities import amount, words_of
from hiprom.report.sentences import day, degrees

# What else may have moved: the words for a positive and for a negative mean.
_COMPENSATIONS = {
    "trunk_lean_deg": (
        "the trunk leaned towards that side by",
        "the trunk leaned away from that side by",
    ),
    "pelvic_hike_deg": (
        "that side of the pelvis rose by",
        "that side of the pelvis sank by",
    ),
    "thigh_drift_deg": (
        "the thigh moved outwards by",
        "the thigh moved inwards by",
    ),
    "pelvic_turn_deg": ("the pelvis turned left by", "the pelvis turned right by"),
    "thigh_lift_deg": ("the thigh rose by", "the thigh sank by"),
    "knee_travel_cm": ("the knee left its place by", ""),
    "foot_turn_deg": ("the toes turned outwards by", "the toes turned inwards by"),
}


def instrument_facts(summary: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return (heading, words) for each thing that is known; what is not is left out."""
    rows = [
        ("Video", _video(summary.get("video") or {})),
        ("Picture", _picture(summary.get("video") or {})),
        ("Camera", _camera(summary.get("camera") or {})),
        ("Software", _software(summary.get("software") or {})),
        ("Pose model", _model(summary.get("model") or {})),
        ("Network", _isolation(summary.get("isolation") or {})),
        ("Practice", _practice(summary.get("active_min"))),
        ("Analysed", day(summary.get("created_at"))),
    ]
    return [(heading, words) for heading, words in rows if words]


def compensation_facts(summary: Mapping[str, Any], side: str) -> list[str]:
    """Return what else moved with a seated leg, on average, a clause for each."""
    moved = (summary.get("compensations") or {}).get(side) or {}
    return [
        f"{words[moved[name] < 0]} {_amount(name, abs(moved[name]))}"
        for name, words in _COMPENSATIONS.items()
        if moved.get(name) is not None
    ]


def measured_besides(summary: Mapping[str, Any], side: str) -> list[str]:
    """Return the means of what any other protocol watches, by its plain name."""
    moved = (summary.get("compensations") or {}).get(side) or {}
    return [
        f"{words_of(name)} {amount(value, name)}"
        for name, value in moved.items()
        if value is not None and name != "shank_minus_hip_deg"
    ]


def _amount(name: str, value: float) -> str:
    return f"{value:.0f} cm" if name.endswith("_cm") else degrees(value)


def _video(video: Mapping[str, Any]) -> str:
    parts = [
        _number(video.get("duration_s"), "{:.1f} s"),
        _number(video.get("frames"), "{} frames"),
        _number(video.get("fps"), "{:.1f} a second"),
        " ".join(str(video[key]) for key in ("codec", "container") if video.get(key)),
        _checksum(video.get("sha256")),
    ]
    return ", ".join(part for part in parts if part)


def _picture(video: Mapping[str, Any]) -> str:
    size = _size(video.get("width_px"), video.get("height_px"))
    source = _size(video.get("source_width_px"), video.get("source_height_px"))
    turned = video.get("rotation_deg")
    parts = [
        size,
        f"read from {source}" if source and source != size else "",
        f"turned upright by {turned}°" if turned else "",
        "mirrored back" if video.get("is_mirrored") else "",
    ]
    return ", ".join(part for part in parts if part)


def _camera(camera: Mapping[str, Any]) -> str:
    assumed = camera.get("source") == "assumed"
    parts = [
        "not calibrated: its properties are assumed" if assumed else "",
        _estimate("you faced {}° past it", camera, "yaw"),
        _estimate("leaning by {}°", camera, "roll"),
        _estimate("looking down by {}°", camera, "pitch"),
        _number(camera.get("distance_m"), "about {:.1f} m away"),
        _light(camera.get("light")),
        "estimated from this recording, not calibrated"
        if camera.get("yaw_deg")
        else "",
    ]
    return ", ".join(part for part in parts if part)


def _estimate(words: str, camera: Mapping[str, Any], angle: str) -> str:
    value, sd = camera.get(f"{angle}_deg"), camera.get(f"{angle}_sd_deg")
    if value is None or sd is None:
        return ""
    return words.format(f"{abs(value):.0f} ± {2 * sd:.0f}")


def _light(light: float | None) -> str:
    return "" if light is None else f"brightness {light:.0%}"


def _software(software: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {version}" for name, version in software.items())


def _model(model: Mapping[str, Any]) -> str:
    parts = [str(model.get("name") or ""), _checksum(model.get("sha256"))]
    return ", ".join(part for part in parts if part)


def _isolation(isolation: Mapping[str, Any]) -> str:
    if not isolation:
        return ""
    if isolation.get("is_isolated"):
        return "the pose model ran in a process that has no network"
    return "the pose model was not cut off from the network on this machine"


def _practice(active_min: float | None) -> str:
    if active_min is None:
        return ""
    said = f"{active_min:.1f} minutes"
    return f"{said}, from the first repetition to the last"


def _checksum(sha256: Any) -> str:
    return f"sha256 {str(sha256)[:12]}…" if sha256 else ""


def _number(value: Any, pattern: str) -> str:
    return "" if value is None else pattern.format(value)


def _size(width: Any, height: Any) -> str:
    return f"{width} × {height} pixels" if width and height else ""  # noqa: RUF001
