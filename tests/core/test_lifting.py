"""The trial-level fit: exact projections, noise, what is missing, and its parts."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from synthetic import reps_trace, seated_joints, seated_track, seen

from hiprom.core.landmarks import ANKLES, KNEES, SIDES, Landmark
from hiprom.core.lifting import EXACT, MEDIAPIPE, banded, lift, see_trial
from hiprom.core.lifting.mid_lines import mid_lines
from hiprom.core.lifting.pelvis import obliquity_change_deg
from hiprom.core.lifting.witnesses import resting_frames
from hiprom.core.protocols import protocol
from hiprom.core.silhouette import RADII
from hiprom.core.track import PoseTrack
from hiprom.core.ways.seated import body_angles_deg

IR = protocol("seated_ir")


def rotation(track, side="right", assume=EXACT, legs=SIDES):
    body = lift(see_trial(track, assume=assume), legs)[side]
    return body_angles_deg(body, IR, side=side)["hip_rotation_deg"], body


@pytest.mark.parametrize("yaw_deg", [-35.0, 0.0, 35.0])
@pytest.mark.parametrize("pitch_deg", [0.0, 20.0])
@pytest.mark.parametrize("roll_deg", [-10.0, 0.0, 10.0])
@pytest.mark.parametrize("side", SIDES)
def test_exact_projections_give_the_exact_angle(side, yaw_deg, pitch_deg, roll_deg):
    camera = {"yaw_deg": yaw_deg, "pitch_deg": pitch_deg, "roll_deg": roll_deg}
    track, angle, _ = seated_track(side=side, focal_px=640.0, **camera)

    found, _ = rotation(track, side)

    assert np.abs(found - angle).max() < 0.1


@pytest.mark.parametrize("side", SIDES)
def test_a_hike_is_the_pelvis_s_and_not_the_hip_s(side):
    time_s, angle, _ = reps_trace((35.0, 35.0))
    hike = angle / 35 * 8
    body = seated_joints(angle, side=side, hike_deg=hike, lean_deg=-hike)

    found, lifted = rotation(seen(body, time_s), side)

    assert np.abs(found - angle).max() < 2.0
    traces = body_angles_deg(lifted, IR, side=side)
    assert_allclose(traces["pelvis_obliquity_deg"], hike, atol=1.5)


def test_jitter_of_five_pixels_on_a_large_shank_stays_below_a_degree():
    errors = []
    for seed in range(12):
        track, angle, ((start, end), *_) = seated_track(
            (20.0 + 2 * seed, 30.0), noise_px=5.0, seed=seed, focal_px=890.0
        )
        found, _ = rotation(track)
        held = (track.time_s >= start) & (track.time_s <= end)
        errors.append(np.median(found[held]) - np.median(angle[held]))

    assert np.mean(np.abs(errors)) < 1.0


def test_the_deviation_grows_where_the_leg_is_not_seen():
    track, _, _ = seated_track((30.0, 30.0, 30.0))
    image_px = track.image_px.copy()
    image_px[150:210, [Landmark.RIGHT_ANKLE, Landmark.RIGHT_KNEE]] = np.nan
    hidden = with_arrays(track, image_px=image_px)

    _, body = rotation(hidden)

    assert body.rotation_sd_deg[180] > 1.5 * body.rotation_sd_deg[120]


def test_without_silhouettes_the_model_s_landmarks_are_trusted_less():
    track, _, _ = seated_track((30.0,))

    _, body = rotation(track, assume=MEDIAPIPE)

    assert np.median(body.rotation_sd_deg) > 4.0


def test_one_leg_out_of_the_picture_does_not_take_the_other_with_it():
    track, angle, _ = seated_track((30.0, 40.0), side="right")
    image_px, world_m = track.image_px.copy(), track.world_m.copy()
    gone = [Landmark.LEFT_KNEE, Landmark.LEFT_ANKLE]
    image_px[:, gone], world_m[:, gone] = np.nan, np.nan

    seen_leg = with_arrays(track, image_px=image_px, world_m=world_m)

    found, _ = rotation(seen_leg, legs=["right"])

    assert np.abs(found - angle).max() < 1.5


def test_uneven_times_are_fitted_as_they_are():
    track, angle, _ = seated_track((30.0, 40.0))
    kept = np.sort(np.random.default_rng(2).permutation(len(track))[: len(track) // 2])
    thinned = with_arrays(
        track,
        time_s=track.time_s[kept],
        image_px=track.image_px[kept],
        world_m=track.world_m[kept],
        visibility=track.visibility[kept],
    )

    found, _ = rotation(thinned)

    assert np.abs(found - angle[kept]).max() < 0.5


def test_rest_is_where_the_shanks_hang_alike_whatever_the_camera_s_roll():
    swing = np.concatenate([np.zeros(60), np.full(60, 30.0), np.zeros(60)])
    roll = 7.0

    rest = resting_frames(np.stack([np.full(180, roll), swing + roll], axis=1))

    assert rest[:60].all()
    assert not rest[60:120].any()


def chords_along(tilt_deg, *, ankle=(300.0, 380.0), shank_px=110.0, width_px=28.0):
    """Chords of a straight limb in one frame, (1, 2, 20, 3), and its ankles."""
    up = np.array([-np.sin(np.radians(tilt_deg)), -np.cos(np.radians(tilt_deg))])
    reach = np.sqrt(np.maximum((RADII * shank_px) ** 2 - (width_px / 2) ** 2, 0))
    leg = np.concatenate(
        [ankle + reach[:, None] * up, np.full((len(RADII), 1), width_px)], axis=1
    )
    return np.stack([leg, leg])[None], np.array([[ankle, ankle]])


@pytest.mark.parametrize("tilt_deg", [-45.0, 0.0, 20.0])
def test_a_mid_line_is_drawn_through_the_chords(tilt_deg):
    chords, ankles = chords_along(tilt_deg)

    lines = mid_lines(np.tile(chords, (9, 1, 1, 1)), np.tile(ankles, (9, 1, 1)), 110.0)

    assert_allclose(lines.tilt_deg, tilt_deg, atol=0.1)


def test_arcs_that_something_joined_are_believed_less():
    chords, ankles = chords_along(10.0)
    chords, ankles = np.tile(chords, (31, 1, 1, 1)), np.tile(ankles, (31, 1, 1))
    # A table leg behind the shin of one frame: an edge moves out, the middle by half.
    chords[15, 1, 7:10, 2] += 8.0
    chords[15, 1, 7:10, 0] += 4.0

    lines = mid_lines(chords, ankles, 110.0)

    assert abs(lines.tilt_deg[15, 1] - 10.0) < 0.6


def test_no_chords_draw_no_line():
    nothing = np.full((5, 2, len(RADII), 3), np.nan)

    lines = mid_lines(nothing, np.zeros((5, 2, 2)), 110.0)

    assert np.isnan(lines.tilt_deg).all()


@pytest.mark.parametrize(
    ("shoulders", "hips", "least", "most"),
    [(8.0, 8.0, 6.0, 9.0), (9.0, 0.0, -1.0, 1.0), (0.0, 1.9, -0.8, 0.8)],
    ids=["pelvis and thorax", "thorax alone", "hips pulled by the leg"],
)
def test_the_pelvis_moves_only_when_both_lines_say_so(shoulders, hips, least, most):
    change, sd = obliquity_change_deg(
        np.array([shoulders]), np.array([hips]), np.array([35.0]), MEDIAPIPE
    )

    assert least <= change[0] <= most
    assert 0 < sd[0] < 4


def dense(band):
    """The full symmetric matrix of an upper banded form."""
    half, size = len(band) - 1, band.shape[1]
    full = np.zeros((size, size))
    for step in range(half + 1):
        diagonal = np.diagonal(full, step)
        diagonal.flags.writeable = True
        diagonal[:] = band[half - step, step:]
    return full + np.triu(full, 1).T


@pytest.mark.parametrize("frames", [3, 8, 13])
def test_the_banded_form_is_the_dense_one(frames):
    rng = np.random.default_rng(frames)
    time_s = np.cumsum(rng.uniform(0.02, 0.05, frames))
    blocks = rng.normal(size=(frames, 3, 3))
    blocks = blocks @ blocks.transpose(0, 2, 1) + np.eye(3)
    smooth = banded.smoothness(time_s, np.array([300.0, 100.0, 50.0]))
    band = banded.add_blocks(smooth, blocks)
    full = dense(band)
    vector = rng.normal(size=(frames, 3))

    inverse = np.linalg.inv(full)
    own = [inverse[3 * f : 3 * f + 3, 3 * f : 3 * f + 3] for f in range(frames)]

    assert_allclose(banded.times(band, vector.ravel()), full @ vector.ravel())
    assert_allclose(
        banded.solve(band, vector).ravel(), np.linalg.solve(full, vector.ravel())
    )
    assert_allclose(banded.covariance(band, 3), own, rtol=1e-6)


def test_smooth_motion_costs_nothing_when_it_is_straight():
    time_s = np.cumsum(np.random.default_rng(0).uniform(0.02, 0.05, 20))
    smooth = banded.smoothness(time_s, np.array([1.0]))

    assert_allclose(banded.times(smooth, 3 * time_s + 1), 0.0, atol=1e-5)


def test_left_comes_before_right_everywhere():
    assert SIDES == ("left", "right")
    assert KNEES[0] == Landmark.LEFT_KNEE
    assert ANKLES[1] == Landmark.RIGHT_ANKLE


def with_arrays(track, **arrays):
    fields = {
        name: arrays.get(name, getattr(track, name))
        for name in ("time_s", "image_px", "world_m", "visibility")
    }
    return PoseTrack(**fields, width_px=track.width_px, height_px=track.height_px)
