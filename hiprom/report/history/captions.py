"""A chapter or an overview -> what stands under its figures, and its method."""

from __future__ import annotations

import math

from hiprom.core.arc import notes_on
from hiprom.core.history import VIDEO
from hiprom.core.overview import Overview
from hiprom.core.protocols import PROTOCOLS, Protocol
from hiprom.core.quantities import amount, unit
from hiprom.report.history.bars_figure import norms
from hiprom.report.history.chapters import Chapter, Leg
from hiprom.report.history.trend_figure import LONGEST_PAUSE_DAYS
from hiprom.report.history.weeks_figure import MOST_WEEKS, has_discomfort
from hiprom.report.history.words import error_sentence, line
from hiprom.report.sentences import degrees

_HARDLY = 0.1  # degrees, or centimetres
_WEEKS_OF_A_PAUSE = {21.0: "three weeks"}

LIMITS = (
    "A camera sees clothes and skin, not bones: loose trousers, a camera that does not "
    "stand where it should, or give in the knee can move a number by more than its "
    "interval says, which was learnt on rendered people in shorts."
)
TITLE = "Hip range of motion over time"
NO_SESSION = (
    "There is no session with a repetition that counts yet. Record one, and its "
    "numbers stand here."
)
NOT_A_DIAGNOSIS = "This is a measurement, not a diagnosis."
WHOM_TO_ASK = (
    "A small range, or a difference between the legs, is common and says little by "
    "itself. Ask a physiotherapist or doctor if you have pain in the hip or groin, if "
    "the hip locks or gives way, if it has become stiffer over weeks, or if something "
    "about it worries you."
)
FIGURE = (
    "The figure of a person is drawn from the landmarks of the furthest repetition, "
    "as no picture is kept; the dashed line is zero."
)
ARCS = "SFTR: external rotation, start, internal rotation, in degrees."


def trend_caption(chapter: Chapter) -> str:
    """Return how to read the figure of the trend."""
    said = "Each mark is a session with its 95 % interval."
    if any(
        leg.progress.trend and len(leg.progress.sessions) > 1 for leg in chapter.legs
    ):
        pause = _WEEKS_OF_A_PAUSE[LONGEST_PAUSE_DAYS]
        said += (
            " The line is the smoothed trend with its 95 % band: where the range "
            "itself most likely lies, not a session; dashed where there was none for "
            f"more than {pause}."
        )
    bands = [
        f"{leg.side} ± {amount(leg.progress.error.mdc95, leg.protocol.quantity)}"
        for leg in chapter.legs
        if math.isfinite(leg.progress.error.mdc95)
    ]
    if bands:
        said += (
            f" Grey: the first session ({', '.join(bands)}, the minimal detectable "
            "change). What lies within it may be error alone."
        )
    if bands and any(_has_poor_views(leg) for leg in chapter.legs):
        said += (
            " Where the view was poor the interval is longer, and only a larger change "
            "counts as more than error."
        )
    return said


def sides_title(chapter: Chapter) -> str:
    """Return the heading above the bars."""
    if len(chapter.legs) > 1:
        return "Side by side"
    return "Beside published averages" if norms(chapter) else "The newest session"


def norm_caption(chapter: Chapter) -> str:
    """Return what the pale bars are and where they come from; empty without any."""
    shown = norms(chapter)
    if not shown:
        return ""
    groups = ", ".join(norm.group for norm in shown)
    sources = "; ".join(dict.fromkeys(norm.source for norm in shown))
    return (
        f"Grey: {groups}, mean and one standard deviation ({sources}). They show what "
        "is common, not what is healthy."
    )


def method_sentences(chapter: Chapter) -> list[str]:
    """Say how a chapter's numbers came about and how far they can be trusted."""
    protocol = chapter.protocol
    errors = {leg.side: leg.progress.error for leg in chapter.legs}
    said = [error_sentence(errors, protocol.quantity)]
    said.append(
        "A change is larger than measurement error where its 95 % interval leaves out "
        "zero; against the best session it is wider, for that was picked among many."
    )
    if chapter.instrument == VIDEO:
        said.append(LIMITS)
    if any(leg.pose and leg.pose.is_drawable for leg in chapter.legs):
        said.append(FIGURE)
    if chapter.notes:
        arcs = [f"{each.side} {degrees(each.arc_deg)}" for each in chapter.notes]
        said.append(f"{ARCS} Total arc: {', '.join(arcs)}.")
    said.append(
        f"Compared are only sessions in one position ({protocol.posture}), on one "
        "side, by one instrument."
    )
    if protocol.direction < 0:
        said.append(negative_in_files(protocol))
    return said


def negative_in_files(protocol: Protocol) -> str:
    """Say that a movement which counts downwards is shown as if it counted upwards."""
    movement = f"{protocol.movement[0].upper()}{protocol.movement[1:]}"
    return (
        f"{movement} is shown as a positive number; in the data files it is negative."
    )


def goal_sentence(overview: Overview) -> str:
    """Say what the goal is and how often it was reached."""
    programme, done = overview.programme, overview.adherence
    sessions = _span(*programme.sessions_per_week)
    minutes = _span(*programme.minutes)
    said = f"Goal: {sessions} sessions a week of {minutes} minutes."
    if math.isfinite(done.share):
        over = sum(week.is_over for week in done.weeks)
        share = f"{done.share:.0%}".replace("%", " %") if done.share else "none"
        said += f" Of {over} {_weeks(over)} so far, {share} had enough sessions"
        if done.streak_weeks > 1:
            said += f", the last {done.streak_weeks} in a row"
        said += "."
    return said


def weeks_title(overview: Overview) -> str:
    """Return the heading above the weeks."""
    return "Practice and discomfort" if has_discomfort(overview) else "Practice"


def weeks_caption(overview: Overview) -> str:
    """Return how to read the figure of the weeks."""
    said = (
        "The pale band and the lines are the goal. Dark bars reach it, grey ones do not"
    )
    if overview.adherence.weeks and not overview.adherence.weeks[-1].is_over:
        said += "; the outlined week is not over"
    said += (
        ". Minutes count from the first repetition to the last of a recording, and "
        "what the diary adds."
    )
    if len(overview.adherence.weeks) > MOST_WEEKS:
        said += f" Shown are the last {MOST_WEEKS} weeks."
    if not has_discomfort(overview):
        said += " The diary has no discomfort in this time."
    return said


def due_sentence(overview: Overview) -> str:
    """Say which drill comes next and why; empty where the programme names none."""
    due = overview.due
    if due is None:
        return ""
    known = PROTOCOLS.get(due.drill)
    return f"Next: {line(known.title if known else due.drill)}. {due.reason}"


def arc_sentences(overview: Overview) -> list[str]:
    """Say how both hips' arcs compare, posture by posture."""
    return [
        f"{posture[0].upper()}{posture[1:]}: {' '.join(notes_on(arcs))}"
        for posture, arcs in overview.arcs.items()
        if any(notes_on(arcs))
    ]


def left_out_sentence(overview: Overview) -> str:
    """Say which recordings are of protocols that nothing is known of; empty if none."""
    unknown = [
        trial.protocol for trial in overview.trials if trial.protocol not in PROTOCOLS
    ]
    if not unknown:
        return ""
    names = ", ".join(line(each) for each in dict.fromkeys(unknown))
    return (
        f"Left out: {len(unknown)} recording{'s' if len(unknown) > 1 else ''} of "
        f"protocols that this version of hiprom does not know ({names})."
    )


def _has_poor_views(leg: Leg) -> bool:
    """Whether any session is less sure than the measurement error says."""
    sem = leg.progress.error.sem
    hardly = _HARDLY / unit(leg.protocol.quantity).per_own
    return any(row.error_sd > sem + hardly for row in leg.progress.sessions)


def _span(least: float, most: float) -> str:
    return f"{least:g}" if least == most else f"{least:g} to {most:g}"


def _weeks(count: int) -> str:
    return "week" if count == 1 else "weeks"
