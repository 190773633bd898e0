"""`hiprom batch`: parse, call, print."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hiprom.cli.app import FAILED, PARTLY, SideName, app, opened_history
from hiprom.core.jobs import JobState

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from distributed import Client

    from hiprom.batch.run import Plan
    from hiprom.core.jobs import JobSpec


@app.command(epilog="Example: hiprom batch videos --out results --workers 2")
def batch(
    place: Annotated[
        Path,
        typer.Argument(
            metavar="FOLDER|MANIFEST.csv",
            help="A folder of videos, or a list that names subject, protocol, side.",
        ),
    ],
    out: Annotated[
        str | None,
        typer.Option(
            metavar="DIR|URL", help="Where the results go, a folder for each video."
        ),
    ] = None,
    manifest_template: Annotated[
        bool,
        typer.Option(
            "--manifest-template", help="Print a manifest of FOLDER to fill in."
        ),
    ] = False,
    protocol: Annotated[
        str, typer.Option(help="Which test a folder's videos show.")
    ] = "seated_ir",
    side: Annotated[
        SideName, typer.Option(help="The subjects' own side, for a folder.")
    ] = SideName.AUTO,
    workers: Annotated[
        int | None,
        typer.Option(min=1, help="How many videos at once; one for each processor."),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with what OUT holds already.")
    ] = False,
    reanalyse: Annotated[
        bool,
        typer.Option(
            "--reanalyse",
            help="FOLDER holds results: measure their landmarks anew, without videos.",
        ),
    ] = False,
    scheduler: Annotated[
        str | None,
        typer.Option(
            metavar="URL", help="A Dask scheduler that runs already: tls://host:8786."
        ),
    ] = None,
    tls_ca: Annotated[
        Path | None, typer.Option(help="Whose certificates are trusted, PEM.")
    ] = None,
    tls_cert: Annotated[Path | None, typer.Option(help="Our certificate, PEM.")] = None,
    tls_key: Annotated[Path | None, typer.Option(help="Its key, PEM.")] = None,
    overlay: Annotated[
        bool, typer.Option("--overlay/--no-overlay", help="Draw overlay.mp4.")
    ] = True,
    save: Annotated[
        bool,
        typer.Option(
            "--save/--no-save", help="Keep trials in their subjects' history."
        ),
    ] = True,
    timeout: Annotated[
        float, typer.Option(min=1, help="Seconds that one video may take.")
    ] = 1800.0,
    memory: Annotated[
        float, typer.Option(min=0.2, help="Gigabytes that a worker may hold.")
    ] = 3.0,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print events, a JSON document a line.")
    ] = False,
) -> None:
    """Measure many videos side by side; what is done stays done, whatever happens."""
    from hiprom import manifest

    if manifest_template:
        typer.echo(manifest.template(place), nl=False)
        return
    if out is None:
        raise typer.BadParameter("say where the results go", param_hint="--out")

    from hiprom.batch.order import Limits
    from hiprom.batch.places import place_of
    from hiprom.batch.run import Plan
    from hiprom.terminal.batch import show_stopped

    specs = _specs(place, protocol, side.value, is_again=reanalyse)
    cluster = _cluster(workers, scheduler, (tls_ca, tls_cert, tls_key))
    goal = place_of(out)
    goal.require_writable()
    limits = Limits(seconds=timeout, bytes=1e9 * memory)
    plan = Plan(goal, overlay, limits, save, is_again=reanalyse)
    try:
        counts = _run(plan, specs, cluster, is_resumed=resume, as_json=as_json)
    except KeyboardInterrupt:
        show_stopped(goal.key)
        raise typer.Exit(FAILED) from None
    if counts[JobState.FAILED]:
        raise typer.Exit(PARTLY if counts[JobState.DONE] else FAILED)


def _run(
    plan: Plan,
    specs: list[JobSpec],
    cluster: AbstractContextManager[Client],
    *,
    is_resumed: bool,
    as_json: bool,
) -> dict[JobState, int]:
    """Measure all, tell of it, write the tables; return how many are in which state."""
    from hiprom.batch import run
    from hiprom.batch.patience import insist
    from hiprom.cli.batch_events import teller_of

    with ExitStack() as stack:
        store = stack.enter_context(opened_history())
        jobs = run.batch_at(plan, store, is_resumed=is_resumed)
        stack.enter_context(jobs.lease())
        run.ask(jobs, specs, plan)
        left = jobs.weights()[JobState.QUEUED]
        teller = teller_of(jobs.counts(), left, as_json=as_json)
        with teller.shown():
            listen = teller.listen
            run.run(plan, jobs, store, cluster, specs, events=teller, listen=listen)
        with teller.combining() as progress:
            overview = run.combine(plan, jobs, teller, progress=progress)
        counts = insist(jobs.counts, teller)
        teller.over(counts, jobs.failures(), overview)
        return counts


def _specs(place: Path, protocol: str, side: str, *, is_again: bool) -> list[JobSpec]:
    from hiprom import manifest, terminal
    from hiprom.batch.again import specs_of_results
    from hiprom.cli.asking import require_protocol

    require_protocol(protocol)
    if is_again:
        return specs_of_results(place)
    if place.is_file():
        return manifest.read_manifest(place, note=terminal.say)
    return [
        replace(spec, protocol=protocol, side=side)
        for spec in manifest.specs_of_folder(place)
    ]


def _cluster(
    workers: int | None,
    scheduler: str | None,
    tls: tuple[Path | None, Path | None, Path | None],
) -> AbstractContextManager[Client]:
    from hiprom.batch import cluster

    if scheduler is None:
        return cluster.local_cluster(workers or cluster.default_workers())
    ca, certificate, key = tls
    certificates = None
    if ca and certificate and key:
        certificates = cluster.Certificates(ca, certificate, key)
    cluster.require_safe(scheduler, certificates)
    return cluster.remote_cluster(scheduler, certificates)
