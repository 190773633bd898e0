"""Tests for .trc and .mot: by the reader that our tests of laboratory files use.

That reader (`mocap_files`) was written for OpenSim's own files and shares no code with
the writers. The rules of OpenSim's parser are checked beside it, cell by cell.
"""

from dataclasses import replace

import examples
import numpy as np
import pytest
from mocap_files import read_joint_angles, read_markers

from hiprom.core.angles import hip_angles_deg, knee_flexion_deg
from hiprom.core.frames import femur_frame, pelvis_frame
from hiprom.core.landmarks import LANDMARK_NAMES, Landmark
from hiprom.errors import InputError, ResultsError
from hiprom.report.exports import write_mot, write_trc
from hiprom.report.exports.markers import TO_OPENSIM

# As the laboratory's files have it.
SETTINGS = (
    "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\t"
    "OrigDataRate\tOrigDataStartFrame\tOrigNumFrames"
)


@pytest.fixture
def track():
    rng = np.random.default_rng(5)
    seen = examples.trial()[1]
    noise = rng.normal(0, 0.2, seen.world_m.shape).astype(np.float32)
    return replace(seen, world_m=seen.world_m + noise)


def unseen(track, frames):
    """The same track, but nobody in `frames`."""
    world_m, image_px = track.world_m.copy(), track.image_px.copy()
    world_m[frames], image_px[frames] = np.nan, np.nan
    return replace(track, world_m=world_m, image_px=image_px)


def without(track, frames):
    """The same track, but the video has no such `frames`."""
    kept = np.setdiff1d(np.arange(len(track)), frames)
    return replace(
        track,
        time_s=track.time_s[kept],
        image_px=track.image_px[kept],
        world_m=track.world_m[kept],
        visibility=track.visibility[kept],
    )


def test_the_markers_come_back_in_metres_and_opensims_axes(track, tmp_path):
    (path,) = write_trc(tmp_path / "walk.trc", track)

    time_s, markers = read_markers(path)

    assert tuple(markers) == LANDMARK_NAMES
    np.testing.assert_allclose(time_s, track.time_s, atol=1e-6)
    knee = track.world_m[:, Landmark.LEFT_KNEE].astype(float)
    np.testing.assert_allclose(markers["left_knee"][:, 0], -knee[:, 2], atol=1e-6)
    np.testing.assert_allclose(markers["left_knee"][:, 1], -knee[:, 1], atol=1e-6)
    np.testing.assert_allclose(markers["left_knee"][:, 2], -knee[:, 0], atol=1e-6)


def test_head_is_up_right_is_right_and_nothing_is_mirrored(tmp_path):
    _, track = examples.trial()
    (path,) = write_trc(tmp_path / "walk.trc", track)

    _, markers = read_markers(path)

    assert (markers["nose"][:, 1] > markers["left_ankle"][:, 1]).all()
    assert (markers["right_hip"][:, 2] > markers["left_hip"][:, 2]).all()
    np.testing.assert_allclose(np.linalg.det(TO_OPENSIM), 1.0)


def test_the_header_is_the_laboratorys(track, tmp_path):
    (path,) = write_trc(tmp_path / "my walk.trc", track)

    lines = path.read_text().split("\n")

    assert lines[0] == "PathFileType\t4\t(X/Y/Z)\tmy_walk.trc"
    assert lines[1] == SETTINGS
    n = len(track)
    assert lines[2] == f"30.000000\t30.000000\t{n}\t33\tm\t30.000000\t1\t{n}"
    assert lines[3].split("\t")[:6] == [
        "Frame#",
        "Time",
        "nose",
        "",
        "",
        "left_eye_inner",
    ]
    assert lines[4].split("\t")[:6] == ["", "", "X1", "Y1", "Z1", "X2"]
    assert lines[5] == ""
    assert lines[6].startswith("1\t0.000000\t")


def test_every_row_has_its_cells_each_ended_by_a_tab_as_opensim_counts(track, tmp_path):
    (path,) = write_trc(tmp_path / "walk.trc", unseen(track, [4, 5]))

    rows = path.read_text().split("\n")[6:-1]

    assert len(rows) == len(track)
    assert {row.count("\t") for row in rows} == {2 + 3 * 33}
    assert all(row.endswith("\t") for row in rows)
    assert rows[4].rstrip("\t").split("\t") == ["5", "0.133333"]


def test_frames_without_a_person_are_empty_and_only_they(track, tmp_path):
    (path,) = write_trc(tmp_path / "walk.trc", unseen(track, [40, 41, 42]))

    _, markers = read_markers(path)

    missing = np.isnan(markers["left_knee"]).any(axis=1)
    assert list(np.flatnonzero(missing)) == [40, 41, 42]


def test_what_comes_before_the_person_is_left_out(track, tmp_path):
    ends = [0, 1, 2, len(track) - 1]
    (path,) = write_trc(tmp_path / "walk.trc", unseen(track, ends))

    time_s, markers = read_markers(path)

    assert time_s[0] == pytest.approx(0.1, abs=1e-6)
    assert len(time_s) == len(track) - 4
    assert np.isfinite(markers["nose"]).all()


def test_an_uneven_clock_becomes_the_even_one_that_the_header_states(track, tmp_path):
    jitter = np.random.default_rng(1).uniform(-0.004, 0.004, len(track))
    uneven_s = track.time_s + jitter
    x = np.sin(2 * uneven_s)
    world_m = track.world_m.copy()
    world_m[:, Landmark.NOSE, 0] = x
    (path,) = write_trc(
        tmp_path / "walk.trc", replace(track, time_s=uneven_s, world_m=world_m)
    )

    time_s, markers = read_markers(path)
    rate_hz = float(path.read_text().split("\n")[2].split("\t")[0])

    np.testing.assert_allclose(np.diff(time_s), 1 / rate_hz, atol=2e-6)
    np.testing.assert_allclose(markers["nose"][:, 2], -np.sin(2 * time_s), atol=2e-3)


def test_frames_that_the_video_lacks_are_missing_not_invented(track, tmp_path):
    (path,) = write_trc(tmp_path / "walk.trc", without(track, range(60, 90)))

    time_s, markers = read_markers(path)

    assert len(time_s) == len(track)
    gap = np.isnan(markers["nose"]).any(axis=1)
    assert list(np.flatnonzero(gap)) == list(range(60, 90))


def test_says_that_nobody_was_seen(track, tmp_path):
    with pytest.raises(
        InputError, match=r"seen in 1 frame\(s\); markers need at least"
    ):
        write_trc(tmp_path / "walk.trc", unseen(track, range(1, len(track))))

    assert not list(tmp_path.iterdir())


def test_joint_angles_have_opensims_names_signs_and_degrees(tmp_path):
    measurement, _ = examples.trial()
    (path,) = write_mot(tmp_path / "walk.mot", measurement)

    time_s, angles = read_joint_angles(path)

    assert list(angles) == [
        "hip_flexion_r",
        "hip_adduction_r",
        "hip_rotation_r",
        "knee_angle_r",
        "hip_flexion_l",
        "hip_adduction_l",
        "hip_rotation_l",
        "knee_angle_l",
    ]
    left, right = measurement.sides
    at = np.searchsorted(measurement.time_s, time_s - 1e-6)
    for side, letter in ((left, "l"), (right, "r")):
        np.testing.assert_allclose(
            angles[f"hip_rotation_{letter}"],
            side.traces["hip_rotation_deg"][at],
            atol=1e-5,
        )
        np.testing.assert_allclose(angles[f"knee_angle_{letter}"], 91.0)
        np.testing.assert_allclose(angles[f"hip_flexion_{letter}"], 88.0)
        np.testing.assert_allclose(angles[f"hip_adduction_{letter}"], -4.0)


def test_the_header_states_rows_columns_and_degrees(tmp_path):
    measurement, _ = examples.trial(sides=("right",))
    (path,) = write_mot(tmp_path / "walk.mot", measurement)

    lines = path.read_text().split("\n")
    end = lines.index("endheader")

    assert lines[:5] == [
        "Coordinates",
        "version=1",
        f"nRows={len(measurement.time_s)}",
        "nColumns=5",
        "inDegrees=yes",
    ]
    assert len(lines[end + 2 : -1]) == len(measurement.time_s)
    assert {row.count("\t") for row in lines[end + 1 : -1]} == {4}


def test_an_angle_that_could_not_be_read_is_nan_in_its_own_row_only(tmp_path):
    measurement, _ = examples.trial(sides=("right",))
    (path,) = write_mot(tmp_path / "walk.mot", measurement)

    _, angles = read_joint_angles(path)

    valid = measurement.sides[0].traces.valid
    np.testing.assert_array_equal(np.isnan(angles["hip_rotation_r"]), ~valid)
    assert np.isfinite(angles["knee_angle_r"]).all()


def test_a_motion_and_its_markers_share_one_clock(track, tmp_path):
    measurement, _ = examples.trial()
    (trc,) = write_trc(tmp_path / "walk.trc", track)
    (mot,) = write_mot(tmp_path / "walk.mot", measurement)

    np.testing.assert_allclose(read_markers(trc)[0], read_joint_angles(mot)[0])


def test_says_that_there_is_no_angle(tmp_path):
    measurement, _ = examples.trial()

    with pytest.raises(InputError, match=r"Angles were read in 0 frame\(s\)"):
        write_mot(tmp_path / "walk.mot", replace(measurement, sides=()))


def test_says_that_the_folder_is_missing(track, tmp_path):
    with pytest.raises(ResultsError, match="the folder does not exist"):
        write_trc(tmp_path / "nowhere" / "walk.trc", track)


@pytest.mark.parametrize("side", ["left", "right"])
def test_the_angles_of_the_exported_markers_are_those_of_a_posed_leg(side, tmp_path):
    """Markers and signs together: turn the foot outwards, read internal rotation."""
    _, track = examples.trial()
    world_m = track.world_m.copy()
    outward = 1.0 if side == "left" else -1.0  # to the picture's right, or left
    # Camera axes: x right, y down, z away. The thigh points at the camera, the shank
    # hangs and swings outwards by 30 degrees.
    swing = np.radians(30.0)
    hip = np.array([0.1 * outward, 0.0, 0.0])
    knee = hip + [0.0, 0.0, -0.4]
    ankle = knee + 0.4 * np.array([outward * np.sin(swing), np.cos(swing), 0.0])
    for joint, place in (("HIP", hip), ("KNEE", knee), ("ANKLE", ankle)):
        world_m[:, Landmark[f"{side}_{joint}".upper()]] = place
    other = "right" if side == "left" else "left"
    world_m[:, Landmark[f"{other}_hip".upper()]] = hip * [-1, 1, 1]
    (path,) = write_trc(tmp_path / "sit.trc", replace(track, world_m=world_m))

    _, at = read_markers(path)
    leg = [at[f"{side}_{joint}"] for joint in ("hip", "knee", "ankle")]
    pelvis = pelvis_frame(at["left_hip"], at["right_hip"], up=[0, 1, 0])
    angles = hip_angles_deg(pelvis, femur_frame(*leg), side=side)

    np.testing.assert_allclose(angles.rotation_deg, 30.0, atol=1e-3)
    np.testing.assert_allclose(angles.flexion_deg, 90.0, atol=1e-3)
    np.testing.assert_allclose(knee_flexion_deg(*leg), 90.0, atol=1e-3)
