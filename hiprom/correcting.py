"""A trial measured as the wrong test, side or person -> measured again, with a trail.

From its kept landmarks: a fraction of a second, and the video need not be there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hiprom.core.kept import SavedTrial
from hiprom.errors import InputError
from hiprom.keeping import Kept, keep
from hiprom.store.corrections import Wrong
from hiprom.store.store import Store
from hiprom.usecases import analyze_landmarks

if TYPE_CHECKING:
    from hiprom.core.measure import SideChoice


def correct(
    trial: SavedTrial,
    store: Store,
    *,
    protocol: str,
    side: SideChoice,
    subject: str,
    reason: str,
    who: str = "",
) -> Kept:
    """Measure a trial otherwise; from now on that counts in its place.

    Parameters
    ----------
    trial : SavedTrial
        It stays on record.
    store : Store
    protocol, side : str
        What it shows; "auto" tells it from the landmarks.
    subject : str
        Whose it is: perhaps another person's.
    reason : str
    who : str
        Says so; "" where nobody tells.

    Raises
    ------
    InputError
        If no landmarks are kept of it, it counts no more, it was measured like that
        already, or no reason is given.
    MeasurementError
        If it does not show that test. Nothing is changed then.
    """
    landmarks = store.landmarks(trial.trial_id)
    if landmarks is None:
        raise InputError(
            "This trial was imported from a table: without landmarks it cannot be "
            "measured again."
        )
    analysis = analyze_landmarks(
        landmarks,
        protocol=protocol,
        side=side,
        subject=subject,
        recorded_at=trial.recorded_at,
        camera=_camera(trial),
    )
    return keep(analysis, store, wrong=Wrong(trial.trial_id, reason, who))


def _camera(trial: SavedTrial) -> str | None:
    """Return the name of the camera's profile that a trial was measured with."""
    camera = trial.summary.get("camera")
    name = camera.get("profile") if isinstance(camera, dict) else None
    return str(name) if name else None
