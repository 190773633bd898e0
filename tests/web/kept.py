"""A video that was measured: a job of the page with all its files, made quickly.

The landmarks are those that the pose model once saw of a sample video; from there on
everything is done as it always is.
"""

import atexit
import shutil
import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path

import av
import numpy as np

from hiprom import keeping, usecases
from hiprom.web.desk import Desk, Wanted
from hiprom.web.shelves import Shelves

GOLDEN = Path(__file__).parents[1] / "golden"
LEFT = GOLDEN / "seated_ir_left.parquet"
RIGHT = GOLDEN / "seated_er_right.parquet"


def film(path, frames=12, size=64):
    """Write a small film of grey frames."""
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=30)
        stream.width = stream.height = size
        stream.pix_fmt = "yuv420p"
        for number in range(frames):
            grey = np.full((size, size, 3), 8 * number % 255, np.uint8)
            for packet in stream.encode(av.VideoFrame.from_ndarray(grey)):
                out.mux(packet)
        for packet in stream.encode():
            out.mux(packet)
    return path


@cache
def _analysed(landmarks, protocol, subject):
    """Measure what is asked for several times but once."""
    out = Path(tempfile.mkdtemp(prefix="hiprom-kept-"))
    atexit.register(shutil.rmtree, out, ignore_errors=True)
    asked = {"protocol": protocol, "subject": subject}
    if subject is None:
        whole = usecases.analyze_landmarks(landmarks, out=out, name="a", **asked)
        film(whole.folder / "overlay.mp4", frames=40)
        return whole
    # But for whose it is, as nobody's: pages and pictures take longest.
    shutil.copytree(_analysed(landmarks, protocol, None).folder, out / "a")
    named = usecases.reanalyze(landmarks, out / "named", "a", side="auto", **asked)
    for table in named.folder.iterdir():
        shutil.copy(table, out / "a")
    return replace(named, folder=out / "a")


def measured(
    site,
    name="a.mp4",
    subject=None,
    landmarks=LEFT,
    protocol="seated_ir",
    *,
    recorded_at=None,
):
    """Put a video on the shelf and let it be measured; return its job.

    `recorded_at` makes it another recording, of that time.
    """
    shelves = Shelves(site.folder)
    shelves.make()
    desk = Desk(site.store, shelves)
    arrived = film(shelves.uploads / "arrived.mp4")
    job = desk.take(arrived, name, Wanted(protocol, "auto", subject))
    (found,) = [each for each in desk.jobs.claim(99) if each.spec.name == job]
    analysis = _analysed(landmarks, protocol, subject)
    shutil.copytree(analysis.folder, shelves.results / job)
    trial = None
    if subject:
        video = analysis.facts["video"]
        if recorded_at is not None:
            told = recorded_at.isoformat()
            video = video | {"recorded_at": told, "sha256": f"of {told}", "name": name}
        facts = analysis.facts | {"subject": subject, "video": video}
        trial = keeping.keep(replace(analysis, facts=facts), site.store).trial.trial_id
    desk.jobs.finish(found.job_id, trial_id=trial, frames=len(analysis.track))
    return desk.job(job)
