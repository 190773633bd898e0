"""All that is kept of a subject -> one picture of where they stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from hiprom.core.arc import Arc
from hiprom.core.history import (
    DiaryEntry,
    Measure,
    Programme,
    SavedTrial,
    Series,
    Subject,
    series_of,
)
from hiprom.core.programme import (
    Adherence,
    Discomfort,
    Due,
    Reason,
    SessionTempo,
    adherence,
    discomfort,
    due,
    reasons_to_ask,
    tempo,
)
from hiprom.core.quantities import is_angle
from hiprom.core.statistics import (
    Asymmetry,
    Progress,
    SftrNote,
    arcs_over_time,
    asymmetry,
    progress,
    sftr_notes,
)


@dataclass(frozen=True, eq=False)
class Overview:
    """A subject's history, worked out; reports only print it.

    Attributes
    ----------
    subject : Subject
    today : date
        The day it speaks of.
    trials : tuple of SavedTrial
        In order of time, those that count.
    set_aside : tuple of SavedTrial
        In whose place another measurement of the same recording counts.
    diary : tuple of DiaryEntry
    programme : Programme
    series : tuple of Series
        Of what the known protocols are about, in order of measure.
    further : tuple of Series
        Of what is reported besides: it has sessions and means, but no trend.
    progress : tuple of Progress
        One for each of `series`.
    tempo : mapping of Measure to tuple of SessionTempo
    asymmetries : tuple of Asymmetry
        The newest of each measure that has both sides.
    sftr : tuple of SftrNote
    arcs : mapping of str to tuple of Arc
        Both ends of each hip's rotation, by posture.
    adherence : Adherence
    due : Due or None
    discomfort : tuple of Discomfort
    reasons : tuple of Reason
        To ask a professional; most often empty.
    """

    subject: Subject
    today: date
    trials: tuple[SavedTrial, ...]
    set_aside: tuple[SavedTrial, ...]
    diary: tuple[DiaryEntry, ...]
    programme: Programme
    series: tuple[Series, ...]
    further: tuple[Series, ...]
    progress: tuple[Progress, ...]
    tempo: Mapping[Measure, tuple[SessionTempo, ...]] = field(repr=False)
    asymmetries: tuple[Asymmetry, ...]
    sftr: tuple[SftrNote, ...]
    arcs: Mapping[str, tuple[Arc, ...]] = field(repr=False)
    adherence: Adherence
    due: Due | None
    discomfort: tuple[Discomfort, ...]
    reasons: tuple[Reason, ...]


def overview(
    subject: Subject,
    trials: Iterable[SavedTrial],
    diary: Iterable[DiaryEntry] = (),
    programme: Programme | None = None,
    *,
    today: date,
) -> Overview:
    """Work out everything about one subject.

    Parameters
    ----------
    subject : Subject
    trials : iterable of SavedTrial
    diary : iterable of DiaryEntry
    programme : Programme, optional
        What they mean to do; two or three short sessions a week where not given.
    today : date
    """
    everything, diary = tuple(trials), tuple(diary)
    trials = tuple(each for each in everything if each.set_aside is None)
    programme = programme or Programme()
    known = [
        (each, protocol)
        for each in series_of(trials)
        if (protocol := each.measure.known) is not None
    ]
    primary = [pair for pair in known if pair[0].measure.is_primary]
    series = tuple(each for each, _ in primary)
    found = tuple(
        progress(each, protocol, sex=subject.sex) for each, protocol in primary
    )
    return Overview(
        subject=subject,
        today=today,
        trials=trials,
        set_aside=tuple(each for each in everything if each.set_aside is not None),
        diary=diary,
        programme=programme,
        series=series,
        further=tuple(each for each, _ in known if not each.measure.is_primary),
        progress=found,
        tempo={each.measure: tempo(each) for each in series},
        asymmetries=tuple(_side_by_side(series, found)),
        sftr=sftr_notes(series),
        arcs=arcs_over_time(series),
        adherence=adherence(trials, diary, programme, today),
        due=due(trials, diary, programme, today),
        discomfort=discomfort(diary),
        reasons=reasons_to_ask(trials, diary, programme, today),
    )


def _side_by_side(
    series: tuple[Series, ...], found: tuple[Progress, ...]
) -> Iterator[Asymmetry]:
    by_measure = {
        each.measure: (each, its) for each, its in zip(series, found, strict=True)
    }
    for measure, (right, of_right) in by_measure.items():
        opposite = replace(measure, side="left")
        if (
            measure.side != "right"
            or opposite not in by_measure
            or not is_angle(measure.quantity)
        ):
            continue
        left, of_left = by_measure[opposite]
        compared = asymmetry(
            right, left, (of_right.error, of_left.error), of_right.protocol
        )
        if compared is not None:
            yield compared
