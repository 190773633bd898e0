"""The whole core on exact projections of posed bodies, and on bodies it must refuse."""

import re
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from synthetic import reps_trace, seated_joints, seated_track, seen

from hiprom.core.camera import Camera, Gravity
from hiprom.core.excursions import excursions
from hiprom.core.landmarks import ANKLES, FEET, HEELS, KNEES, Landmark, other
from hiprom.core.lifting import EXACT
from hiprom.core.measure import measure as measured
from hiprom.core.movers import Mover
from hiprom.core.protocols import PROTOCOLS, protocol
from hiprom.core.rep import rep_of
from hiprom.core.track import PoseTrack
from hiprom.errors import (
    InputError,
    LegsNotReadable,
    NobodyInView,
    NoReps,
    ShapeError,
    UnknownProtocol,
    ViewNotUsable,
)

# The landmarks of these bodies are exact; a pose model's habits must not be taken off.
measure = partial(measured, assume=EXACT)
IR, ER = protocol("seated_ir"), protocol("seated_er")
# What the seated test's limits and notes read.
TRACES = (
    *("trunk_lean_deg", "pelvis_obliquity_deg", "pelvis_turn_deg", "knee_cm"),
    *("hip_adduction_deg", "hip_flexion_deg", "foot_turn_deg", "outlined"),
)


def end_ranges(measurement):
    return [rep.end_range for side in measurement.sides for rep in side.reps]


@pytest.mark.parametrize("side", ["left", "right"])
def test_finds_the_moving_leg_and_every_end_range(side):
    track, _, plateaus = seated_track((30.0, 35.0, 40.0), side=side)

    measurement = measure(track, IR)

    (found,) = measurement.sides
    assert found.side == side
    assert_allclose(end_ranges(measurement), [30, 35, 40], atol=0.5)
    for rep, (start_s, end_s) in zip(found.reps, plateaus, strict=True):
        assert abs(rep.plateau_start_s - start_s) < 0.25
        assert abs(rep.plateau_end_s - end_s) < 0.25
        assert rep.end_range_low < rep.end_range < rep.end_range_high
        assert rep.valid
        # These bodies are points: they have no outline.
        assert rep.flags == ("no_outline",)


@pytest.mark.parametrize("side", ["left", "right"])
def test_external_rotation_is_negative_on_both_sides(side):
    track, _, _ = seated_track((-30.0, -25.0), side=side)

    measurement = measure(track, ER)

    assert_allclose(end_ranges(measurement), [-30, -25], atol=0.5)
    assert all(rep.excursion < -20 for rep in measurement.sides[0].reps)


@pytest.mark.parametrize("yaw_deg", [-20.0, 20.0])
@pytest.mark.parametrize("side", ["left", "right"])
def test_a_camera_to_one_side_is_allowed_for(yaw_deg, side):
    track, _, _ = seated_track((20.0, 40.0), side=side, yaw_deg=yaw_deg)

    assert_allclose(end_ranges(measure(track, IR)), [20, 40], atol=1.2)


def test_a_hiked_pelvis_is_taken_off_and_flagged():
    time_s, angle, _ = reps_trace((30.0, 30.0))
    body = seated_joints(angle, hike_deg=angle / 30 * 8, lean_deg=-angle / 30 * 8)

    (side,) = measure(seen(body, time_s), IR).sides

    for rep in side.reps:
        assert_allclose(rep.excursion, 30.0, atol=1.5)
        assert_allclose(rep.shank_tilt_deg - rep.end_range, rep.compensation_deg)
        assert "pelvic_hike" in rep.flags
        assert "trunk_lean" in rep.flags
        assert_allclose(rep.changes["pelvic_hike"], 8.0, atol=1.0)


def test_a_turning_pelvis_is_its_own_and_not_the_thigh_s_drift():
    time_s, angle, _ = reps_trace((30.0, 30.0))
    body = seated_joints(angle)
    turn = np.radians(angle / 30 * 10)
    turned = np.stack(
        [
            body[..., 0] * np.cos(turn)[:, None] + body[..., 2] * np.sin(turn)[:, None],
            body[..., 1],
            body[..., 2] * np.cos(turn)[:, None] - body[..., 0] * np.sin(turn)[:, None],
        ],
        axis=-1,
    )

    (side,) = measure(seen(turned, time_s), IR).sides

    for rep in side.reps:
        assert "pelvic_turn" in rep.flags
        assert "thigh_drift" not in rep.flags
        assert_allclose(rep.changes["pelvic_turn"], 10.0, atol=3.0)
        assert_allclose(rep.excursion, 30.0, atol=1.5)


def test_a_thigh_that_moves_alone_is_drift():
    time_s, angle, _ = reps_trace((30.0, 30.0))
    body = seated_joints(angle, hip_adduction_deg=-5.0 - angle / 30 * 9)

    (side,) = measure(seen(body, time_s), IR).sides

    for rep in side.reps:
        assert "thigh_drift" in rep.flags
        assert "pelvic_turn" not in rep.flags
        assert_allclose(rep.changes["thigh_drift"], 9.0, atol=2.5)
        assert_allclose(rep.excursion, 30.0, atol=1.5)


def test_every_angle_of_a_posed_body_comes_back():
    track, angle, _ = seated_track((30.0, 40.0), side="left")

    traces = measure(track, IR).sides[0].traces

    assert_allclose(traces["hip_rotation_deg"], angle, atol=0.6)
    assert_allclose(traces["knee_flexion_deg"], 90.0, atol=0.5)
    assert_allclose(traces["hip_flexion_deg"], 90.0, atol=1.0)
    assert_allclose(traces["hip_adduction_deg"], -5.0, atol=1.0)
    assert_allclose(traces["trunk_lean_deg"], 0.0, atol=0.5)
    assert_allclose(traces["thorax_rotation_deg"], 0.0, atol=0.5)


def test_the_dial_points_where_the_leg_is_and_where_zero_is():
    track, angle, _ = seated_track((40.0,), side="right")

    (side,) = measure(track, IR).sides

    knee, hand, zero = np.moveaxis(side.dial_px, 1, 0)
    assert_allclose(knee, track.image_px[:, Landmark.RIGHT_KNEE], atol=2.0)
    assert_allclose(hand, track.image_px[:, Landmark.RIGHT_ANKLE], atol=2.0)
    between = [np.degrees(np.arctan2(*(point - knee).T)) for point in (zero, hand)]
    assert_allclose(between[0] - between[1], angle, atol=1.0)


def test_both_legs_one_after_the_other_are_both_measured():
    _, angle, _ = reps_trace((30.0, 30.0))
    later = np.zeros_like(angle)
    right = seated_joints(np.concatenate([angle, later]), side="right")
    left = seated_joints(np.concatenate([later, angle]), side="left")
    both = right.copy()
    for mark in Landmark:
        if mark.name.startswith("LEFT"):
            both[:, mark] = left[:, mark]
    clock_s = np.arange(len(both)) / 30

    measurement = measure(seen(both, clock_s), IR)

    assert [side.side for side in measurement.sides] == ["left", "right"]
    assert_allclose(end_ranges(measurement), 30.0, atol=0.6)


def test_the_wrong_side_says_which_one_moved():
    track, _, _ = seated_track((30.0, 35.0), side="left")

    with pytest.raises(NoReps, match=r"right side, but the left leg moved by up to 35"):
        measure(track, IR, side="right")


def test_the_other_movement_names_its_protocol():
    track, _, _ = seated_track((-30.0, -30.0))

    with pytest.raises(
        NoReps, match=r"the other way by up to 30.*--protocol seated_er"
    ):
        measure(track, IR)


def test_no_movement_says_how_much_is_needed():
    track, _, _ = seated_track((2.0, 2.0))

    with pytest.raises(NoReps, match=r"changed by 2° in the whole.*at least 8°"):
        measure(track, IR)


def test_nobody_in_view_is_said():
    track, _, _ = seated_track((30.0,))
    empty = replace(
        track,
        image_px=np.full_like(track.image_px, np.nan),
        world_m=np.full_like(track.world_m, np.nan),
    )

    with pytest.raises(NobodyInView, match=r"found in 0% of the \d+ frames"):
        measure(empty, IR)


def test_one_frame_is_no_test():
    track, _, _ = seated_track((30.0,))

    with pytest.raises(NobodyInView, match=r"holds 1 frame"):
        measure(frames(track, slice(0, 1)), IR)


def test_feet_out_of_the_picture_say_which_joint_and_what_to_do():
    track, _, _ = seated_track((30.0,))
    above = replace(track, height_px=300)

    with pytest.raises(LegsNotReadable, match=r"ankle is outside the picture.*Step"):
        measure(above, IR)


def test_a_straight_knee_is_refused_with_the_posture():
    time_s, angle, _ = reps_trace((30.0,))
    body = seated_joints(angle, hip_flexion_deg=10.0, knee_flexion_deg=8.0)

    with pytest.raises(LegsNotReadable, match=r"bent as the test needs.*30° and 150°"):
        measure(seen(body, time_s), IR)


def test_a_camera_too_far_to_one_side_is_refused_with_the_angle():
    track, _, _ = seated_track((30.0,), yaw_deg=62.0)

    with pytest.raises(ViewNotUsable, match=r"about 6\d° past the camera; up to 50°"):
        measure(track, IR)


def test_a_person_too_far_away_is_refused_with_the_pixels():
    track, _, _ = seated_track((30.0,), distance_m=11.0)

    with pytest.raises(ViewNotUsable, match=r"only 2\d pixels long.*Come closer"):
        measure(track, IR)


@pytest.mark.parametrize(
    ("camera", "words"),
    [
        # A camera to the right of someone who faces forward: they must turn right.
        ({"yaw_deg": 30.0}, r"about 30° past.*turn about 30° to your right, or move"),
        ({"yaw_deg": -30.0}, r"about 30° past.*turn about 30° to your left, or move"),
        ({"roll_deg": 7.0}, r"seems to lean by 7°"),
        ({"pitch_deg": 18.0}, r"look down at you by 1\d°.*Lower it to the height"),
        ({"distance_m": 5.0}, r"small in the picture \(the shank is 5\d pixels"),
        ({"distance_m": 1.4, "size": (640, 600)}, r"only about 1\.\d m away"),
    ],
    ids=["oblique", "oblique the other way", "crooked", "above", "far", "near"],
)
def test_a_poor_view_says_what_to_change(camera, words):
    track, _, _ = seated_track((30.0,), **camera)

    warnings = measure(track, IR).warnings

    assert any(re.search(words, warning) for warning in warnings), warnings


@pytest.mark.parametrize(
    ("light", "words"), [(0.1, "It is dark around you"), (0.95, "is glaring")]
)
def test_bad_light_says_what_to_change(light, words):
    track, _, _ = seated_track((30.0,))
    lit = replace(track, light=np.full(len(track), light, np.float32))

    assert any(words in warning for warning in measure(lit, IR).warnings)
    assert not any(words in warning for warning in measure(track, IR).warnings)


@pytest.mark.parametrize("side", ["left", "right"])
def test_the_knee_s_travel_is_told_in_centimetres(side):
    time_s, angle, _ = reps_trace((30.0, 30.0))
    body = seated_joints(angle, hip_adduction_deg=-5.0 - angle / 30 * 9, side=side)

    (found,) = measure(seen(body, time_s), IR).sides

    for rep in found.reps:
        # A thigh of 42 cm that drifts by 9 degrees moves the knee by 6.6 cm.
        assert_allclose(rep.changes["knee_travel"], 6.6, atol=1.5)
        assert "knee_travel" in rep.flags


def test_a_knee_that_keeps_its_place_does_not_travel():
    track, _, _ = seated_track((30.0, 35.0))

    (side,) = measure(track, IR).sides

    for rep in side.reps:
        assert rep.changes["knee_travel"] < 0.5
        assert "knee_travel" not in rep.flags


@pytest.mark.parametrize(("side", "outwards"), [("left", 1), ("right", -1)])
def test_toes_that_turn_outwards_during_a_rep_are_told(side, outwards):
    track, angle, _ = seated_track((30.0, 30.0), side=side)
    leg = 0 if side == "left" else 1
    # A foot 0.6 shanks long that points at the camera, and then 20 degrees outwards.
    image = track.image_px.copy()
    knee, ankle = image[:, KNEES[leg]], image[:, ANKLES[leg]]
    shank = ankle - knee
    across = np.stack([shank[:, 1], -shank[:, 0]], axis=-1)
    turned = 0.6 * np.sin(np.radians(20.0 * angle / 30))[:, None] * across * outwards
    image[:, HEELS[leg]] = ankle
    image[:, FEET[leg]] = ankle + 0.3 * shank + turned

    (found,) = measure(replace(track, image_px=image), IR).sides

    for rep in found.reps:
        assert_allclose(rep.changes["foot_turn"], 20.0, atol=2.0)
        assert "foot_turn" in rep.flags


def test_a_camera_to_the_subject_s_right_sees_them_face_the_picture_s_right():
    track, _, _ = seated_track((30.0,), yaw_deg=25.0)

    view = measure(track, IR).view

    facing = (
        track.world_m[0, Landmark.RIGHT_KNEE] - track.world_m[0, Landmark.RIGHT_HIP]
    )
    assert np.sign(view.yaw_deg) == np.sign(facing[0])
    assert_allclose(abs(view.yaw_deg), 25.0, atol=1.0)


def test_a_person_who_leaves_leaves_a_gap_and_a_reason():
    track, _, plateaus = seated_track((30.0, 30.0, 30.0))
    gone = (track.time_s > plateaus[1][0] - 1) & (track.time_s < plateaus[1][1] + 1)
    image_px, world_m = track.image_px.copy(), track.world_m.copy()
    image_px[gone], world_m[gone] = np.nan, np.nan

    measurement = measure(replace(track, image_px=image_px, world_m=world_m), IR)

    (side,) = measurement.sides
    assert len(side.reps) == 2
    assert_array_equal(side.traces.reason[gone], "nobody in view")
    assert np.isnan(side.traces["hip_rotation_deg"][gone]).all()
    assert "Nobody was found" in measurement.warnings[0]


def test_a_guessed_ankle_is_not_believed():
    track, _, _ = seated_track((30.0,))
    visibility = track.visibility.copy()
    visibility[10:14, Landmark.RIGHT_ANKLE] = 0.1
    image_px = track.image_px.copy()
    image_px[10:14, Landmark.RIGHT_ANKLE] += [60, -60]

    (side,) = measure(
        replace(track, visibility=visibility, image_px=image_px), IR, side="right"
    ).sides

    assert_array_equal(side.traces.reason[10:14], "leg hidden")
    assert np.nanmax(np.abs(side.traces["hip_rotation_deg"][:20])) < 1.0


def test_a_variable_frame_rate_measures_the_same():
    track, _, _ = seated_track((30.0, 40.0))
    rng = np.random.default_rng(5)
    kept = np.sort(rng.choice(len(track), size=round(len(track) * 0.7), replace=False))

    measurement = measure(frames(track, kept), IR)

    assert_allclose(end_ranges(measurement), [30, 40], atol=0.6)
    assert_array_equal(measurement.time_s, track.time_s[kept])


def test_the_same_track_twice_is_the_same_to_the_bit():
    track, _, _ = seated_track((30.0, 40.0), noise_px=2.0)

    first, second = measure(track, IR).sides[0], measure(track, IR).sides[0]

    assert first.reps == second.reps
    assert_array_equal(
        first.traces["hip_rotation_deg"], second.traces["hip_rotation_deg"]
    )


def test_a_mirrored_recording_measures_the_other_side():
    track, _, _ = seated_track((30.0, 40.0), side="right")
    flipped = replace(
        track,
        image_px=mirrored(track.image_px) * np.float32([-1, 1]) + np.float32([640, 0]),
        world_m=mirrored(track.world_m) * np.float32([-1, 1, 1]),
    )

    (side,) = measure(flipped, IR).sides

    assert side.side == other("right")
    assert_allclose([rep.end_range for rep in side.reps], [30, 40], atol=0.5)


def test_an_unknown_protocol_lists_the_known_ones():
    with pytest.raises(UnknownProtocol, match=r"'sitting'.*seated_ir, seated_er"):
        protocol("sitting")


@pytest.mark.parametrize("each", PROTOCOLS.values(), ids=list(PROTOCOLS))
def test_every_number_of_a_protocol_has_a_source(each):
    thresholds = [*vars(each.rules).values(), *(each.readable_deg or ())]

    assert all(t.source and t.meaning for t in (*thresholds, *each.limits.values()))
    assert all(norm.source for norm in each.norms)
    assert set(each.limits) <= set(each.flags)
    assert each.opposite is None or PROTOCOLS[each.opposite].opposite == each.name


def test_a_track_says_what_is_wrong_with_it():
    track, _, _ = seated_track((30.0,))

    with pytest.raises(ShapeError, match=r"^image_px has shape"):
        replace(track, image_px=track.image_px[:-1])
    with pytest.raises(InputError, match=r"strictly increasing"):
        replace(track, time_s=np.zeros(len(track)))


def frames(track, chosen):
    return PoseTrack(
        time_s=track.time_s[chosen],
        image_px=track.image_px[chosen],
        world_m=track.world_m[chosen],
        visibility=track.visibility[chosen],
        width_px=track.width_px,
        height_px=track.height_px,
    )


def mirrored(points):
    order = list(range(33))
    for mark in Landmark:
        name = mark.name
        for one, two in (("LEFT", "RIGHT"), ("RIGHT", "LEFT")):
            if one in name:
                order[mark] = Landmark[name.replace(one, two)]
    return points[:, order]


def test_a_known_lens_is_used_and_the_dial_stays_on_the_person():
    track, _, _ = seated_track((30.0, 35.0), focal_px=480.0)
    camera = Camera(
        *("webcam", 640, 480, (480.0, 480.0), (320.0, 240.0)),
        *((0.0,) * 5, 0.2, "2026-05-04"),
        gravity=Gravity(0.0, 0.0, 0.3, 0.3),
    )

    known = measure(track, IR, camera=camera)

    assert known.camera == camera
    assert known.view.focal_px == 480.0
    assert_allclose(end_ranges(known), [30, 35], atol=0.5)
    (side,) = known.sides
    knee = track.image_px[:, KNEES[1]]
    assert np.nanmax(np.linalg.norm(side.dial_px[:, 0] - knee, axis=-1)) < 3.0


def test_a_profile_of_another_shape_of_picture_is_refused():
    track, _, _ = seated_track((30.0,))
    camera = Camera(
        *("phone", 1080, 1920, (1500.0, 1500.0), (540.0, 960.0)),
        *((0.0,) * 5, 0.2, "2026-05-04"),
    )

    with pytest.raises(InputError, match="phone"):
        measure(track, IR, camera=camera)


def test_a_hidden_end_is_no_surer_than_what_is_seen_of_its_rep():
    clock_s, angle, ((start_s, end_s),) = reps_trace((30.0,))
    hidden = (clock_s > start_s - 0.1) & (clock_s < end_s + 0.1)
    sd = np.where(hidden, np.nan, 2.0 + angle / 30)
    (found,) = excursions(clock_s, angle, direction=1, rules=IR.rules)
    mover = Mover(
        side="right",
        direction=1,
        clock_s=clock_s,
        traces={**dict.fromkeys(TRACES, 0 * angle), IR.quantity: angle, IR.sd: sd},
        dial_px=np.full((len(angle), 3, 2), np.nan),
        reason=np.full(len(angle), ""),
        found=(found,),
    )

    rep = rep_of(1, found, mover, IR)

    assert rep.end_range_high - rep.end_range > 1.96 * np.nanmax(sd) - 1e-9
