"""Alterations: what is done to a film to make another picture of it, as data.

Each leaves every angle of the body as it was, or swaps its sides, so that the truth
stays exactly known.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from zlib import crc32

import numpy as np
from scipy.spatial.transform import Rotation


@dataclass(frozen=True)
class Alteration:
    """What is done to every picture of a film, in this order; the default is nothing.

    Attributes
    ----------
    name : str
    is_mirrored : bool
        Left and right are swapped: another person, who moves the other leg.
    yaw_deg, pitch_deg, roll_deg : float
        The camera is turned where it stands, so that the `View` of the person changes
        by these: to its right, downwards, and so that the picture leans clockwise.
    scale : float
        The picture becomes smaller, with all that is in it.
    gain, gamma : float
        Of the light: a share of it is left, and dark parts are darkened further.
    noise : float
        Standard deviation of the sensor's noise, in grey levels of 255.
    every : int
        2 leaves out every second picture.
    """

    name: str = ""
    is_mirrored: bool = False
    yaw_deg: float = 0.0
    pitch_deg: float = 0.0
    roll_deg: float = 0.0
    scale: float = 1.0
    gain: float = 1.0
    gamma: float = 1.0
    noise: float = 0.0
    every: int = 1

    @property
    def turn(self) -> Rotation:
        """From the camera's axes to those of the turned one (x right, y down)."""
        return turned(self.yaw_deg, self.pitch_deg, self.roll_deg)

    @property
    def recipe(self) -> str:
        """All that is done, exactly: every field that differs from nothing."""
        amounts = {
            each.name: getattr(self, each.name)
            for each in fields(self)
            if each.name != "name" and getattr(self, each.name) != each.default
        }
        return "; ".join(f"{name} {amount:g}" for name, amount in amounts.items())


def turned(yaw_deg: float, pitch_deg: float, roll_deg: float) -> Rotation:
    """From a level camera's axes to one's with this yaw, pitch and roll, as in `View`.

    The person who faced the level camera faces past the other by `yaw_deg`.
    """
    return Rotation.from_euler("ZXY", [roll_deg, pitch_deg, -yaw_deg], degrees=True)


def drawn(seed: int, film: str) -> Alteration:
    """Draw a bit of everything at random, for this film; the same each time.

    The camera is turned downwards only, since upwards it would lose the feet, and the
    scale goes by steps of 1/80, in which the sides of 640 x 480 stay in proportion.
    """
    chance = np.random.default_rng([seed, crc32(film.encode())])
    yaw_deg, pitch_deg, roll_deg = chance.uniform([-6, 0, -4], [6, 5, 4]).round(1)
    gain, gamma, noise = chance.uniform([0.45, 0.8, 0], [1.2, 1.4, 5]).round(2)
    return Alteration(
        f"random, seed {seed}",
        is_mirrored=bool(chance.integers(2)),
        yaw_deg=float(yaw_deg),
        pitch_deg=float(pitch_deg),
        roll_deg=float(roll_deg),
        scale=float(chance.integers(48, 81) / 80),
        gain=float(gain),
        gamma=float(gamma),
        noise=float(noise),
        every=int(chance.choice([1, 1, 2])),
    )


def alterations_of(film: str) -> tuple[Alteration, ...]:
    """Return every alteration that is tried on a film."""
    return (
        Alteration("mirrored", is_mirrored=True),
        Alteration("camera rolled by 5°", roll_deg=5.0),
        Alteration("camera turned by 6°", yaw_deg=-6.0),
        Alteration("half the size", scale=0.5),
        Alteration("dark and noisy", gain=0.35, gamma=1.3, noise=12.0),
        drawn(1, film),
        drawn(2, film),
    )
