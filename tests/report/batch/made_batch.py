"""A made-up batch: folders as `hiprom analyze` writes them, and a job for each."""

from dataclasses import replace

import examples

from hiprom.core.jobs import Job, JobSpec, JobState
from hiprom.core.measurement import View
from hiprom.report.summary import summary, write_summary
from hiprom.report.tables import reps_table, write_csv

STRAIGHT = View(1.0, 2.0, 3.0, 2.0, 0.5, 1.0, 640.0, 110.0, 2.4, 88.0, 0.5)


def moved(measurement, *, by_deg=0.0, spread=1.0):
    """The same trial with end-ranges that lie elsewhere and further apart."""
    sides = []
    for side in measurement.sides:
        mean, reps = side.mean, []
        for rep in side.reps:
            end = mean + by_deg + spread * (rep.end_range - mean)
            by = end - rep.end_range
            low, high = rep.end_range_low + by, rep.end_range_high + by
            reps.append(
                replace(rep, end_range=end, end_range_low=low, end_range_high=high)
            )
        sides.append(replace(side, reps=tuple(reps)))
    return replace(measurement, sides=tuple(sides))


def done(
    out,
    name,
    *,
    by_deg=0.0,
    spread=1.0,
    view=STRAIGHT,
    coverage=1.0,
    is_external=False,
    sides=("right",),
    video=None,
    subject=None,
    reps=True,
):
    """Write one video's results and return its job."""
    trial, track = examples.trial(sides=sides)
    trial = examples.external(trial) if is_external else trial
    if not reps:
        trial = replace(trial, sides=tuple(replace(s, reps=()) for s in trial.sides))
    trial = moved(replace(trial, view=view), by_deg=by_deg, spread=spread)
    facts = examples.summary(trial, track, name=f"{name}.mp4")
    keys = ("created_at", "software", "video", "warnings")
    facts = {key: facts[key] for key in keys} | {"subject": subject}
    facts["video"]["coverage"] = coverage
    folder = out / name
    folder.mkdir(parents=True)
    table = reps_table(trial, video=f"{name}.mp4", subject=subject)
    write_csv(table, folder / "reps.csv")
    write_summary(folder / "summary.json", summary(trial, facts))
    (folder / "report.html").write_text("its own page")
    return job(name, video=video, protocol=trial.protocol.name, subject=subject)


def job(name, state=JobState.DONE, reason="", *, video=None, **choice):
    """A job as the database has it."""
    spec = JobSpec(video=video or f"/clinic/{name}.mp4", name=name, **choice)
    return Job(1, spec, state, 1, 1.0, reason)


def failed(name, reason, **choice):
    return job(name, JobState.FAILED, reason, **choice)
