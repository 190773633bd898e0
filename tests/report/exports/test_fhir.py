"""Tests for the FHIR bundle: by fhir.resources, and by what plain json finds in it."""

import json
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from made_up_history import HISTORY, MONDAY, SUBJECT, external, histories, rep, trial

from hiprom.core.history import SavedRep, Subject
from hiprom.errors import ResultsError
from hiprom.report.exports import read_code_map, write_history_fhir

CODES = """
[[observation.seated_ir.hip_rotation_deg]]
system = "https://example.org/ours"
code = "hip-ir"
display = "Hip IR"

[[body_site."right hip"]]
system = "http://snomed.info/sct"
code = "24136001"
"""


def resources(path, kind):
    bundle = json.loads(path.read_text(encoding="utf-8"))
    return [
        entry["resource"]
        for entry in bundle["entry"]
        if entry["resource"]["resourceType"] == kind
    ]


def summaries(path):
    return [each for each in resources(path, "Observation") if "derivedFrom" in each]


def of_side(observations, side):
    return next(each for each in observations if side in each["bodySite"]["text"])


def component(observation, words):
    return next(
        each for each in observation["component"] if words in each["code"]["text"]
    )


def test_fhir_resources_reads_the_bundle_and_its_values(tmp_path):
    from fhir.resources.bundle import Bundle

    (path,) = write_history_fhir(
        tmp_path / "p.json", SUBJECT, HISTORY, exported_at=MONDAY
    )

    bundle = Bundle.model_validate_json(path.read_bytes())

    assert bundle.type == "collection"
    assert bundle.timestamp == MONDAY
    means = [
        float(entry.resource.valueQuantity.value)
        for entry in bundle.entry
        if getattr(entry.resource, "derivedFrom", None)
    ]
    assert sorted(means) == [-39.7, 28.0, 28.0, 28.0, 32.9, 32.9, 32.9]


def test_the_patient_is_a_code_unless_more_is_known(tmp_path):
    (bare,) = write_history_fhir(tmp_path / "a.json", Subject("P-01"), HISTORY)
    (named,) = write_history_fhir(
        tmp_path / "b.json", Subject("P-01", "Ada", "female", 1980), HISTORY
    )

    assert resources(bare, "Patient") == [
        {"resourceType": "Patient", "identifier": [{"value": "P-01"}]}
    ]
    assert resources(named, "Patient") == [
        {
            "resourceType": "Patient",
            "identifier": [{"value": "P-01"}],
            "name": [{"text": "Ada"}],
            "gender": "female",
            "birthDate": "1980",
        }
    ]


def test_a_visit_has_a_mean_with_unit_side_method_and_interval(tmp_path):
    (path,) = write_history_fhir(tmp_path / "p.json", SUBJECT, (trial(),))

    right = of_side(summaries(path), "right")

    assert right["valueQuantity"] == {
        "value": 32.9,
        "unit": "degree",
        "system": "http://unitsofmeasure.org",
        "code": "deg",
    }
    assert right["code"] == {
        "text": "Seated hip internal rotation: mean end-range of the visit"
    }
    assert right["bodySite"] == {"text": "right hip"}
    assert right["method"]["text"] == "hiprom video; seated, hip and knee at 90 degrees"
    assert right["effectiveDateTime"] == "2026-05-04T09:12:00+02:00"
    assert component(right, "lower end")["valueQuantity"]["value"] == 29.8
    assert component(right, "upper end")["valueQuantity"]["value"] == 36.0
    assert component(right, "number of")["valueInteger"] == 2
    assert "referenceRange" not in right


def test_external_rotation_stays_negative_and_the_signs_are_told(tmp_path):
    (path,) = write_history_fhir(tmp_path / "p.json", SUBJECT, (external(),))

    (mean,) = summaries(path)

    assert mean["valueQuantity"]["value"] == -39.7
    assert component(mean, "furthest")["valueQuantity"]["value"] == -41.0
    assert "external rotation negative" in mean["note"][0]["text"]


def test_every_reference_leads_to_an_entry_of_the_bundle(tmp_path):
    (path,) = write_history_fhir(tmp_path / "p.json", SUBJECT, HISTORY)
    bundle = json.loads(path.read_text())
    names = [entry["fullUrl"] for entry in bundle["entry"]]

    for observation in resources(path, "Observation"):
        for link in (
            observation["subject"],
            observation["device"],
            *observation.get("derivedFrom", ()),
        ):
            assert link["reference"] in names
    assert len(set(names)) == len(names)


def test_only_repetitions_that_count_are_in_it_and_their_flags_are_told(tmp_path):
    (path,) = write_history_fhir(tmp_path / "p.json", SUBJECT, (trial(),))

    reps = [r for r in resources(path, "Observation") if "derivedFrom" not in r]

    assert sorted(r["valueQuantity"]["value"] for r in reps) == [28.0, 31.5, 34.2]
    notes = [note["text"] for note in of_side(reps, "left")["note"]]
    assert any("the trunk leaned sideways" in note for note in notes)


def test_two_alike_repetitions_are_two_entries(tmp_path):
    twins = tuple(SavedRep("left", "hip_rotation_deg", rep(1, 35.0)) for _ in range(2))
    days = (trial(1, twins[:1]), trial(2, twins[1:], recorded_at=MONDAY, session_id=1))
    (path,) = write_history_fhir(tmp_path / "p.json", SUBJECT, days)

    (mean,) = summaries(path)

    assert len({link["reference"] for link in mean["derivedFrom"]}) == 2


def test_a_mean_comes_from_its_own_protocol_and_instrument_alone(tmp_path):
    visit = tuple(
        replace(each, session_id=1, recorded_at=MONDAY)
        for each in (trial(1), external(2), trial(3, instrument="goniometer"))
    )
    (path,) = write_history_fhir(tmp_path / "p.json", SUBJECT, visit)

    sources = [len(mean["derivedFrom"]) for mean in summaries(path)]

    assert len(resources(path, "Observation")) == 5 + sum(sources) == 5 + 8
    assert sorted(sources) == [1, 1, 2, 2, 2]


def test_each_instrument_is_a_device_of_its_own(tmp_path):
    (path,) = write_history_fhir(tmp_path / "p.json", SUBJECT, HISTORY)

    names = [device["name"][0]["value"] for device in resources(path, "Device")]

    assert names == ["hiprom video", "goniometer"]


def test_a_missing_value_is_no_component(tmp_path):
    reading = rep(end_range_low=float("nan"), hold_s=float("nan"))
    saved = SavedRep("left", "hip_rotation_deg", reading)
    (path,) = write_history_fhir(tmp_path / "p.json", SUBJECT, (trial(reps=(saved,)),))

    told = [
        part["code"]["text"]
        for each in resources(path, "Observation")
        for part in each["component"]
    ]

    assert "upper end of the 95 % interval" in told
    assert "lower end of the 95 % interval" not in told
    assert not any("held" in words for words in told)


def test_other_quantities_have_their_own_words_and_unit(tmp_path):
    saved = SavedRep("left", "knee_gap_m", rep(end_range=0.1234))
    odd = trial(reps=(saved,), protocol="frog")
    (path,) = write_history_fhir(tmp_path / "p.json", SUBJECT, (odd,))

    (mean,) = summaries(path)

    assert mean["code"]["text"].startswith("frog, knee gap: ")
    assert mean["valueQuantity"]["value"] == 0.123
    assert mean["valueQuantity"]["code"] == "m"
    assert mean["bodySite"] == {"text": "left side"}


def test_a_whole_body_s_further_quantities_stand_beside_the_primary_one(tmp_path):
    reps = tuple(
        SavedRep("both", quantity, rep(end_range=value))
        for quantity, value in (("knee_gap_m", 0.8), ("knee_gap_ratio", 1.94))
    )
    (path,) = write_history_fhir(
        tmp_path / "p.json", SUBJECT, (trial(reps=reps, protocol="butterfly"),)
    )

    gap, ratio = summaries(path)

    assert gap["code"]["text"].startswith("Seated butterfly: ")
    assert ratio["code"]["text"].startswith("Seated butterfly, knee gap ratio: ")
    assert (ratio["valueQuantity"]["value"], ratio["valueQuantity"]["code"]) == (
        *(1.94, "1"),
    )
    assert gap["bodySite"] == {"text": "both sides"}


def test_codes_come_from_the_map_and_stand_beside_the_words(tmp_path):
    (tmp_path / "codes.toml").write_text(CODES)
    (path,) = write_history_fhir(
        tmp_path / "p.json",
        SUBJECT,
        (trial(),),
        codes=read_code_map(tmp_path / "codes.toml"),
    )

    right, left = (of_side(summaries(path), side) for side in ("right", "left"))

    assert right["code"]["coding"] == [
        {"system": "https://example.org/ours", "code": "hip-ir", "display": "Hip IR"}
    ]
    assert right["bodySite"] == {
        "coding": [{"system": "http://snomed.info/sct", "code": "24136001"}],
        "text": "right hip",
    }
    assert "coding" not in left["bodySite"]


def test_without_a_map_there_is_no_code_but_hl7s_own_category_and_the_unit(tmp_path):
    (path,) = write_history_fhir(tmp_path / "p.json", SUBJECT, HISTORY)

    text = path.read_text()

    assert "loinc" not in text
    assert "snomed" not in text


def test_the_same_history_makes_the_same_bytes(tmp_path):
    (one,) = write_history_fhir(tmp_path / "a.json", SUBJECT, HISTORY)
    (two,) = write_history_fhir(tmp_path / "b.json", SUBJECT, HISTORY[::-1])

    assert one.read_bytes() == two.read_bytes()


def test_what_fhir_refuses_is_not_written(tmp_path):
    with pytest.raises(ResultsError, match="makes no FHIR bundle"):
        write_history_fhir(
            tmp_path / "p.json", Subject("P-01", birth_year=19800), HISTORY
        )

    assert not list(tmp_path.iterdir())


def test_says_how_to_install_what_is_missing(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "fhir.resources.bundle", None)

    with pytest.raises(ResultsError, match=r'pip install "hiprom\[fhir\]"'):
        write_history_fhir(tmp_path / "p.json", SUBJECT, HISTORY)


@settings(max_examples=10, deadline=None)
@given(histories())
def test_any_history_is_a_valid_bundle(history):
    from fhir.resources.bundle import Bundle

    with tempfile.TemporaryDirectory() as folder:
        (path,) = write_history_fhir(Path(folder) / "p.json", *history)
        Bundle.model_validate_json(path.read_bytes())
        (patient,) = resources(path, "Patient")

    code = patient["identifier"][0]["value"]
    assert all(mark >= " " or mark in "\t\r\n" for mark in code)
