"""A subject's history -> reports to read, and files that other programs open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from hiprom.analysis import frame_of
from hiprom.core.history import SavedTrial
from hiprom.core.overview import Overview
from hiprom.errors import InputError, MeasurementError
from hiprom.keeping import look_back
from hiprom.store.store import Store
from hiprom.usecases import analyze_landmarks

if TYPE_CHECKING:
    from hiprom.report.history import Pose

# Of the whole history, or of one trial.
HISTORY_FORMATS = ("csv", "xlsx", "fhir", "json")
TRIAL_FORMATS = ("trc", "mot", "c3d")


def report(
    subject: str,
    out: Path,
    store: Store,
    *,
    sessions: tuple[int, int] | None = None,
) -> None:
    """Write where a subject stands as a PDF or a page, by the name's ending.

    Parameters
    ----------
    subject : str
    out : Path
        ``*.pdf`` or ``*.html``.
    store : Store
    sessions : pair of int, optional
        Only these two sessions, side by side, the earlier first.
    """
    from hiprom.report import history

    kind = out.suffix.lower()
    if kind not in {".pdf", ".html"}:
        raise InputError(f"{out} is neither a .pdf nor an .html. Name one of them.")
    overview = look_back(subject, store)
    if sessions is not None:
        compare = (
            history.write_comparison_pdf
            if kind == ".pdf"
            else history.write_comparison_html
        )
        compare(out, overview, *sessions)
        return
    write = history.write_history_pdf if kind == ".pdf" else history.write_history_html
    write(out, overview, poses=tuple(_best_poses(overview, store)))


def hand_out(
    subject: str, kind: str, out: Path, store: Store, *, trial: int | None = None
) -> tuple[Path, ...]:
    """Write a subject's history, or one trial of it, in a format others read.

    Parameters
    ----------
    subject : str
    kind : str
        One of `HISTORY_FORMATS` or `TRIAL_FORMATS`.
    out : Path
        The file to write.
    store : Store
    trial : int, optional
        Which trial, for the formats that hold one; by default the newest whose
        landmarks are kept.

    Returns
    -------
    tuple of Path
        The files that were written.
    """
    from hiprom.report import exports

    trials = store.trials(subject)
    if kind in HISTORY_FORMATS:
        person = store.subject(subject)
        if kind == "json":
            return exports.write_history_json(
                out,
                person,
                trials,
                diary=store.diary(subject),
                programme=store.programme(subject),
            )
        return exports.HISTORY_WRITERS[kind](out, person, trials)
    if kind not in TRIAL_FORMATS:
        known = ", ".join((*HISTORY_FORMATS, *TRIAL_FORMATS))
        raise InputError(f"There is no format {kind!r}. Known formats: {known}.")
    chosen, landmarks = _with_landmarks(trials, store, trial)
    from hiprom.report.landmarks import read_landmarks

    if kind == "mot":
        analysis = analyze_landmarks(landmarks, protocol=chosen.protocol)
        return exports.write_mot(out, analysis.measurement)
    track, _ = read_landmarks(landmarks)
    return (exports.write_trc if kind == "trc" else exports.write_c3d)(out, track)


def _best_poses(overview: Overview, store: Store) -> Iterator[Pose]:
    """Find the moment of each measure's best rep of the newest session, to draw it."""
    from hiprom.report.history import Pose

    for series in overview.series:
        measure, newest = series.measure, series.sessions[-1]
        best = newest.best(measure.direction)
        trial = next(
            each
            for each in overview.trials
            if any(saved.rep is best for saved in each.reps)
        )
        landmarks = store.landmarks(trial.trial_id)
        if landmarks is None:
            continue
        try:
            analysis = analyze_landmarks(
                landmarks, protocol=measure.protocol, side=measure.side
            )
        except MeasurementError:
            continue
        leg = next(
            (
                each
                for each in analysis.measurement.sides
                if (each.side, each.direction) == (measure.side, measure.direction)
            ),
            None,
        )
        if leg is None:
            continue
        frame = frame_of(best, analysis.measurement)
        yield Pose(
            measure=measure,
            recorded_at=trial.recorded_at,
            rep_number=best.number,
            end_range=best.end_range,
            image_px=analysis.track.image_px[frame],
            dial_px=leg.dial_px[frame],
        )


def _with_landmarks(
    trials: Iterable[SavedTrial], store: Store, wanted: int | None
) -> tuple[SavedTrial, Path]:
    """Choose a trial whose landmarks are kept: the one asked for, or the newest."""
    known = list(trials)
    chosen = [each for each in known if wanted in {None, each.trial_id}]
    if not chosen:
        raise InputError(
            f"Trial {wanted} is not one of theirs. Theirs are: "
            f"{', '.join(str(each.trial_id) for each in known) or 'none'}."
        )
    for trial in reversed(chosen):
        landmarks = store.landmarks(trial.trial_id)
        if landmarks is not None:
            return trial, landmarks
    raise InputError(
        "No landmarks are kept of it: it was imported from a table. Only a trial that "
        "was measured from a video can be written in this format."
    )
