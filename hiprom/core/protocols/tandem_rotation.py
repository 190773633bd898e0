"""Step-tandem rotation: the torso turns over a narrow stance and a still pelvis."""

from __future__ import annotations

import numpy as np

from hiprom.core.protocols.moves import Moves, at_hold, change_of
from hiprom.core.protocols.protocol import (
    Further,
    Limit,
    Protocol,
    RepRules,
    Tempo,
    Threshold,
)
from hiprom.core.protocols.rules import OURS

_THORAX, _PELVIS = "thorax_rotation", "pelvis_rotation"


def _turns(moves: Moves) -> tuple[float, float]:
    """Return how far the thorax turned on the pelvis, and the pelvis in the room."""
    thorax, pelvis = (moves.change(f"{name}_deg") for name in (_THORAX, _PELVIS))
    return thorax, pelvis


def _dissociation(moves: Moves) -> float:
    """Return the thorax's share of the whole turn: 1 is a pelvis that kept still."""
    thorax, pelvis = _turns(moves)
    return thorax / (thorax + pelvis) if abs(thorax + pelvis) > 1.0 else np.nan


def _dissociation_sd(moves: Moves) -> float:
    thorax, pelvis = _turns(moves)
    thorax_sd, pelvis_sd = (
        moves.at_hold(f"{name}_sd_deg") for name in (_THORAX, _PELVIS)
    )
    spread = np.hypot(pelvis * thorax_sd, thorax * pelvis_sd)
    return float(spread / max((thorax + pelvis) ** 2, 1.0))


def _sway_cm(moves: Moves) -> float:
    """Return the standard deviation of the hips' place beside the feet."""
    return float(np.nanstd(moves.during("hips_cm")))


TANDEM_ROTATION = Protocol(
    name="tandem_rotation",
    title="Step-tandem rotation",
    posture="standing, one foot before the other",
    way="standing",
    sides="whole",
    quantity="thorax_rotation_deg",
    movements={1: "turn to the left", -1: "turn to the right"},
    opposite=None,
    camera=(
        "Straight in front of you, level, at the height of your hips, about 3 m away, "
        "with your whole body in the picture."
    ),
    instructions=(
        "Stand with one foot straight before the other, toes towards the camera, back "
        "long, and cross your arms over your chest.",
        "Stand still for a second and look ahead.",
        "Turn the chest slowly to one side as far as it goes, with the head, while "
        "the pelvis keeps facing the camera.",
        "Stay there for a moment, come back slowly, and turn to the other side.",
        "Repeat two to four times to each side, then change the foot in front.",
    ),
    avoid=(
        "Letting the pelvis turn along.",
        "Stepping, or swaying over the feet.",
        "Swinging into the end of the turn.",
    ),
    cues=None,
    rules=RepRules(
        min_excursion=Threshold(12.0, "deg", "smaller turns are not counted", OURS),
        min_duration_s=Threshold(
            0.6, "s", "shorter excursions are jitter or a glance", OURS
        ),
        plateau_band=Threshold(
            4.0, "deg", "how close to the furthest point the hold stays", OURS
        ),
        plateau_speed=Threshold(
            8.0, "deg/s", "slower than this the hold has begun", OURS
        ),
        min_plateau_s=Threshold(0.3, "s", "a shorter hold is flagged", OURS),
    ),
    readable_deg=None,
    norms=(),
    limits={
        "pelvis_follows": Limit(
            5.0,
            "deg",
            "the pelvis turned along",
            OURS,
            change_of("pelvis_rotation_deg"),
        ),
        "stance_shifts": Limit(
            4.0, "cm", "the feet left their place", OURS, change_of("feet_cm")
        ),
    },
    notes={},
    try_this=(
        "Face the camera for a second, turn the chest to one side as far as it goes, "
        "and come back."
    ),
    tempo=Tempo(
        raise_s=Threshold(0.5, "s", "the turn was fast", OURS),
        lower_s=Threshold(0.5, "s", "coming back was fast", OURS),
    ),
    further=(
        Further(
            "pelvis_rotation_deg",
            "how far the pelvis turned to the left since rest",
            change_of("pelvis_rotation_deg"),
            at_hold("pelvis_rotation_sd_deg"),
        ),
        Further(
            "dissociation_ratio",
            "the thorax's share of the whole turn: 1 is a pelvis that kept still",
            _dissociation,
            _dissociation_sd,
        ),
        Further(
            "sway_cm",
            "how far the hips swayed beside the feet, as a standard deviation",
            _sway_cm,
        ),
    ),
)

__all__ = ["TANDEM_ROTATION"]
