"""JobSpecs -> what the database is asked for: with their settings and fingerprints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from hiprom.capture import model
from hiprom.core.history import VIDEO
from hiprom.core.jobs import JobSpec
from hiprom.report.addresses import is_url, without_secrets
from hiprom.store.job_rows import Asked
from hiprom.store.new_trial import settings_sha256

_NOT_THERE, _ELSEWHERE = "not there", "elsewhere"


def asked_for(specs: Iterable[JobSpec], *, what: str) -> Iterator[Asked]:
    """Yield each spec as it is asked for; a video that is missing fails as a job.

    Parameters
    ----------
    specs : iterable of JobSpec
    what : str
        What is written of each: another `what` is work to be done anew.
    """
    model_sha256 = model.status().sha256
    for spec in specs:
        size, fingerprint = _fingerprint(spec.video)
        settings = settings_sha256(
            spec.protocol,
            spec.side,
            VIDEO,
            {"camera": _camera(spec.camera), "what": what},
            model_sha256,
        )
        if is_url(spec.video):
            spec = replace(spec, video=without_secrets(spec.video))  # noqa: PLW2901
        yield Asked(spec, settings, fingerprint, weight=float(size))


def _fingerprint(video: str) -> tuple[int, str]:
    """Return a video's size and what changes when it does.

    What is behind a URL is taken to stay as it is: asking for each would take longer
    than all else.
    """
    if is_url(video):
        return 0, _ELSEWHERE
    try:
        status = Path(video).stat()
    except (OSError, ValueError):
        return 0, _NOT_THERE
    return status.st_size, f"{status.st_size} {status.st_mtime_ns}"


def _camera(profile: str | None) -> str:
    """Return a profile's own text: edited, it is another camera."""
    if profile is None:
        return ""
    from hiprom.capture.calibration.profiles import place_of

    place = place_of(profile)
    return place.read_text(encoding="utf-8") if place.is_file() else profile
