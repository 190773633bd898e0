"""Tests for hiprom.manifest: folders and lists -> jobs, and what is wrong with them."""

import csv
import io
from datetime import datetime, timedelta, timezone
from pathlib import Path, PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hiprom.errors import InputError
from hiprom.manifest import job_names, read_manifest, specs_of_folder, template
from hiprom.manifest.guesses import guessed_protocol, guessed_side
from hiprom.manifest.names import NamedTest


@pytest.fixture
def folder(tmp_path):
    """Videos as people keep them, among other things."""
    for name in (
        "b.mp4",
        "a.MOV",
        "P-01/external left.mp4",
        "P-02/b.mp4",
        "P-02/notes.txt",
        ".hidden.mp4",
        ".cache/c.mp4",
        "results/a/overlay.mp4",
        "results/a/reps.csv",
        "results/a/summary.json",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    return tmp_path


def written(tmp_path, content, encoding="utf-8"):
    path = tmp_path / "list.csv"
    path.write_bytes(
        content if isinstance(content, bytes) else content.encode(encoding)
    )
    return path


def named(*videos):
    return job_names([NamedTest(video, "seated_ir", "auto") for video in videos])


# A folder of videos


def test_every_video_in_a_folder_and_below_is_a_job(folder):
    specs = specs_of_folder(folder)

    assert [PurePath(spec.video).relative_to(folder).as_posix() for spec in specs] == [
        "P-01/external left.mp4",
        "P-02/b.mp4",
        "a.MOV",
        "b.mp4",
    ]
    assert [spec.name for spec in specs] == ["external_left", "P-02_b", "a", "b"]
    assert {(spec.protocol, spec.side) for spec in specs} == {("seated_ir", "auto")}


def test_a_folder_named_from_where_one_stands_gives_whole_paths(folder, monkeypatch):
    monkeypatch.chdir(folder)

    specs = specs_of_folder(Path("P-02"))

    assert [spec.video for spec in specs] == [str(folder / "P-02" / "b.mp4")]


def test_a_folder_without_videos_is_refused_with_what_is_looked_for(tmp_path):
    with pytest.raises(
        InputError, match=r"no video in .* mp4, mov, mkv, webm, avi, m4v"
    ):
        specs_of_folder(tmp_path)


def test_what_is_no_folder_is_refused(folder):
    with pytest.raises(InputError, match="does not exist"):
        specs_of_folder(folder / "nowhere")
    with pytest.raises(InputError, match="is a file"):
        specs_of_folder(folder / "b.mp4")


# The template


def test_the_template_lists_the_videos_and_guesses_what_their_names_tell(folder):
    text = template(folder)

    heading, first, *_ = text.splitlines()
    assert heading == "video,subject,protocol,side,recorded_at,camera"
    assert first == "P-01/external left.mp4,,seated_er,left,,"
    assert len(text.splitlines()) == 5


def test_the_template_read_back_is_the_folder(folder):
    path = folder / "list.csv"
    path.write_text(template(folder), encoding="utf-8")

    back = read_manifest(path)

    asked = specs_of_folder(folder)
    assert [(b.video, b.name) for b in back] == [(a.video, a.name) for a in asked]


def test_a_name_like_a_formula_comes_back_as_it_was(tmp_path):
    (tmp_path / "=1+1, really.mp4").write_text("")
    path = written(tmp_path, template(tmp_path))

    (spec,) = read_manifest(path)

    assert next(csv.reader(io.StringIO(template(tmp_path).splitlines()[1])))[0] == (
        "'=1+1, really.mp4"
    )
    assert spec.video == str(tmp_path / "=1+1, really.mp4")


@pytest.mark.parametrize(
    ("place", "protocol", "side"),
    [
        ("seated_er_right.mp4", "seated_er", "right"),
        ("SeatedIR-LEFT2.mp4", "seated_ir", "left"),
        ("P-01/External/kneeRight.mp4", "seated_er", "right"),
        ("seated_er/clip internal.mp4", "seated_ir", "auto"),
        ("ER/IR/clip.mp4", "seated_ir", "auto"),
        ("her bright liner.mp4", "seated_ir", "auto"),
        ("left and right.mp4", "seated_ir", "both"),
        ("both er.mp4", "seated_er", "both"),
        ("external/IR ER.mp4", "seated_er", "auto"),
        ("internal/IR ER.mp4", "seated_ir", "auto"),
        ("right/left_1.mp4", "seated_ir", "left"),
    ],
)
def test_words_in_names_tell_protocol_and_side(place, protocol, side):
    assert guessed_protocol(PurePath(place)) == protocol
    assert guessed_side(PurePath(place)) == side


# A manifest


def test_a_manifest_says_all_of_a_job(tmp_path):
    path = written(
        tmp_path,
        "video,subject,protocol,side,recorded_at,camera\n"
        "in/a.mp4,P-01,Seated_ER,LEFT,2026-05-04T09:12:00+02:00,kitchen\n"
        "b.mp4,,,,,lens.toml\n",
    )

    first, second = read_manifest(path)

    assert first.video == str(tmp_path / "in" / "a.mp4")
    assert (first.name, first.subject, first.camera) == ("a", "P-01", "kitchen")
    assert (first.protocol, first.side) == ("seated_er", "left")
    assert first.recorded_at == datetime(
        2026, 5, 4, 9, 12, tzinfo=timezone(timedelta(hours=2))
    )
    assert (second.subject, second.recorded_at) == (None, None)
    assert (second.protocol, second.side) == ("seated_ir", "auto")
    assert second.camera == str(tmp_path / "lens.toml")


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("video,subject\nä.mp4,Ö\n", "utf-8"),
        ("video,subject\nä.mp4,Ö\n", "utf-8-sig"),
        ("video,subject\r\nä.mp4,Ö\r\n", "cp1252"),
        ("video;subject\r\nä.mp4;Ö\r\n;\r\n", "cp1252"),
        ("sep=;\r\nvideo;subject\r\nä.mp4;Ö\r\n", "utf-8-sig"),
        ("video\tsubject\r\nä.mp4\tÖ\r\n", "utf-16"),
        ("\n\n Video , SUBJECT \n\n ä.mp4 , Ö \n\n", "utf-8"),
        ('"subject","video"\n"Ö","ä.mp4"', "utf-8"),
        ("video,subject,,\nä.mp4,Ö,,\n,,,\n", "utf-8"),
    ],
)
def test_it_is_read_however_a_spreadsheet_saved_it(content, encoding, tmp_path):
    (spec,) = read_manifest(written(tmp_path, content, encoding))

    assert spec.video == str(tmp_path / "ä.mp4")
    assert spec.subject == "Ö"


def test_a_mark_that_only_looks_like_a_line_s_end_stays_in_the_name(tmp_path):
    (spec,) = read_manifest(written(tmp_path, "video\na\u2028b.mp4\n"))

    assert spec.video == str(tmp_path / "a\u2028b.mp4")


@pytest.mark.parametrize("url", ["s3://bucket/in/a.mp4", "https://x.org/a.mp4?key=1"])
def test_a_url_stays_as_it_is(url, tmp_path):
    (spec,) = read_manifest(written(tmp_path, f"video\n{url}\n"))

    assert spec.video == url
    assert spec.name == "a"


@pytest.mark.parametrize("day", ["2026-05-04", "04.05.2026", "4.5.2026"])
def test_a_day_is_its_noon_here(day, tmp_path):
    (spec,) = read_manifest(written(tmp_path, f"video,recorded_at\na.mp4,{day}\n"))

    assert spec.recorded_at == datetime(2026, 5, 4, 12).astimezone()


def test_a_time_without_an_offset_is_this_machine_s(tmp_path):
    content = "video,recorded_at\na.mp4,2026-05-04 09:30\n"

    (spec,) = read_manifest(written(tmp_path, content))

    assert spec.recorded_at == datetime(2026, 5, 4, 9, 30).astimezone()
    assert spec.recorded_at.tzinfo is not None


def test_columns_that_are_not_known_are_passed_over_and_named(tmp_path):
    said = []

    read_manifest(
        written(tmp_path, "video,age,mood\na.mp4,44,good\n"), note=said.append
    )

    (note,) = said
    assert "'age', 'mood'" in note
    assert "video, subject, protocol, side, recorded_at, camera" in note


def test_nothing_is_noted_where_all_is_known(tmp_path):
    said = []

    read_manifest(written(tmp_path, "video,subject,\na.mp4,P-01,\n"), note=said.append)

    assert not said


def test_the_protocol_may_be_left_to_be_recognised(tmp_path):
    path = written(tmp_path, "video,protocol\na.mp4,Auto\n")

    assert read_manifest(path)[0].protocol == "auto"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (",,,,x", "video is empty; needed is a path or a URL"),
        ("a.mp4,squats", "protocol is 'squats'; needed is one of auto, seated_"),
        ("a.mp4,,links", "side is 'links'; needed is one of auto, left, right, both"),
        ("a.mp4,,,05/04/2026", "recorded_at is '05/04/2026'; needed is a day such as"),
        ("a.mp4,,,0026-05-04", "recorded_at is '0026-05-04'; needed is"),
        ("a.mp4,,,31.2.2026", "recorded_at is '31.2.2026'; needed is"),
        ("a, b.mp4,,,,x", "it has 6 cells; needed are at most 5"),
        ("A/../b.mp4", "the same video, protocol and side stand in line 2"),
    ],
)
def test_a_cell_that_is_of_no_use_is_named_with_its_line(row, said, tmp_path):
    heading = "video,protocol,side,recorded_at,subject"
    path = written(tmp_path, f"{heading}\nb.mp4,,,,P-01\n{row}\n")

    with pytest.raises(InputError) as refused:
        read_manifest(path)

    assert f"Line 3: {said}" in str(refused.value)
    assert str(refused.value).startswith(f"Nothing of {path} was measured:")
    assert str(refused.value).endswith("Mend the manifest and start again.")


def test_all_that_is_wrong_is_said_at_once_with_the_line_a_row_begins_in(tmp_path):
    path = written(
        tmp_path,
        'video,side,subject\na.mp4,up,"two\nlines"\n\n,left,\nb.mp4,down,\n',
    )

    with pytest.raises(InputError) as refused:
        read_manifest(path)

    lines = [line.split(":")[0] for line in str(refused.value).splitlines()[1:-1]]
    assert lines == ["Line 2", "Line 5", "Line 6"]


def test_a_long_list_of_errors_is_cut_and_counted(tmp_path):
    path = written(tmp_path, "video,side\n" + "a.mp4,up\n" * 33)

    with pytest.raises(InputError) as refused:
        read_manifest(path)

    assert str(refused.value).count("Line ") == 20
    assert "And 13 more." in str(refused.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "It has no column 'video'."),
        ("film,side\na.mp4,left\n", "It has no column 'video'."),
        ("video,sides\na.mp4,left\n", "It has a column 'sides'; if 'side' is meant"),
        ("video,protocl\na.mp4,x\n", "It has a column 'protocl'; if 'protocol' is"),
        ("video,side,Side\na.mp4,left,right\n", "It has the column 'side' twice."),
        ("video,side\n", "There is no row below the heading."),
        (b"PK\x03\x04\x00\x00rest of a workbook", "saved from the spreadsheet as 'CSV"),
        (b"video\n\x81\x8d\n", "its bytes are no text"),
        ('video,side\n"a.mp4"x,left\n', "cannot be read as a table from line 2"),
    ],
)
def test_a_file_that_is_no_manifest_is_refused(content, said, tmp_path):
    with pytest.raises(InputError) as refused:
        read_manifest(written(tmp_path, content))

    assert said in str(refused.value)


def test_a_manifest_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"list\.csv: No such file"):
        read_manifest(tmp_path / "list.csv")


def test_a_missing_video_is_no_error_of_the_manifest(tmp_path):
    assert read_manifest(written(tmp_path, "video\nnot/there.mp4\n"))


def test_one_video_may_be_measured_in_several_ways(tmp_path):
    content = "video,protocol,side\na.mp4,,left\na.mp4,,right\na.mp4,seated_er,left\n"

    specs = read_manifest(written(tmp_path, content))

    assert [spec.name for spec in specs] == [
        "a_seated_ir_left",
        "a_seated_ir_right",
        "a_seated_er",
    ]


# Names


def test_a_name_is_the_video_s_own():
    assert named("in/knee.mp4", "in/Hüfte 2.mov") == ["knee", "Hüfte_2"]


def test_two_of_one_name_are_told_apart_by_the_nearest_folder_that_can():
    assert named("P1/v1/a.mp4", "P2/v1/a.mp4", "b.mp4") == ["P1_a", "P2_a", "b"]
    assert named("a.mp4", "P1/a.mp4") == ["a", "P1_a"]
    assert named("P1/v1/a.mp4", "P1/v2/a.mp4", "P2/v1/a.mp4", "P2/v2/a.mp4") == [
        *("P1_v1_a", "P1_v2_a", "P2_v1_a", "P2_v2_a"),
    ]


def test_two_of_one_folder_are_told_apart_by_their_kind():
    assert named("a.mp4", "a.mov") == ["a_mp4", "a_mov"]


def test_capitals_alone_tell_no_two_apart():
    first, second = named("a.mp4", "A.mp4")

    assert first.casefold() != second.casefold()


@pytest.mark.parametrize(
    ("video", "name"),
    [
        ("???.mp4", "video"),
        (".mp4", "mp4"),
        ("con.mp4", "video_con"),
        ("reps.csv.mp4", "reps_csv"),
        ("a/..b..mp4", "b"),
        ("=1+1.mp4", "1_1"),
        ("s3://bucket/in/Knie%20links.mp4?v=2", "Knie_links"),
        ("a\udcff.mp4", "a"),
    ],
)
def test_a_name_is_safe_on_every_file_system(video, name):
    assert named(video) == [name]


def test_a_very_long_name_is_cut_and_stays_its_own():
    first, second = named("ö" * 400 + "1.mp4", "ö" * 400 + "2.mp4")

    assert first != second
    assert max(len(first.encode()), len(second.encode())) < 200


PARTS = st.sampled_from(["a", "A", "ä", "b_a", "b", "P 1", "P-1", "con", "..", "ﬁ"])
PATHS = st.builds(
    lambda parts, suffix: "/".join(parts) + suffix,
    st.lists(PARTS, min_size=1, max_size=4),
    st.sampled_from([".mp4", ".MP4", ".mov", ""]),
)


@given(
    st.lists(
        st.builds(NamedTest, PATHS, st.sampled_from(["x", "y"]), st.just("auto")),
        unique=True,
        max_size=12,
    ),
    st.randoms(),
)
def test_names_are_all_different_and_do_not_depend_on_the_order(tests, random):
    names = dict(zip(tests, job_names(tests), strict=True))
    shuffled = list(tests)
    random.shuffle(shuffled)

    assert dict(zip(shuffled, job_names(shuffled), strict=True)) == names
    assert len({name.casefold() for name in names.values()}) == len(tests)
    assert all("." not in name and "/" not in name and name for name in names.values())
