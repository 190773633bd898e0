"""Work that workers can be given instead of a video: it ends in every way there is."""

import os
import signal
import time
from pathlib import Path

from hiprom.batch.order import Outcome


def work(order):
    """Do what the video's name says: well, badly, fatally, kept, faulty, slowly."""
    kind = Path(order.spec.video).stem.partition("-")[0]
    marks = Path(order.out)
    with (marks / f"{order.spec.name}.begun").open("a") as file:
        file.write("x")
    begun = (marks / f"{order.spec.name}.begun").stat().st_size
    if kind == "fatally" or (kind == "fatally_once" and begun == 1):
        os.kill(os.getpid(), signal.SIGKILL)
    if kind == "faulty":
        raise ZeroDivisionError("in hiprom")
    if kind == "slowly":
        time.sleep(1.0)
    if kind == "kept":
        return Outcome(order.job_id, frames=7, trial="stands for a trial")
    if kind == "badly":
        return Outcome(order.job_id, reason="It shows a cat.", worker="w")
    if kind == "breaks":
        again = Outcome(order.job_id, reason="It broke.", may_try_again=True)
        return again if begun == 1 else Outcome(order.job_id, frames=7)
    return Outcome(order.job_id, frames=7, seconds=0.1, worker="w")


def begun(marks, name):
    """How often a job was begun."""
    path = Path(marks) / f"{name}.begun"
    return path.stat().st_size if path.exists() else 0
