"""People drawn from plain shapes, plain enough to place and real enough to be found."""

import cv2
import numpy as np

from hiprom.capture.video import Frame

_SKIN, _HAIR, _TROUSERS, _SHOE = (224, 172, 140), (60, 40, 30), (50, 50, 70), (30,) * 3


def frames(pictures, fps=30.0):
    """The pictures as a video would give them."""
    for index, picture in enumerate(pictures):
        yield Frame(index, index / fps, picture)


def room(width_px=640, height_px=480):
    """An empty room, shape (height, width, 3)."""
    picture = np.full((height_px, width_px, 3), (205, 210, 215), np.uint8)
    picture[height_px * 5 // 6 :] = (150, 140, 130)
    return picture


def draw_person(picture, middle_px, top_px, tall_px, *, shirt=(60, 90, 150), lift=0.0):
    """Draw someone who faces us; `lift` moves their left foot out, in body heights."""

    def at(x, y):
        return round(middle_px + x * tall_px), round(top_px + y * tall_px)

    def limb(start, end, width, colour):
        thick = max(1, round(width * tall_px))
        cv2.line(picture, at(*start), at(*end), colour, thick, cv2.LINE_AA)

    for side in (1, -1):
        out = lift if side == 1 else 0.0
        hip, knee, ankle = (
            (side * 0.055, 0.52),
            (side * 0.06, 0.75),
            (side * 0.065 + out, 0.95),
        )
        shoulder, elbow = (side * 0.11, 0.2), (side * 0.15, 0.36)
        limb(hip, knee, 0.085, _TROUSERS)
        limb(knee, ankle, 0.06, _TROUSERS)
        limb(ankle, (ankle[0] + side * 0.02, 0.985), 0.05, _SHOE)
        limb(shoulder, elbow, 0.05, shirt)
        limb(elbow, (side * 0.155, 0.53), 0.045, _SKIN)
    trunk = [(-0.12, 0.19), (0.12, 0.19), (0.1, 0.4), (0.09, 0.54), (-0.09, 0.54)]
    outline = np.array([at(*point) for point in (*trunk, (-0.1, 0.4))], np.int32)
    cv2.fillConvexPoly(picture, outline, shirt, cv2.LINE_AA)
    limb((0, 0.12), (0, 0.18), 0.05, _SKIN)
    head, crown = at(0, 0.075), at(0, 0.04)
    wide, high = round(0.05 * tall_px), round(0.068 * tall_px)
    cv2.ellipse(picture, head, (wide, high), 0, 0, 360, _SKIN, -1, cv2.LINE_AA)
    hair = (wide, round(0.04 * tall_px))
    cv2.ellipse(picture, crown, hair, 0, 180, 360, _HAIR, -1, cv2.LINE_AA)
    for side in (1, -1):
        eye = max(1, round(0.006 * tall_px))
        cv2.circle(picture, at(side * 0.019, 0.07), eye, _SHOE, -1, cv2.LINE_AA)
    limb((-0.015, 0.108), (0.015, 0.108), 0.006, (170, 80, 80))
    return picture
