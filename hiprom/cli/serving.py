"""`hiprom serve`: parse, call, print."""

from __future__ import annotations

from typing import Annotated

import typer

from hiprom.cli.app import app, opened_history
from hiprom.errors import InputError


@app.command(epilog="Example: hiprom serve --port 8477")
def serve(
    port: Annotated[int, typer.Option(help="0 takes a free one.")] = 8477,
    host: Annotated[
        str,
        typer.Option(
            help="An address of this machine. Any but 127.0.0.1 is open to other "
            "machines, and asks them for a token."
        ),
    ] = "127.0.0.1",
    host_name: Annotated[
        list[str] | None,
        typer.Option(help="A name by which other machines call this one; repeatable."),
    ] = None,
    largest: Annotated[
        float, typer.Option("--largest", help="Of an uploaded video, in gigabytes.")
    ] = 8.0,
) -> None:
    """Serve the web page: upload videos, see results and histories in a browser."""
    from hiprom.capture.places import data_folder
    from hiprom.terminal import say

    try:
        from hiprom.web.serve import serve as serve_site
        from hiprom.web.site import Limits
    except ModuleNotFoundError as error:
        raise InputError(
            f"The web page needs the package {error.name}, which is not installed. "
            "Run: pip install 'hiprom[web]'"
        ) from error
    with opened_history() as store:
        try:
            serve_site(
                store,
                data_folder() / "web",
                host=host,
                port=port,
                names=host_name or (),
                limits=Limits(bytes=round(largest * 1e9)),
                tell=say,
            )
        except KeyboardInterrupt:
            say("Stopped. Videos that wait are measured when hiprom serves again.")
