"""A PoseTrack -> which test it seems to show, and how sure that is.

Each test is told by a few signs that follow from what it is: how the person lies, and
what moves how. A sign is a trait with a number at which it speaks against the test and
one at which it speaks for it; between them it is in doubt. A test is as sure as its
least sure sign. Nothing is learnt from recordings: the numbers stand midway between
what the geometry gives for one movement and for the next.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from hiprom.core.track import PoseTrack
from hiprom.core.traits import Traits, traits_of

# A test is named by itself if it is this sure, and no other is half as sure.
_SURE, _RIVAL = 0.6, 0.5
# A third one is worth asking about if it is this sure.
_WORTH_ASKING = 0.1


class Sign(NamedTuple):
    """A trait, from where it speaks against a test (0) to where it speaks for it (1).

    `otherwise` says what is seen where it speaks against.
    """

    trait: str
    against: float
    speaks_for: float
    otherwise: str

    def holds(self, traits: Traits) -> float:
        """Return how surely it holds, 0 to 1; a trait that is NaN speaks against."""
        share = (getattr(traits, self.trait) - self.against) / (
            self.speaks_for - self.against
        )
        return float(np.clip(np.nan_to_num(share), 0.0, 1.0))


@dataclass(frozen=True)
class Guess:
    """A test that a recording may show.

    Attributes
    ----------
    protocol : str
    sureness : float
        0 to 1: that of the sign that fits least.
    fitting : float
        The mean sureness of all its signs.
    but : str
        What is seen that does not fit, in a few words; empty if all fits.
    """

    protocol: str
    sureness: float
    fitting: float
    but: str


@dataclass(frozen=True)
class Recognition:
    """All tests, the likeliest first."""

    guesses: tuple[Guess, ...]

    @property
    def protocol(self) -> str | None:
        """The test that is shown; None where that is not sure."""
        best, second = self.guesses[:2]
        is_sure = best.sureness >= _SURE and second.sureness <= _RIVAL * best.sureness
        return best.protocol if is_sure else None

    @property
    def likely(self) -> tuple[Guess, ...]:
        """The two or three that are worth asking about."""
        third = self.guesses[2]
        return self.guesses[: 3 if third.sureness >= _WORTH_ASKING else 2]


# How the person lies. A trunk is 0.5 m, thigh and shank 0.42 m each, shoulders 0.36 m
# apart (Winter 2009, for a stature of 1.70 m): a leg that hangs straight reaches 1.7
# trunks, a shank alone 0.84.
_UPRIGHT = Sign("trunk_deg", 50, 35, "the trunk lies across the picture")
_LYING = Sign("trunk_deg", 45, 60, "the trunk is upright in the picture")
_STACKED = Sign("shoulder_width", 0.2, 0.4, "the shoulders lie one behind the other")
_ON_A_SEAT = (
    _UPRIGHT,
    Sign("knee_bend_deg", 30, 45, "the knees are straight"),
    Sign("knee_drop", 0.8, 0.65, "the thighs hang down"),
    Sign("reach", 0.8, 1.0, "the feet are about as high as the hips"),
    Sign("least_drop", 0.2, 0.5, "a knee is folded"),
    Sign("hips_range", 0.5, 0.2, "the hips move about"),
)
_ON_THE_FLOOR = (
    _UPRIGHT,
    Sign("reach", 1.1, 0.9, "the feet are far below the hips"),
    Sign("knee_drop", 0.3, 0.1, "the knees are lower than the hips"),
    Sign("knee_bend_deg", 30, 45, "the knees are straight"),
    Sign("hips_range", 0.7, 0.4, "the hips move about"),
)
_ON_THE_SIDE = (
    _LYING,
    _STACKED,
    Sign("reach", 0.7, 1.0, "the legs are drawn up"),
    Sign("still_ankle_range", 0.4, 0.2, "both feet move"),
    Sign("hips_range", 0.4, 0.2, "the hips move about"),
)
_ON_THE_FEET = (
    _UPRIGHT,
    Sign("reach", 1.2, 1.4, "the person does not stand"),
    Sign("knee_drop", 0.5, 0.65, "the thighs do not hang down"),
    Sign("ankle_range", 0.4, 0.2, "the feet do not stay where they are"),
)

# What moves. A repetition of hip rotation takes 8 degrees at least; half of that, and
# what a landmark wanders, is none.
_SWINGS = Sign("swing_deg", 6, 12, "no shank swings")
_KNEE_BENT = Sign("moving_bend_deg", 27, 38, "the leg that moves is straight")
_KNEE_STRAIGHT = Sign("moving_bend_deg", 38, 27, "the leg that moves is bent")
_BOTH_FEET_STAY = Sign("ankle_range", 0.6, 0.35, "the feet move about")


def _share(low: float, high: float, otherwise: str) -> tuple[Sign, Sign]:
    """Signs that the knees part by a share of the feet's parting, between two."""
    wide = 0.15
    return (
        Sign("knee_share", low - wide, low, otherwise),
        Sign("knee_share", high + wide, high, otherwise),
    )


SIGNS: Mapping[str, tuple[Sign, ...]] = MappingProxyType(
    {
        "seated_ir": (
            *_ON_A_SEAT,
            _SWINGS,
            Sign("swing_way", 0.0, 0.3, "the foot does not swing outwards"),
        ),
        "seated_er": (
            *_ON_A_SEAT,
            _SWINGS,
            Sign("swing_way", 0.0, -0.3, "the foot does not swing inwards"),
        ),
        "prone_ir": (
            _UPRIGHT,
            Sign("least_drop", 0.0, -0.3, "no shank points upwards"),
            Sign("most_drop", 0.1, 0.4, "no leg lies straight"),
            Sign("still_ankle_range", 0.6, 0.3, "both feet move"),
            Sign("hips_range", 0.5, 0.25, "the hips move about"),
            _SWINGS,
            Sign("swing_way", 0.0, 0.3, "the foot does not swing outwards"),
        ),
        "sidelying_ir": (
            *_ON_THE_SIDE,
            _KNEE_BENT,
            Sign("ankle_gap_range", 0.08, 0.16, "the feet stay together"),
            Sign("knee_share", 0.5, 0.3, "the knees part as well"),
        ),
        "clamshell": (
            *_ON_THE_SIDE,
            _KNEE_BENT,
            Sign("knee_gap_range", 0.08, 0.16, "the knees stay together"),
            Sign("knee_share", 1.3, 2.0, "the feet part as well"),
        ),
        "leg_lift": (
            *_ON_THE_SIDE,
            _KNEE_STRAIGHT,
            Sign("ankle_gap_range", 0.15, 0.3, "the feet stay together"),
            *_share(0.35, 0.75, "the knees do not part half as far as the feet"),
        ),
        "ninety_ninety": (
            *_ON_THE_FLOOR,
            Sign("ankle_gap", 0.6, 0.9, "the feet are close together"),
            Sign("knees_shift", 0.2, 0.4, "the knees do not fall to one side"),
            Sign("swing_deg", 20, 35, "the shanks do not turn over"),
        ),
        "tandem_rotation": (
            *_ON_THE_FEET,
            Sign("least_reach", 1.2, 1.4, "the knees bend deeply"),
            Sign("ankle_gap", 0.45, 0.3, "the feet stand apart"),
            Sign("hips_range", 0.5, 0.25, "the hips move about"),
            Sign("turn_range_deg", 8, 14, "the shoulders do not turn"),
        ),
        "butterfly": (
            *_ON_THE_FLOOR,
            _BOTH_FEET_STAY,
            Sign("ankle_gap", 0.9, 0.6, "the feet are apart"),
            Sign("knees_part", 0.1, 0.2, "the knees do not part"),
            Sign("knees_shift", 0.5, 0.25, "the knees fall to one side"),
        ),
        "squat": (
            *_ON_THE_FEET,
            Sign("reach_range", 0.15, 0.3, "the hips do not sink"),
            Sign("bend_range_deg", 15, 30, "not both knees bend"),
            Sign("bends_together", 0.4, 0.8, "the knees do not bend together"),
        ),
    }
)


def recognise(track: PoseTrack) -> Recognition:
    """Say which test a track seems to show, and how surely."""
    traits = traits_of(track)
    guesses = [_guess(name, signs, traits) for name, signs in SIGNS.items()]
    return Recognition(
        tuple(sorted(guesses, key=lambda each: (-each.sureness, -each.fitting)))
    )


def _guess(name: str, signs: tuple[Sign, ...], traits: Traits | None) -> Guess:
    if traits is None:
        return Guess(name, 0.0, 0.0, "hardly anybody is in view")
    sure = [sign.holds(traits) for sign in signs]
    least = min(sure)
    but = signs[sure.index(least)].otherwise if least < 1 else ""
    return Guess(name, least, float(np.mean(sure)), but)


def why_unclear(recognition: Recognition) -> str:
    """Say which tests a recording may show, what speaks against each, what to do."""
    likely = recognition.likely
    told = "; ".join(f"{each.protocol}, but {each.but}" for each in likely)
    return (
        f"The recording does not show clearly which test it is. Likeliest: {told}. "
        f"Say which it is, for example --protocol {likely[0].protocol}; the camera "
        "position that each test needs is in `hiprom protocols NAME`."
    )
