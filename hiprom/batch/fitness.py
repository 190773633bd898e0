"""An order and the worker that was given it -> why that worker must not work on it.

One batch is one making: the same hiprom, the same pose model, one video at a time in
each process, results where the head finds them.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from hiprom._version import __version__
from hiprom.batch.order import Needs, Order
from hiprom.errors import HipromError
from hiprom.report.addresses import is_url

if TYPE_CHECKING:
    from distributed import Worker


def unfit(order: Order, worker: Worker) -> str:
    """Return why a worker can do no job of a batch, and what to do; or ""."""
    threads = worker.state.nthreads
    if threads != 1:
        return (
            f"The worker at {worker.address} has {threads} threads, and would measure "
            "several videos in one process. Start it with --nthreads 1, and one for "
            "each processor (--nworkers)."
        )
    why = _differs(order.needs) or _unseen(order.out)
    return f"The worker at {worker.address} {why}" if why else ""


@cache
def _differs(needs: Needs) -> str:
    if needs.hiprom not in {"", __version__}:
        return (
            f"has hiprom {__version__}, this batch {needs.hiprom}. Install the same "
            "there, and start it again."
        )
    if not needs.model_sha256:
        return ""
    from hiprom.capture import model

    try:
        found = model.ready().sha256
    except HipromError as error:
        return f"has no pose model. {error}"
    if found != needs.model_sha256:
        return (
            f"has another pose model ({found[:8]}) than this batch "
            f"({needs.model_sha256[:8]}). Run hiprom model install there, or set "
            "HIPROM_MODEL, and start it again."
        )
    return ""


def _unseen(out: str) -> str:
    if is_url(out) or Path(out).is_dir():
        return ""
    return (
        f"does not see the folder {out}. All workers must see it under the same path: "
        "share it."
    )
