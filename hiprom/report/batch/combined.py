"""The jobs of a batch -> all that tells of them together, beside their own folders.

Only the rows of summary.csv are held at once, about a kilobyte for each video and side;
repetitions pass through one video at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from hiprom.core.jobs import Job, JobState
from hiprom.errors import ResultsError
from hiprom.report.batch.columns import combined_reps_columns
from hiprom.report.batch.page import OVERVIEW, write_overview
from hiprom.report.batch.rep_rows import csv_line, rep_cells
from hiprom.report.batch.results import (
    SideResult,
    read_summary,
    side_results,
    without_result,
)
from hiprom.report.batch.tables import write_summary_csv
from hiprom.report.batch.workbook import write_workbook
from hiprom.report.exports.rows import Column
from hiprom.report.files import writing
from hiprom.report.tables import safe_text
from hiprom.report.whole_file import whole_file

Progress = Callable[[str, int, int | None], None]


def _silent(_stage: str, _done: int, _total: int | None) -> None:
    """Report no progress."""


def write_combined(
    out: Path, jobs: Iterable[Job], *, progress: Progress = _silent
) -> Path:
    """Write reps.csv, summary.csv, summary.xlsx and the overview into `out`.

    Rows are in the order of the jobs' names, so that the same jobs give the same bytes,
    whoever did them and whenever. A job that is done but whose results cannot be read
    is told as failed.

    Parameters
    ----------
    out : Path
        Where the folder of each job stands under its name, as `hiprom analyze` wrote
        it. It is made if need be.
    jobs : iterable of Job
    progress : callable, optional
        Called with a stage, the steps done, and their total or None.

    Returns
    -------
    Path
        The overview's first page.

    Raises
    ------
    ResultsError
        If a file cannot be written; each stands whole or as it was before.
    """
    with writing(out):
        out.mkdir(parents=True, exist_ok=True)
    in_order = sorted(jobs, key=lambda job: job.spec.name)
    columns, results = _write_tables(out, in_order, out.joinpath, progress)
    write_workbook(
        out / "summary.xlsx", results, out / "reps.csv", columns, progress=progress
    )
    progress("Writing the overview", 0, None)
    write_overview(out, results)
    return out / OVERVIEW


def write_tables(
    out: Path, jobs: Iterable[Job], folder_of: Callable[[str], Path]
) -> None:
    """Write reps.csv and summary.csv alone, as `write_combined` does.

    Parameters
    ----------
    out : Path
        A folder that is there.
    jobs : iterable of Job
        Rows are in their order.
    folder_of : callable
        Says where the results of a job lie, by its name.

    Raises
    ------
    ResultsError
        If a file cannot be written.
    """
    _write_tables(out, list(jobs), folder_of, _silent)


def _write_tables(
    out: Path, jobs: list[Job], folder_of: Callable[[str], Path], progress: Progress
) -> tuple[tuple[Column, ...], list[SideResult]]:
    columns = combined_reps_columns({job.spec.protocol for job in jobs})
    heading = [column.name for column in columns]
    with whole_file(out / "reps.csv") as unfinished:
        results = _gathered(folder_of, jobs, unfinished, heading, progress)
    write_summary_csv(out / "summary.csv", results)
    return columns, results


def _gathered(
    folder_of: Callable[[str], Path],
    jobs: list[Job],
    joined: Path,
    heading: Sequence[str],
    progress: Progress,
) -> list[SideResult]:
    """Join the repetitions of all jobs in the file `joined`; return their results."""
    results: list[SideResult] = []
    with joined.open("w", encoding="utf-8", newline="") as file:
        file.write(csv_line(heading))
        for done, job in enumerate(jobs, start=1):
            progress("Gathering the results", done, len(jobs))
            if job.state != JobState.DONE:
                results.append(without_result(job))
                continue
            folder = folder_of(job.spec.name)
            try:
                reps = list(rep_cells(folder / "reps.csv"))
                found = side_results(
                    job,
                    read_summary(folder / "summary.json"),
                    reps,
                    has_report=(folder / "report.html").exists(),
                )
            except ResultsError as error:
                results.append(without_result(job, str(error)))
                continue
            results += found
            name = {"name": safe_text(job.spec.name)}
            file.writelines(
                csv_line((cells | name).get(column, "") for column in heading)
                for cells in reps
            )
    return results
