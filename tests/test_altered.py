"""An altered copy of a film keeps its truth exactly, and its table says so."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from synthetic import camera_axes, seated_joints

from hiprom.capture.video import Frame

sys.path.insert(0, str(Path(__file__).parents[1] / "calibration"))

from alterations import Alteration, alterations_of, drawn
from altered import copies_of_all_clips
from altered_clips import CHANGES, AlteredClip, mirrored
from altered_pictures import altered_frames, altered_size_px, homography
from benchmark_clips import Clip

CALIBRATION = Path(__file__).parents[1] / "calibration"
PAGE = Path(__file__).parents[1] / "docs" / "accuracy.md"
SIZE, FOCAL_PX = (640, 480), 620.0
MIRROR = np.diag([-1.0, 1.0, 1.0])
TURNS = {"yaw_deg": -6.0, "pitch_deg": 4.0, "roll_deg": 5.0}
LIMITS_DEG = {"trunk_lean": 5, "pelvic_hike": 4, "thigh_drift": 5, "thigh_lift": 6}
MINUS = "\N{MINUS SIGN}"


def projected(joints_m):
    """Where an exact camera sees joints that are given in its own axes, (..., 2)."""
    return FOCAL_PX * joints_m[..., :2] / joints_m[..., 2:] + np.array(SIZE) / 2


def carried(mapping, points_px):
    """Points moved by a homography."""
    moved = np.concatenate([points_px, np.ones((*points_px.shape[:-1], 1))], -1)
    moved = moved @ mapping.T
    return moved[..., :2] / moved[..., 2:]


def turn_of(alteration):
    """The camera's turn where it stands, by code that calibration/ does not share."""
    angles = alteration.yaw_deg, alteration.pitch_deg, alteration.roll_deg
    return camera_axes(*angles) @ camera_axes(0, 0, 0).T


def only_frame(alteration, picture):
    (frame,) = altered_frames([Frame(0, 0.0, picture)], alteration, FOCAL_PX)
    return frame.rgb


@pytest.mark.parametrize(
    "alteration",
    [
        Alteration(is_mirrored=True),
        Alteration(roll_deg=5.0),
        Alteration(yaw_deg=-6.0),
        Alteration(scale=0.5),
        Alteration(is_mirrored=True, scale=0.75, **TURNS),
    ],
    ids=lambda alteration: alteration.recipe,
)
def test_the_homography_carries_true_joints_to_where_the_turned_camera_sees_them(
    alteration,
):
    from_camera = seated_joints(np.array([0.0, 20.0, 40.0])) @ camera_axes(12, 6, 3).T
    from_camera += [0.1, -0.2, 2.5]
    hand = MIRROR if alteration.is_mirrored else np.eye(3)

    mapping = homography(alteration, SIZE, FOCAL_PX)

    expected = projected(from_camera @ hand.T @ turn_of(alteration).T)
    assert_allclose(
        carried(mapping, projected(from_camera)),
        alteration.scale * expected,
        atol=1e-9,
    )


@pytest.mark.parametrize("is_mirrored", [False, True])
def test_the_view_of_a_copy_is_that_of_its_turned_camera(is_mirrored):
    angles = {"azimuth_deg": -20.0, "elevation_deg": 7.0, "roll_deg": 4.0}
    alteration = Alteration(is_mirrored=is_mirrored, **TURNS)
    facts = {"side": "right", "camera": angles}

    view_deg = AlteredClip("film", facts, alteration).view_deg

    stood = camera_axes(*Clip("film", facts).view_deg)
    if is_mirrored:
        stood = MIRROR @ stood @ np.diag([1.0, 1.0, -1.0])  # the room's right is z
    assert_allclose(camera_axes(*view_deg), turn_of(alteration) @ stood, atol=1e-7)


@pytest.mark.parametrize("is_mirrored", [False, True])
def test_what_is_drawn_in_a_picture_goes_where_the_homography_says(is_mirrored):
    alteration = Alteration(is_mirrored=is_mirrored, scale=0.75, **TURNS)
    dot_px = np.array([250.0, 300.0])
    across, down = np.meshgrid(np.arange(640) + 0.5, np.arange(480) + 0.5)
    away_px = np.hypot(across - dot_px[0], down - dot_px[1])
    dot = np.uint8(np.rint(250 * np.exp(-((away_px / 6) ** 2))))

    copy = only_frame(alteration, np.repeat(dot[..., None], 3, axis=-1))[..., 0]

    rows, columns = np.indices(copy.shape) + 0.5
    seen_px = [np.average(columns, weights=copy), np.average(rows, weights=copy)]
    assert copy.shape == (360, 480)
    mapping = homography(alteration, SIZE, FOCAL_PX)
    assert_allclose(seen_px, carried(mapping, dot_px), atol=0.05)


def test_a_mirrored_picture_is_mirrored_to_the_last_pixel():
    picture = np.random.default_rng(1).integers(0, 256, (48, 64, 3), dtype=np.uint8)

    copy = only_frame(Alteration(is_mirrored=True), picture)

    assert_array_equal(copy, picture[:, ::-1])


def test_a_mirror_swaps_the_sides_of_the_truth_and_nothing_else():
    copy = next(each for each in copies_of_all_clips() if each.alteration.is_mirrored)
    clip = Clip(copy.name, copy.facts)
    there, here = copy.truth, clip.truth

    for side, other in (("left", "right"), ("right", "left")):
        legs = here.filter(regex=f"^{side}_")
        assert len(legs.columns) == 5
        assert_array_equal(legs, there[legs.columns.str.replace(side, other)])
    sideways = here.filter(regex="obliquity|lateral|axial")
    assert len(sideways.columns) == 4
    assert_array_equal(there[sideways.columns], -sideways)
    alike = here.filter(regex="^(?!left|right|.*(obliquity|lateral|axial))")
    assert_array_equal(there[alike.columns], alike)
    assert list(there) == list(here)
    assert {copy.side, clip.side} == {"left", "right"}
    assert [rep[1:] for rep in copy.reps] == [rep[1:] for rep in clip.reps]
    assert copy.changes == AlteredClip(clip.name, clip.facts, Alteration()).changes
    assert_array_equal(mirrored(there), here)


def test_the_changes_are_those_the_film_was_made_with():
    copies = {
        (each.name, each.alteration.name): each.changes
        for each in copies_of_all_clips()
        if each.alteration.name in {"mirrored", "half the size"}
    }

    for kind in ("mirrored", "half the size"):
        for rep in copies["seated_ir_08_hike", kind]:
            assert rep["pelvic_hike"] == pytest.approx(8, abs=1)
            assert rep["trunk_lean"] == pytest.approx(-8, abs=1)
        for rep in copies["seated_ir_07_abd", kind]:
            assert rep["thigh_drift"] == pytest.approx(10, abs=1)
        for rep in copies["seated_ir_09_knee", kind]:
            assert rep["thigh_lift"] == pytest.approx(6, abs=1)


def test_pictures_that_are_left_out_do_not_shift_the_others_times():
    picture = np.zeros((48, 64, 3), np.uint8)
    frames = [Frame(index, index / 30, picture) for index in range(5)]

    kept = list(altered_frames(frames, Alteration(every=2), FOCAL_PX))

    assert [frame.time_s for frame in kept] == [0, 2 / 30, 4 / 30]


def test_noise_is_as_large_as_said_new_in_each_picture_and_the_same_each_time():
    frames = [
        Frame(index, index / 30, np.full((96, 96, 3), 128, np.uint8))
        for index in (0, 1)
    ]
    grainy = Alteration(noise=12.0)

    first, second = (each.rgb for each in altered_frames(frames, grainy, FOCAL_PX))
    again = next(altered_frames(frames, grainy, FOCAL_PX)).rgb

    assert first.std() == pytest.approx(12, abs=0.3)
    assert first.mean() == pytest.approx(128, abs=0.3)
    assert np.corrcoef(first.ravel(), second.ravel())[0, 1] < 0.1
    assert_array_equal(first, again)


def test_light_is_scaled_and_dark_parts_are_darkened_further():
    picture = np.full((48, 64, 3), 128, np.uint8)
    picture[:, 32:] = 64

    copy = only_frame(Alteration(gain=0.5, gamma=1.5), picture)

    assert copy[0, 0, 0] == round(255 * 0.5 * (128 / 255) ** 1.5)
    assert copy[0, -1, 0] == round(255 * 0.5 * (64 / 255) ** 1.5)


def test_every_film_is_drawn_anew_by_each_seed_and_keeps_its_proportions():
    names = [copy.name for copy in copies_of_all_clips()[:14]]
    draws = [drawn(seed, name) for seed in (1, 2) for name in names]

    assert len({draw.recipe for draw in draws}) == 28
    assert [drawn(1, name) for name in names] == draws[:14]
    for draw in draws:
        width_px, height_px = altered_size_px(draw, SIZE)
        assert (width_px, height_px) == (640 * draw.scale, 480 * draw.scale)
        assert width_px % 2 == height_px % 2 == 0
        assert draw.pitch_deg >= 0


def test_a_recipe_names_all_that_is_done():
    fixed = alterations_of("film")[:5]

    assert [each.recipe for each in fixed] == [
        "is_mirrored 1",
        "roll_deg 5",
        "yaw_deg -6",
        "scale 0.5",
        "gain 0.35; gamma 1.3; noise 12",
    ]
    assert not Alteration("as filmed").recipe


@pytest.fixture(scope="module")
def reps():
    return pd.read_csv(CALIBRATION / "altered.csv")


def figures(reps):
    """What can be counted from the table, without the code that wrote the page."""
    true = reps[reps["true_end_range"].notna()]
    found = true[true["end_range"].notna()]
    error = found["end_range"] - found["true_end_range"]
    away = (found["excursion"] - found["true_excursion"]).abs()
    low, high = found["end_range_low"], found["end_range_high"]
    inside = (low <= found["true_end_range"]) & (found["true_end_range"] <= high)
    ends = f"{error.abs().mean():.2f}°, {error.mean():+.2f}°, {error.abs().max():.2f}°"
    return [
        f"{len(found)} of {len(true)}",
        f"{len(reps) - len(true)}",
        ends.replace("-", MINUS),
        f"{away.mean():.2f}°",
        f"{100 * inside.mean():.0f} %",
        f"{((high - low) / 2).median():.2f}°",
    ]


def test_the_table_has_every_repetition_of_every_copy(reps):
    copies = copies_of_all_clips()
    true = reps[reps["true_end_range"].notna()]
    expected = [
        (copy.alteration.name, copy.alteration.recipe, copy.name, copy.side, number)
        for copy in copies
        for number in range(1, len(copy.reps) + 1)
    ]

    columns = ["alteration", "recipe", "clip", "side", "rep"]
    assert list(true[columns].itertuples(index=False, name=None)) == expected
    assert len(expected) == 7 * 49


def test_the_table_s_true_values_are_those_of_the_copies(reps):
    true = reps[reps["true_end_range"].notna()]
    expected = [
        (rep.end, rep.excursion, *copy.view_deg, *change.values())
        for copy in copies_of_all_clips()
        for rep, change in zip(copy.reps, copy.changes, strict=True)
    ]

    columns = ["true_end_range", "true_excursion"]
    columns += [f"true_{name}_deg" for name in ("yaw", "pitch", "roll", *CHANGES)]
    assert_allclose(true[columns], expected, atol=0.0051)


def test_the_same_people_in_new_pictures_are_measured_nearly_as_well(reps):
    true = reps[reps["true_end_range"].notna()]
    found = true[true["end_range"].notna()]
    error = (found["end_range"] - found["true_end_range"]).abs()
    inside = found["true_end_range"].between(
        found["end_range_low"], found["end_range_high"]
    )

    assert len(reps) == len(true)
    assert len(found) >= 0.99 * len(true)
    assert error.mean() <= 1.2
    assert inside.mean() >= 0.93


@pytest.fixture(scope="module")
def section():
    page = PAGE.read_text(encoding="utf-8")
    return page.split("## On altered copies\n")[1].split("\n## ")[0]


@pytest.fixture(scope="module")
def stated(section):
    """Every row of the section's tables, by its first cell."""
    rows = [
        line.strip("| ").split(" | ")
        for line in section.splitlines()
        if line.startswith("| ")
    ]
    return {row[0]: row[1:] for row in rows}


def test_the_page_states_the_totals_of_the_table(reps, stated):
    for kind, mine in reps.groupby("alteration"):
        assert stated[kind] == figures(mine)
    assert stated["**all copies**"] == figures(reps)


def test_the_page_states_how_well_other_movements_were_seen(reps, stated):
    found = reps.dropna(subset=["true_end_range", "end_range"])
    for name, limit_deg in LIMITS_DEG.items():
        true, seen = found[f"true_{name}_deg"], found[f"{name}_deg"]
        away, beyond = (seen - true).abs(), true.abs() > limit_deg
        flagged = found["flags"].str.contains(name, na=False)

        assert stated[name.replace("_", " ")] == [
            f"{away.mean():.2f}°, {away.max():.2f}°",
            f"{beyond.sum()} (limit {limit_deg}°)",
            f"{true[beyond].abs().mean():.1f}°, {seen[beyond].abs().mean():.1f}°",
            f"{(flagged & beyond).sum()} of {beyond.sum()}",
            f"{(flagged & ~beyond).sum()} of {(~beyond).sum()}",
        ]


def test_the_page_names_the_copies_that_were_refused(reps, section):
    refused = reps[reps["yaw_deg"].isna()].groupby(["alteration", "clip"]).size()

    for alteration, clip in refused.index:
        assert f"{clip} ({alteration})" in section
    assert section.count("seated_") == len(refused)


def test_the_page_says_that_the_copies_are_not_measured_with_the_rest(section):
    words = " ".join(section.split())

    assert "The copies are measured by `make altered`" in words
    assert "`make accuracy` does not measure them again" in words
    assert "The bodies are the same 14" in words
