"""A data folder and a database URL -> the history: what may be kept, read, forgotten.

Everything goes in and comes out as the values of `hiprom.core.history`. What a method
returned is on the disk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

from hiprom.core.history import DiaryEntry, Programme, SavedTrial, Subject
from hiprom.core.landmarks import MeasuredSide
from hiprom.errors import StoreDamaged
from hiprom.store import (
    corrections,
    diary,
    erase,
    exclusions,
    fsck,
    imports,
    save,
    subjects,
)
from hiprom.store.engine import Database
from hiprom.store.landmark_files import LandmarkFiles
from hiprom.store.new_trial import NewTrial
from hiprom.store.refusals import plainly
from hiprom.store.schema import bring_up_to_date
from hiprom.store.trial_rows import read_landmarks_sha256, read_trials


class Store:
    """The history of all subjects; open it with `Store.open`, best in a ``with``.

    Several processes and threads may use the same history. One writes at a time;
    another waits for it, five seconds at most.

    Raises
    ------
    StoreUnavailable
        By every method, if the database cannot be reached or written to.
    StoreDamaged
        By every method, if the database is not whole.
    UnknownSubject
        By a method that asks for what is kept of a subject, if nothing is.

    Examples
    --------
    >>> with Store.open(None, data_folder) as store:  # doctest: +SKIP
    ...     store.save_trial("P01", trial, write_landmarks=None)
    ...     store.trials("P01")
    """

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        self.folder = folder
        self._files = LandmarkFiles(folder)

    @classmethod
    def open(cls, url: str | None, folder: Path) -> Self:
        """Open the history, made new where there is none, brought up to date if old.

        Parameters
        ----------
        url : str or None
            ``postgresql+psycopg://user:password@server/database``, or
            ``sqlite:///path``; None for ``hiprom.sqlite`` in `folder`.
        folder : Path
            The data folder: the landmark files lie in it, and SQLite's backups. Made
            readable by its owner alone if it is not there.

        Raises
        ------
        InputError
            If the URL names no database that hiprom can use.
        StoreNotOurs
            If the database is another program's, or was written by a newer hiprom.
        StoreDamaged, StoreUnavailable
            If it cannot be read, reached or made. Whatever was found stays as it is.
        """
        with plainly(folder):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        database = Database(url, folder)
        try:
            bring_up_to_date(database, folder)
        except BaseException:
            database.close()
            raise
        return cls(database, folder)

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def place(self) -> str:
        """The database in words: a path, or server and name, never a password."""
        return self._database.place

    @property
    def database(self) -> Database:
        """The database itself, for `hiprom.store.jobs` and backups."""
        return self._database

    def save_trial(
        self,
        subject_code: str,
        trial: NewTrial,
        write_landmarks: Callable[[Path], None] | None = None,
        *,
        wrong: corrections.Wrong | None = None,
    ) -> save.Saved:
        """Keep a trial, once; a new code becomes a subject.

        Parameters
        ----------
        subject_code : str
        trial : NewTrial
        write_landmarks : callable, optional
            Writes the trial's landmarks to the path it is given. Called before the
            rows are written, and not at all where the trial is known already.
        wrong : Wrong, optional
            The trial in whose place this one counts from now on.

        Returns
        -------
        Saved
            The trial, and whether it is new. The same video measured with the same
            settings is the trial that was saved first, unchanged.

        Raises
        ------
        InputError
            If the code, a time or a rep cannot be kept as it is.
        """
        return save.save_trial(
            self._database,
            self._files,
            subject_code,
            trial,
            write_landmarks,
            wrong=wrong,
        )

    def import_trials(
        self, subject_code: str, given: Iterable[NewTrial]
    ) -> imports.Imported:
        """Add many trials without landmarks at once, all or none of them.

        Reps that are there already are left as they are, so that the same table may be
        imported twice. A new code becomes a subject.
        """
        with self._database.writing() as connection:
            return imports.import_trials(connection, subject_code, given)

    def trials(
        self, subject_code: str, *, protocol: str | None = None
    ) -> tuple[SavedTrial, ...]:
        """Return a subject's trials, of one protocol or all, in order of time."""
        with self._database.reading() as connection:
            code_id = subjects.subject_id(connection, subject_code)
            return read_trials(connection, code_id, protocol=protocol)

    def landmarks(self, trial_id: int) -> Path | None:
        """Return where a trial's landmarks are; None if it was saved without.

        Raises
        ------
        InputError
            If there is no such trial.
        StoreDamaged
            If the file should be there, and is not.
        """
        with self._database.reading() as connection:
            sha256 = read_landmarks_sha256(connection, trial_id)
        if sha256 is None:
            return None
        path = self._files.path(sha256)
        if not path.exists():
            raise StoreDamaged(
                f"The landmarks of trial {trial_id} are gone: {path}. Put the file "
                "back from a copy of the data folder."
            )
        return path

    def exclude_rep(
        self,
        trial_id: int,
        side: MeasuredSide,
        quantity: str,
        number: int,
        reason: str,
        *,
        who: str = "",
    ) -> None:
        """Take a rep out of the reckoning, and keep on record why, when and who.

        Raises
        ------
        InputError
            If there is no such rep, or no reason.
        """
        with self._database.writing() as connection:
            exclusions.exclude_rep(
                connection, trial_id, side, quantity, number, reason=reason, who=who
            )

    def include_rep(
        self, trial_id: int, side: MeasuredSide, quantity: str, number: int
    ) -> None:
        """Take a rep back into the reckoning; the exclusion stays on record.

        Raises
        ------
        InputError
            If there is no such rep.
        """
        with self._database.writing() as connection:
            exclusions.include_rep(connection, trial_id, side, quantity, number)

    def exclusions(self, trial_id: int) -> tuple[exclusions.Exclusion, ...]:
        """Return every judgement of a trial's reps, undone ones too, oldest first."""
        with self._database.reading() as connection:
            return exclusions.read_exclusions(connection, trial_id)

    def put_back(self, trial_id: int, reason: str, who: str = "") -> None:
        """Let a trial count again that was set aside, in the place of the other.

        Raises
        ------
        InputError
            If it was not set aside, or no reason is given.
        """
        with self._database.writing() as connection:
            corrections.put_back(connection, trial_id, reason, who)

    def corrections(self, trial_id: int) -> tuple[corrections.Correction, ...]:
        """Return which measurement of a trial's recording took which one's place."""
        with self._database.reading() as connection:
            return corrections.read_corrections(connection, trial_id)

    def subject(self, code: str) -> Subject:
        """Return what is known of a person."""
        with self._database.reading() as connection:
            return subjects.read_subject(connection, code)

    def subjects(self) -> tuple[subjects.SubjectInList, ...]:
        """Return all subjects in order of code, each with how much is kept of them."""
        with self._database.reading() as connection:
            return subjects.read_subjects(connection)

    def put_subject(self, subject: Subject) -> None:
        """Keep what is known of a person, in place of what was known before.

        Raises
        ------
        InputError
            If the code cannot be used.
        """
        with self._database.writing() as connection:
            subjects.put_subject(connection, subject)

    def add_diary(self, subject_code: str, entry: DiaryEntry) -> None:
        """Add an entry to a subject's diary; a new code becomes a subject."""
        with self._database.writing() as connection:
            diary.add_entry(connection, subject_code, entry)

    def diary(self, subject_code: str) -> tuple[DiaryEntry, ...]:
        """Return a subject's diary in order of time."""
        with self._database.reading() as connection:
            return diary.read_diary(connection, subject_code)

    def remove_diary(self, subject_code: str, entry: DiaryEntry) -> bool:
        """Remove an entry of a subject's diary for good; return whether it was there.

        Of several that are alike one is removed.
        """
        with self._database.writing() as connection:
            return diary.remove_entry(connection, subject_code, entry)

    def put_programme(self, subject_code: str, programme: Programme) -> None:
        """Keep a programme in place of the last; a new code becomes a subject."""
        with self._database.writing() as connection:
            diary.put_programme(connection, subject_code, programme)

    def programme(self, subject_code: str) -> Programme:
        """Return a subject's programme; the usual one where none was put."""
        with self._database.reading() as connection:
            return diary.read_programme(connection, subject_code)

    def forget(self, subject_code: str) -> erase.Erased:
        """Erase a subject: rows, landmark files, backups that hold them, old pages.

        Raises
        ------
        UnknownSubject
            If nothing is kept under that code. What an earlier call could not finish
            is finished nevertheless.
        StoreUnavailable
            If another program keeps old pages open; forget the subject again.
        """
        return erase.forget(self._database, self._files, self.folder, subject_code)

    def fsck(self) -> tuple[fsck.Fault, ...]:
        """Return what does not fit together between database and files; no change."""
        return fsck.fsck(self._database, self._files, self.folder)
