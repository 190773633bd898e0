"""`hiprom history`, `report`, `export` and `import`: parse, call, print."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from hiprom.cli.app import AsJson, Code, When, app, moment, opened_history


@app.command(epilog="Example: hiprom history P01")
def history(
    subject: Annotated[
        str | None,
        typer.Argument(help="The person's code; without it, who there is."),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Every session, not the newest only.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show a subject's sessions: what changed, whether it is real, what is due."""
    from hiprom import keeping
    from hiprom.terminal import history as shown

    with opened_history() as store:
        if subject is None:
            people = store.subjects()
            if as_json:
                typer.echo(json.dumps([_plain(each) for each in people], indent=2))
            else:
                shown.show_subjects(people)
            return
        found = keeping.look_back(subject, store)
    if as_json:
        typer.echo(_document(found))
    else:
        shown.show_overview(found, everything=everything)


@app.command(epilog="Example: hiprom report P01 --out P01.pdf")
def report(
    subject: Code,
    out: Annotated[Path, typer.Option(help="FILE.pdf or FILE.html.")],
    sessions: Annotated[
        tuple[int, int] | None,
        typer.Option(help="Two sessions side by side, by their numbers."),
    ] = None,
) -> None:
    """Write a subject's history as a PDF or a web page of its own."""
    from hiprom import handing_out
    from hiprom.terminal import say

    with opened_history() as store:
        handing_out.report(subject, out, store, sessions=sessions)
    say(f"Written: {out}")


@app.command(epilog="Example: hiprom export P01 --format xlsx --out P01.xlsx")
def export(
    subject: Code,
    kind: Annotated[
        str,
        typer.Option(
            "--format",
            help="csv, xlsx, fhir or json: the whole history; "
            "trc, mot or c3d: one trial.",
        ),
    ],
    out: Annotated[Path, typer.Option(help="The file to write.")],
    trial: Annotated[
        int | None,
        typer.Option(help="Which trial, for trc, mot and c3d; by default the newest."),
    ] = None,
) -> None:
    """Write a subject's history, or one trial, in a format other programs open."""
    from hiprom import handing_out
    from hiprom.terminal import say

    with opened_history() as store:
        written = handing_out.hand_out(subject, kind, out, store, trial=trial)
    for path in written:
        say(f"Written: {path}")


@app.command("import", epilog="Example: hiprom import results/*/reps.csv --subject P01")
def import_(
    tables: Annotated[
        list[Path],
        typer.Argument(
            metavar="TABLE...",
            help="reps.csv files, or lists kept by hand with at least the columns "
            "date, protocol, side and end_range.",
        ),
    ],
    subject: Annotated[
        str | None, typer.Option(help="Whose they are, if the table does not say.")
    ] = None,
    recorded_at: When = None,
) -> None:
    """Bring repetitions of earlier runs, or by hand, into the history."""
    from hiprom import keeping
    from hiprom.terminal import history as shown

    with opened_history() as store:
        for table in tables:
            shown.show_imported(
                keeping.bring_in(
                    table, store, subject=subject, recorded_at=moment(recorded_at)
                )
            )


def _document(found: Any) -> str:
    from hiprom.report.overview_document import overview_document

    document = overview_document(found)
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)


def _plain(listed: Any) -> dict[str, Any]:
    return {
        "subject": listed.subject.code,
        "name": listed.subject.display_name,
        "sessions": listed.sessions,
        "trials": listed.trials,
        "reps": listed.reps,
        "last_day": listed.last_day.isoformat() if listed.last_day else None,
    }
