"""Every error hiprom raises on purpose.

* HipromError
  - InputError              an argument cannot be used (also a ValueError)
    + ShapeError            an array is not of the shape its docstring asks for
    + UnknownProtocol       no protocol has that name
    + UnknownSubject        nobody is kept under that code
  - CaptureError            a video could not be turned into landmarks
    + VideoNotReadable      the file is missing, not a video, damaged or too large
    + ModelNotAvailable     the pose model is not there, or not the one we know
    + PoseFailed            the pose process died or could not start
    + NotReachable          a video or a place for results, by URL, just now
  - MeasurementError        the recording was read, but does not support a measurement
    + NobodyInView
    + LegsNotReadable       out of the picture, hidden, or the knee too straight
    + ViewNotUsable         the camera too far to one side, or too far away
    + NoReps
    + TestNotClear          which test is shown cannot be told from the landmarks
  - ResultsError            results could not be written or read
  - StoreError              the database or its landmark files refused
    + StoreUnavailable      not reachable, locked, not permitted, or the disk full
    + StoreDamaged          the database or a landmarks file is not whole
    + StoreNotOurs          another program's database, or a newer hiprom's
"""

from __future__ import annotations

from collections.abc import Iterable


class HipromError(Exception):
    """Base class. ``str(error)`` is always one message fit to show a user."""


class InputError(HipromError, ValueError):
    """An argument is of the wrong shape, range or kind."""


class ShapeError(InputError):
    """An array does not have the shape its docstring asks for."""

    def __init__(self, name: str, got: tuple[int, ...], expected: str) -> None:
        super().__init__(f"{name} has shape {got}; expected {expected}.")
        self.name = name
        self.got = got
        self.expected = expected


class UnknownProtocol(InputError):
    """No protocol has the name that was asked for."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        self.name = name
        self.known = tuple(known)
        super().__init__(
            f"There is no protocol {name!r}. Known protocols: {', '.join(self.known)}."
        )


class UnknownSubject(InputError):
    """Nobody is kept under the code that was asked for."""

    def __init__(self, code: str, near: Iterable[str] = ()) -> None:
        self.code = code
        self.near = tuple(near)
        hint = f" Did you mean {' or '.join(map(repr, self.near))}?" if near else ""
        super().__init__(f"There is no subject {code!r} in the history.{hint}")


class CaptureError(HipromError):
    """A video or camera could not be turned into landmarks."""


class VideoNotReadable(CaptureError):
    """The file is missing, is not a video, is damaged, or is larger than allowed."""

    def __init__(self, path: object, found: str, advice: str) -> None:
        super().__init__(f"{path}: {found} {advice}")
        self.path = path
        self.found = found
        self.advice = advice


class ModelNotAvailable(CaptureError):
    """The pose model is not installed, or is not the one that we know."""


class PoseFailed(CaptureError):
    """The pose process could not start, or ended before its work was done."""


class NotReachable(CaptureError):
    """What was named by URL cannot be reached just now."""


class MeasurementError(HipromError):
    """The recording is readable but does not support a measurement."""


class NobodyInView(MeasurementError):
    """No person was found in (nearly) all frames."""


class LegsNotReadable(MeasurementError):
    """The legs are out of the picture or hidden, or the knee is too straight."""


class ViewNotUsable(MeasurementError):
    """The camera stands too far to one side, or the person too far away."""


class NoReps(MeasurementError):
    """No repetition of the protocol's movement was found."""


class TestNotClear(MeasurementError):
    """Which test a recording shows cannot be told from the landmarks."""

    __test__ = False  # no test of pytest's


class ResultsError(HipromError):
    """Results could not be written to, or read from, the place that was named."""


class StoreError(HipromError):
    """The database, or the landmark files beside it, refused; nothing was lost."""


class StoreUnavailable(StoreError):
    """The database cannot be reached or written to just now."""


class StoreDamaged(StoreError):
    """The database, or a landmarks file, is not as it was written."""


class StoreNotOurs(StoreError):
    """The database is another program's, or was written by a newer hiprom."""
