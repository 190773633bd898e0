"""The history's use cases: keep a trial, look back, bring in what was kept elsewhere.

Where the history lies: `HIPROM_DB_URL`, or else a SQLite file in the data folder.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from hiprom.core.history import VIDEO, SavedTrial, measured, saved_reps
from hiprom.core.landmarks import SIDES
from hiprom.core.overview import Overview, overview
from hiprom.errors import InputError, UnknownSubject
from hiprom.store.new_trial import NewTrial, Video
from hiprom.store.store import Store

if TYPE_CHECKING:
    from hiprom.analysis import Analysis
    from hiprom.core.landmarks import Side
    from hiprom.core.protocols import Protocol
    from hiprom.core.statistics import Progress
    from hiprom.report.imports import ImportedTrial
    from hiprom.store.corrections import Wrong
    from hiprom.store.imports import Imported


@dataclass(frozen=True, eq=False)
class Kept:
    """A trial in the history, and where the subject stands with it.

    `is_new` is False where the same video with the same settings was kept before.
    """

    trial: SavedTrial
    is_new: bool
    overview: Overview


def open_history() -> Store:
    """Open the history of this machine, or the one that `HIPROM_DB_URL` names."""
    from hiprom.capture.places import data_folder

    return Store.open(os.environ.get("HIPROM_DB_URL") or None, data_folder())


def today() -> date:
    """Return the day it is here."""
    return datetime.now(UTC).astimezone().date()


def keep(analysis: Analysis, store: Store, *, wrong: Wrong | None = None) -> Kept:
    """Let a trial join the history of its subject, in the place of a `wrong` one.

    Raises
    ------
    InputError
        If the analysis names no subject.
    StoreError
        If the history cannot be written.
    """
    from hiprom.report.landmarks import write_landmarks

    subject = analysis.facts.get("subject")
    if not subject:
        raise InputError(
            "The trial names no subject, so it cannot join a history. "
            "Give a code, as in --subject P01."
        )
    saved = store.save_trial(
        subject,
        new_trial(analysis),
        lambda path: write_landmarks(path, analysis.track, analysis.facts),
        wrong=wrong,
    )
    return Kept(saved.trial, saved.is_new, look_back(subject, store))


def of_this_session(kept: Kept) -> list[Progress]:
    """Return how the movements of a trial stand after it, one entry each."""
    mine = {measure for measure, _ in measured(kept.trial)}
    return [
        each
        for each in kept.overview.progress
        if each.measure in mine
        and each.sessions[-1].session_id == kept.trial.session_id
    ]


def look_back(subject: str, store: Store, *, on: date | None = None) -> Overview:
    """Return where a subject stands; raise UnknownSubject if nothing is kept."""
    return overview(
        store.subject(subject),
        store.trials(subject),
        store.diary(subject),
        store.programme(subject),
        today=on or today(),
    )


def last_means(subject: str, protocol: Protocol, store: Store) -> dict[Side, float]:
    """Return each leg's mean of the last session, along the protocol's movement.

    Empty for somebody of whom nothing is kept.
    """
    try:
        known = look_back(subject, store)
    except UnknownSubject:
        return {}
    return {
        side: protocol.direction * each.sessions[-1].mean
        for each in known.progress
        for side in SIDES
        if each.measure.side == side
        and each.measure.protocol == protocol.name
        and each.measure.quantity == protocol.quantity
        and each.measure.instrument == VIDEO
    }


def set_aside(kept: Kept, store: Store, *, reason: str) -> None:
    """Take all repetitions of a trial out of the reckoning; they stay on record."""
    for saved in kept.trial.reps:
        store.exclude_rep(
            kept.trial.trial_id, saved.side, saved.quantity, saved.rep.number, reason
        )


def exclude(
    subject: str,
    trial: int,
    side: str,
    rep: int,
    store: Store,
    *,
    reason: str = "",
    who: str = "",
    back: bool = False,
) -> None:
    """Take a repetition out of the reckoning, or back in.

    Raises
    ------
    InputError
        If the subject has no such repetition, or no reason is given.
    """
    found = [
        saved
        for each in store.trials(subject)
        if each.trial_id == trial
        for saved in each.reps
        if (saved.side, saved.rep.number) == (side, rep)
    ]
    if not found:
        raise InputError(
            f"{subject} has no repetition {rep} on the {side} side in trial {trial}. "
            f"hiprom export {subject} --format csv lists them all."
        )
    for saved in found:
        if back:
            store.include_rep(trial, saved.side, saved.quantity, rep)
        else:
            store.exclude_rep(trial, saved.side, saved.quantity, rep, reason, who=who)


def bring_in(
    table: Path,
    store: Store,
    *,
    subject: str | None = None,
    recorded_at: datetime | None = None,
) -> dict[str, Imported]:
    """Add the repetitions of a reps.csv, or of a list kept by hand, to the history.

    Parameters
    ----------
    table : Path
    store : Store
    subject : str, optional
        Whose they are, where the table does not say, or says otherwise.
    recorded_at : datetime, optional
        When they were measured, where the table does not say.

    Returns
    -------
    dict of str to Imported
        What was added, by subject.
    """
    from hiprom.report.imports import read_reps

    by_subject: dict[str, list[ImportedTrial]] = {}
    zone = datetime.now(UTC).astimezone().tzinfo or UTC
    for found in read_reps(table, recorded_at=recorded_at, zone=zone):
        code = subject or found.subject
        if not code:
            raise InputError(
                f"{table} does not say whose repetitions these are. "
                "Give a code, as in --subject P01."
            )
        by_subject.setdefault(code, []).append(found)
    return {
        code: store.import_trials(code, map(_imported, trials))
        for code, trials in by_subject.items()
    }


def new_trial(analysis: Analysis) -> NewTrial:
    """Return a trial as the history is asked to keep it."""
    facts, measurement = analysis.facts, analysis.measurement
    video = facts["video"]
    said = video.get("recorded_at") or video.get("modified_at") or facts["created_at"]
    return NewTrial(
        recorded_at=datetime.fromisoformat(said).astimezone(),
        protocol=measurement.protocol.name,
        reps=tuple(rep for side in measurement.sides for rep in saved_reps(side)),
        side=analysis.side,
        parameters={"camera": measurement.camera.name} if measurement.camera else {},
        video=Video(
            name=video["name"],
            sha256=video["sha256"],
            bytes=video["bytes"],
            facts=video,
        ),
        duration_s=video["duration_s"],
        model_sha256=facts["model"]["sha256"],
        software=facts["software"],
        camera=analysis.summary["camera"],
        summary=analysis.summary,
        analysed_at=datetime.fromisoformat(facts["created_at"]),
    )


def _imported(trial: ImportedTrial) -> NewTrial:
    return NewTrial(
        recorded_at=trial.recorded_at,
        protocol=trial.protocol,
        reps=trial.reps,
        instrument=trial.instrument,
        video=Video(trial.video) if trial.video else None,
    )
