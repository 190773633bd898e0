"""Saved trials -> a FHIR R5 collection Bundle that a clinic's record can take in.

One Observation a visit, measure, side and direction: the mean end-range with its
interval, derived from one Observation for each repetition that counts. Beside them
stand the Patient, known by a code and by whatever else the Subject holds, and the
Device that measured.

Words stand in ``text``; codes come from a `CodeMap` only. Values are rounded to what
they can bear: a tenth of a degree, a millimetre, a hundredth of a second. Intervals
are components, for FHIR has no field for them and a reference range is another thing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from hiprom.core.history import (
    Measure,
    SavedRep,
    SavedTrial,
    Session,
    Subject,
    measured,
    series_of,
)
from hiprom.core.protocols import PROTOCOLS
from hiprom.core.quantities import words_of
from hiprom.errors import ResultsError
from hiprom.report.exports.fhir_codes import COMPONENTS, CodeMap
from hiprom.report.exports.rows import cell_of, in_order, summed_up
from hiprom.report.json_text import json_text
from hiprom.report.tables import printable
from hiprom.report.whole_file import write_whole

_UCUM = "http://unitsofmeasure.org"
# By the end of a quantity's name: UCUM's code, the word, and the decimals it can bear.
_UNITS = {
    "deg": ("deg", "degree", 1),
    "m": ("m", "metre", 3),
    "cm": ("cm", "centimetre", 1),
    "s": ("s", "second", 2),
}
# A ratio, or a measure without a unit.
_PURE = ("1", "1", 3)
_REP_COMPONENTS = (
    "end_range_low",
    "end_range_high",
    "excursion",
    "hold_s",
    "shank_tilt_deg",
    "compensation_deg",
)
_SESSION_COMPONENTS = ("mean_low", "mean_high", "best", "sd", "reps")
# HL7's own code system for the category of an observation.
_CATEGORY = {
    "coding": [
        {
            "system": "http://terminology.hl7.org/CodeSystem/observation-category",
            "code": "exam",
            "display": "Exam",
        }
    ]
}
_SIGNS = "Internal rotation is positive, external rotation negative."
_NAMESPACE = UUID("6c1d3f0e-52f1-4b52-9d5c-2f6f5b1f6a10")

Resource = dict[str, Any]


def write_history_fhir(
    path: Path,
    subject: Subject,
    trials: tuple[SavedTrial, ...],
    *,
    codes: CodeMap | None = None,
    exported_at: datetime | None = None,
) -> tuple[Path]:
    """Write `history_bundle` as JSON, after fhir.resources has found it sound.

    Raises
    ------
    ResultsError
        If fhir.resources is not installed, if it refuses the bundle, or if the file
        cannot be written.
    """
    try:
        from fhir.resources.bundle import Bundle
    except ImportError as error:
        raise ResultsError(
            "FHIR needs fhir.resources, which is not installed. Install it with "
            'pip install "hiprom[fhir]".'
        ) from error

    bundle = history_bundle(subject, trials, codes=codes, exported_at=exported_at)
    try:
        Bundle.model_validate(bundle)
    except ValueError as error:
        raise ResultsError(
            f"Could not write {path}: what the history holds makes no FHIR bundle "
            f"({' '.join(str(error).split())}). Export it as JSON instead."
        ) from error
    write_whole(path, json_text(bundle))
    return (path,)


def history_bundle(
    subject: Subject,
    trials: Iterable[SavedTrial],
    *,
    codes: CodeMap | None = None,
    exported_at: datetime | None = None,
) -> Resource:
    """Return the Bundle as plain dicts, lists, text and numbers.

    Parameters
    ----------
    subject : Subject
        What it does not hold is not sent: leave out the name to send the code alone.
    trials : iterable of SavedTrial
        Repetitions that do not count are left out.
    codes : CodeMap, optional
        Without it the concepts have no codes, only words.
    exported_at : datetime, optional
        With its offset from UTC.
    """
    codes = codes or CodeMap()
    trials = in_order(trials)
    patient = _entry(_patient(subject), "patient")
    devices = {
        instrument: _entry(_device(instrument), "device")
        for instrument in dict.fromkeys(trial.instrument for trial in trials)
    }
    observations = []
    for series in series_of(trials):
        measure = series.measure
        common = _common(measure, codes) | {
            "subject": _reference(patient),
            "device": _reference(devices[measure.instrument]),
        }
        for session in series.sessions:
            reps = [
                _entry(_rep(common, trial, saved, codes), f"rep {trial.trial_id}")
                for trial, saved in _members(trials, measure, session)
            ]
            summary = _session(common, session, measure, codes)
            summary["derivedFrom"] = [_reference(rep) for rep in reps]
            observations += [_entry(summary, f"session {session.session_id}"), *reps]
    when = {"timestamp": exported_at.isoformat()} if exported_at else {}
    entries = [patient, *devices.values(), *observations]
    return {"resourceType": "Bundle", "type": "collection", **when, "entry": entries}


def _patient(subject: Subject) -> Resource:
    patient: Resource = {
        "resourceType": "Patient",
        "identifier": [{"value": _words(subject.code)}],
    }
    if subject.display_name:
        patient["name"] = [{"text": _words(subject.display_name)}]
    if subject.sex:
        patient["gender"] = subject.sex
    if subject.birth_year:
        patient["birthDate"] = f"{subject.birth_year:04d}"
    return patient


def _device(instrument: str) -> Resource:
    name = {"value": _words(instrument), "type": "user-friendly-name", "display": True}
    return {"resourceType": "Device", "name": [name]}


def _common(measure: Measure, codes: CodeMap) -> Resource:
    """Return what the observations of one measure share."""
    known = measure.known
    title = known.title if known else measure.protocol
    if known is None or not measure.is_primary:
        title += f", {words_of(measure.quantity)}"
    place = f"{measure.side} {'hip' if measure.quantity.startswith('hip_') else 'side'}"
    if measure.side == "both":
        place = "both sides"
    method = measure.instrument + (f"; {known.posture}" if known else "")
    common = {
        "resourceType": "Observation",
        "status": "final",
        "category": [_CATEGORY],
        "code": codes.concept(
            _words(title), "observation", measure.protocol, measure.quantity
        ),
        "bodySite": codes.concept(place, "body_site", place),
        "method": codes.concept(_words(method), "method", measure.instrument),
    }
    is_signed = measure.quantity == "hip_rotation_deg"
    return common | ({"note": [{"text": _SIGNS}]} if is_signed else {})


def _session(
    common: Resource, session: Session, measure: Measure, codes: CodeMap
) -> Resource:
    values = summed_up(session, measure)
    return _observation(
        common,
        "mean end-range of the visit",
        session.recorded_at,
        _quantity(session.mean, measure.quantity),
        _components(values, _SESSION_COMPONENTS, measure.quantity, codes),
    )


def _rep(
    common: Resource, trial: SavedTrial, saved: SavedRep, codes: CodeMap
) -> Resource:
    observation = _observation(
        common,
        f"end-range of repetition {saved.rep.number}",
        trial.recorded_at,
        _quantity(saved.rep.end_range, saved.quantity),
        _components(vars(saved.rep), _REP_COMPONENTS, saved.quantity, codes),
    )
    known = PROTOCOLS.get(trial.protocol)
    meanings = known.flags if known else {}
    unusual = [{"text": _words(meanings.get(flag, flag))} for flag in saved.rep.flags]
    notes = [*common.get("note", ()), *unusual]
    return observation | ({"note": notes} if notes else {})


def _observation(
    common: Resource,
    what: str,
    when: datetime,
    value: Resource,
    components: list[Resource],
) -> Resource:
    code = common["code"] | {"text": f"{common['code']['text']}: {what}"}
    return common | {
        "code": code,
        "effectiveDateTime": when.isoformat(),
        "valueQuantity": value,
        **({"component": components} if components else {}),
    }


def _components(
    values: dict[str, Any], names: tuple[str, ...], quantity: str, codes: CodeMap
) -> list[Resource]:
    """Return a component for each of `names` that has a value."""
    made: list[Resource] = []
    for name in names:
        value = cell_of(values[name])
        code = {"code": codes.concept(COMPONENTS[name], "component", name)}
        if name == "reps":
            made.append(code | {"valueInteger": value})
        elif isinstance(value, int | float):
            unit_of = name if name.endswith(("_s", "_deg")) else quantity
            made.append(code | {"valueQuantity": _quantity(value, unit_of)})
    return made


def _quantity(value: float, name: str) -> Resource:
    """Return a FHIR Quantity in the unit at the end of `name`."""
    suffix = name.rpartition("_")[2]
    code, word, decimals = _UNITS.get(suffix, _PURE)
    rounded = round(value, decimals) + 0.0  # and no minus before a zero
    return {"value": rounded, "unit": word, "system": _UCUM, "code": code}


def _members(
    trials: list[SavedTrial], measure: Measure, session: Session
) -> list[tuple[SavedTrial, SavedRep]]:
    """Return the repetitions of `session`, each with its trial."""
    return [
        (trial, saved)
        for trial in trials
        if (trial.session_id, trial.protocol, trial.instrument)
        == (session.session_id, measure.protocol, measure.instrument)
        for its, saved in measured(trial)
        if trial.set_aside is None and saved.counts and its == measure
    ]


def _entry(resource: Resource, what: str) -> Resource:
    """Return a bundle's entry, named after its content: the same again, alike named."""
    content = json.dumps([what, resource], sort_keys=True)
    return {"fullUrl": uuid5(_NAMESPACE, content).urn, "resource": resource}


def _reference(entry: Resource) -> dict[str, str]:
    return {"reference": entry["fullUrl"]}


def _words(text: str) -> str:
    """Return `text` without the control characters that FHIR forbids."""
    return "".join(
        mark if mark >= " " or mark in "\t\r\n" else f"\\x{ord(mark):02x}"
        for mark in printable(text)
    )
