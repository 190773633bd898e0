"""Files that are no video, or a bad one: each is refused or flagged in one sentence."""

import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import av
import clips
import numpy as np
import pytest

import hiprom.errors
from hiprom.capture import container
from hiprom.capture.file_kind import lacks_index
from hiprom.capture.video import Limits, open_video
from hiprom.errors import VideoNotReadable


def refusal(path, **options):
    """The message with which a video is refused, on opening or while it is read."""
    with (
        pytest.raises(VideoNotReadable) as refused,
        open_video(path, **options) as video,
    ):
        list(video.frames())
    message = str(refused.value)
    assert message == f"{path}: {refused.value.found} {refused.value.advice}"
    return message


def noise(frames, width_px=160, height_px=96):
    """Pictures that cannot be pressed small, so that each takes its share of bytes."""
    random = np.random.default_rng(0)
    for number in range(frames):
        image = clips.picture(number, width_px, height_px)
        yield image // 2 + random.integers(0, 128, image.shape, np.uint8)


# --- no video file at all -------------------------------------------------------------


def test_a_missing_file_is_named_with_its_like(tmp_path):
    clips.make_clip(tmp_path / "seated_right.mp4")

    assert refusal(tmp_path / "seated_rihgt.mp4") == (
        f"{tmp_path}/seated_rihgt.mp4: there is no such file. "
        "Did you mean seated_right.mp4?"
    )
    assert refusal(tmp_path / "holiday.avi").endswith(
        "there is no such file. Check how it is spelled."
    )


def test_a_missing_folder_is_named(tmp_path):
    assert f"there is no folder {tmp_path}/clips." in refusal(
        tmp_path / "clips" / "a.mp4"
    )


@pytest.mark.parametrize("address", ["http://example.org/a.mp4", "rtsp://camera/1"])
def test_an_address_is_not_fetched(address):
    with pytest.raises(VideoNotReadable, match="this is an address, not a file"):
        open_video(address)


@pytest.mark.parametrize("name", ["concat:a.mp4|b.mp4", "file:a.mp4", "bad\0name.mp4"])
def test_a_protocol_or_an_impossible_name_is_no_file(tmp_path, monkeypatch, name):
    clips.make_clip(tmp_path / "a.mp4")
    monkeypatch.chdir(tmp_path)

    with pytest.raises(VideoNotReadable, match=r"no such file|cannot be opened"):
        open_video(name)


@pytest.mark.skipif(sys.platform == "win32", reason="no such name on Windows")
def test_a_file_that_is_named_like_a_protocol_is_a_file(tmp_path, monkeypatch):
    clips.make_clip(tmp_path / "a.mp4").rename(tmp_path / "concat:a.mp4")
    monkeypatch.chdir(tmp_path)

    with open_video("concat:a.mp4") as video:
        assert video.facts.codec == "h264"


def test_a_folder_is_refused(tmp_path):
    assert "this is a folder. Name one video in it" in refusal(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_does_not_hang(tmp_path):
    os.mkfifo(tmp_path / "pipe.mp4")

    assert "this is a pipe or a device, not a file." in refusal(tmp_path / "pipe.mp4")


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs device files")
def test_a_device_does_not_hang():
    assert "this is a pipe or a device, not a file." in refusal("/dev/zero")


@contextmanager
def without_rights():
    """Act as a stranger: as root, nothing would be forbidden."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="needs file permissions")
def test_a_forbidden_file_is_refused(tmp_path):
    clip = clips.make_clip(tmp_path / "clip.mp4")
    clip.chmod(0)

    with without_rights():
        message = refusal(clip)

    assert "you are not permitted to read this file. Ask its owner" in message


def test_an_empty_file_is_refused(tmp_path):
    (tmp_path / "clip.mp4").touch()

    assert "the file is empty (0 bytes)." in refusal(tmp_path / "clip.mp4")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"Dear patient,\nplease sit.\n" * 300, "text"),
        ("Sitz, Füße hängen. ".encode() * 400, "text"),
        ("Sitzend".encode("utf-16"), "text"),
        (b"<?xml version='1.0'?><MPD/>", "text (XML)"),
        (b"%PDF-1.7\n\x00", "a PDF document"),
        (b"PK\x03\x04\x00", "a zip archive"),
        (b"ID3\x04\x00\x00", "sound"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", "sound"),
        (b"RIFF\x24\x00\x00\x00WEBPVP8 ", "a single image"),
        (b"\x89PNG\r\n\x1a\n\x00", "a single image"),
        (b"\x00\x00\x00\x20ftypheic\x00\x00\x00\x00", "a single image"),
    ],
)
def test_it_says_what_a_file_is_instead_of_a_video(tmp_path, content, kind):
    file = tmp_path / "clip.mp4"
    file.write_bytes(content)

    assert f"this is {kind}, not a video." in refusal(file)


def test_bytes_without_meaning_are_refused(tmp_path):
    file = tmp_path / "clip.mp4"
    file.write_bytes(np.random.default_rng(1).bytes(5000))

    assert "none of mp4, mov, mkv, webm and avi. Convert it" in refusal(file)


@pytest.mark.parametrize("suffix", ["mp4", "m3u8"])
@pytest.mark.parametrize("is_named_first", [True, False])
def test_a_playlist_does_not_open_its_neighbour(
    tmp_path, monkeypatch, suffix, is_named_first
):
    clips.make_clip(tmp_path / "neighbour.mp4")
    playlist = tmp_path / f"list.{suffix}"
    playlist.write_text(
        "ffconcat version 1.0\nfile neighbour.mp4\n"
        if suffix == "mp4"
        else "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nneighbour.mp4\n"
        "#EXT-X-ENDLIST\n"
    )
    with av.open(str(playlist)) as unguarded:  # the danger is real
        assert unguarded.streams.video[0].width == 160
    if not is_named_first:  # FFmpeg's own whitelist must hold by itself
        monkeypatch.setattr(container, "kind_of", lambda _head: None)

    message = refusal(playlist)

    wanted = "a playlist, which names" if is_named_first else "none of mp4, mov, mkv"
    assert wanted in message


# --- no picture, or none that can be read ---------------------------------------------


@pytest.mark.parametrize("has_cover", [False, True])
def test_sound_alone_is_refused_even_with_the_picture_of_an_album(tmp_path, has_cover):
    voice = clips.make_sound(tmp_path / "voice.mp4", has_cover=has_cover)

    assert "it holds sound but no picture." in refusal(voice)


def test_an_unfit_codec_is_named(tmp_path):
    clip = clips.make_clip(tmp_path / "clip.mkv", codec="ffv1")

    message = refusal(clip)

    assert "its pictures are coded as ffv1; hiprom reads H.264, HEVC, VP8" in message
    assert "ffmpeg -i INPUT -c:v libx264 OUTPUT.mp4" in message


def test_a_codec_that_nobody_knows_is_named_by_its_four_letters(tmp_path):
    clip = clips.make_clip(tmp_path / "clip.mp4")
    clip.write_bytes(clip.read_bytes().replace(b"avc1", b"xyz1"))

    assert "its pictures are coded as xyz1;" in refusal(clip)


def test_a_file_of_undecodable_pictures_is_refused(tmp_path):
    clip = clips.make_clip(tmp_path / "clip.mp4")
    content = bytearray(clip.read_bytes())
    start = content.index(b"mdat") + 4
    end = content.index(b"moov") - 4
    content[start:end] = bytes(end - start)
    clip.write_bytes(content)

    assert "none of its h264 pictures can be decoded." in refusal(clip)


# --- too large, too long --------------------------------------------------------------

_MAKE_HUGE = """
import av, sys
with av.open(sys.argv[1], "w") as output:
    stream = output.add_stream("libx264", rate=30)
    stream.width, stream.height, stream.pix_fmt = 16384, 8192, "yuv420p"
    stream.options = {"preset": "ultrafast", "threads": "1", "rc-lookahead": "0"}
    frame = av.VideoFrame(16384, 8192, "yuv420p")
    frame.pts = 0
    output.mux(stream.encode(frame))
    output.mux(stream.encode())
"""

_OPEN_HUGE = """
import sys
from pathlib import Path
from hiprom.capture.video import open_video
from hiprom.errors import VideoNotReadable
try:
    open_video(sys.argv[1])
except VideoNotReadable as refused:
    print(refused)
status = Path("/proc/self/status").read_text()
print(status.partition("VmHWM:")[2].split()[0])
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads /proc")
def test_a_huge_picture_is_refused_from_its_header_in_little_memory(tmp_path):
    root = Path(hiprom.errors.__file__).parents[1]
    huge = tmp_path / "huge.mp4"
    # In children, so that neither the making nor the refusal is measured here.
    subprocess.run([sys.executable, "-c", _MAKE_HUGE, huge], check=True)

    opened = subprocess.run(
        [sys.executable, "-c", _OPEN_HUGE, huge],
        env=os.environ | {"PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=True,
    )

    message, peak_kb = opened.stdout.splitlines()
    assert "16384 x 8192 pixels, more than the 9.4 megapixels" in message
    assert int(peak_kb) < 300_000
    assert opened.stderr == ""


def test_a_long_video_is_refused_by_what_it_declares(tmp_path):
    clip = clips.make_clip(tmp_path / "long.mp4", times_s=[0, 3700], frames=2)

    assert "it lasts 62 minutes; at most 60 minutes are read." in refusal(clip)


def test_a_long_video_that_declares_nothing_is_refused_where_it_gets_too_long(tmp_path):
    times_s = [5 + number / 30 for number in range(12)]
    clip = clips.make_clip(tmp_path / "live.mkv", times_s=times_s, muxer={"live": "1"})

    with open_video(clip, limits=Limits(max_duration_s=0.21)) as video:
        frames = video.frames()
        seen = [next(frames).time_s for _ in range(7)]
        with pytest.raises(VideoNotReadable, match="it goes on for longer; at most 0"):
            next(frames)

    assert seen[-1] == pytest.approx(5.2)


# --- cut off, damaged, changing -------------------------------------------------------


def test_an_mp4_without_its_index_is_called_incomplete(tmp_path):
    whole = clips.make_clip(tmp_path / "whole.mp4", noise(12))

    for share in (0.3, 0.9, 0.999):
        message = refusal(clips.cut(tmp_path / "cut.mp4", whole, share))

        assert (
            "this is an incomplete file: its index (moov) is missing or cut" in message
        )
        assert "Copy it from the camera again" in message


def box(kind, content, *, size=None):
    """A box of an mp4, with another size than its own if one is given."""
    return (size or len(content) + 8).to_bytes(4) + kind + content


FTYP = box(b"ftyp", b"isom" + bytes(4))
MOOV = box(b"moov", bytes(100))


@pytest.mark.parametrize(
    ("content", "is_lacking"),
    [
        (FTYP + MOOV + box(b"mdat", bytes(50)), False),
        (FTYP + box(b"mdat", bytes(50)) + MOOV, False),
        (FTYP + box(b"mdat", (58 + 8).to_bytes(8) + bytes(50), size=1) + MOOV, False),
        (FTYP + box(b"mdat", (5 << 32).to_bytes(8) + bytes(50), size=1), True),
        (FTYP + bytes(4) + b"mdat" + bytes(50), True),
        (FTYP + box(b"mdat", bytes(50)) + MOOV[:-1], True),
        (FTYP, True),
        (FTYP + box(b"mdat", bytes(50), size=5) + MOOV, False),  # damaged otherwise
        (b"RIFF" + bytes(50), False),
    ],
)
def test_the_index_of_an_mp4_is_looked_for_box_by_box(tmp_path, content, is_lacking):
    file = tmp_path / "clip.mp4"
    file.write_bytes(content)

    assert lacks_index(file) == is_lacking


@pytest.mark.parametrize(
    ("suffix", "options"),
    [
        ("mp4", {"muxer": {"movflags": "faststart"}}),
        ("mkv", {}),
        ("webm", {"codec": "libvpx", "encoder": {"b": "4M"}}),
        (
            "avi",
            {"codec": "mjpeg", "clock_hz": 30, "pix_fmt": "yuvj420p"},
        ),
    ],
)
def test_a_file_cut_in_half_is_read_and_flagged(tmp_path, suffix, options):
    whole = clips.make_clip(tmp_path / f"whole.{suffix}", noise(60), **options)
    half = clips.cut(tmp_path / f"half.{suffix}", whole, 0.5)

    with open_video(half) as video:
        frames = list(video.frames())

    reading = video.reading
    assert 20 <= len(frames) <= 36
    assert reading.coverage == pytest.approx(len(frames) / 60, abs=0.01)
    assert reading.warnings[0] == (
        f"The file holds only {100 * reading.coverage:.0f} % of its declared duration "
        f"({len(frames) / 30:.1f} s of 2.0 s): it was cut off. Measured what is there."
    )


def damaged(path, source, flips, seed=1):
    """Copy a clip with some bits of its pictures turned over."""
    random = np.random.default_rng(seed)
    content = bytearray(source.read_bytes())
    start = content.index(b"mdat") + 64
    for at in random.integers(start, len(content), flips):
        content[at] ^= 1 << random.integers(8)
    path.write_bytes(content)
    return path


def test_damaged_frames_are_left_out_and_counted(tmp_path):
    whole = clips.make_clip(
        tmp_path / "whole.mp4", noise(60), muxer={"movflags": "faststart"}
    )
    clip = damaged(tmp_path / "damaged.mp4", whole, flips=12)

    with open_video(clip) as video:
        frames = list(video.frames())

    reading = video.reading
    assert 0 < reading.corrupt_frames <= 12
    assert len(frames) == reading.frames == 60 - reading.corrupt_frames
    assert (
        f"Left out as damaged: {reading.corrupt_frames} of 60 frames. "
        "Those soon after may be blurred."
    ) in reading.warnings


def test_a_damaged_file_reads_the_same_every_time(tmp_path):
    # So large and so damaged that decoding it in several threads would betray itself.
    whole = clips.make_clip(
        tmp_path / "whole.mp4",
        noise(60, 320, 240),
        muxer={"movflags": "faststart"},
        keyframe_every=60,
    )
    clip = damaged(tmp_path / "damaged.mp4", whole, flips=40)

    def all_pixels():
        with open_video(clip) as video:
            return np.stack([frame.rgb for frame in video.frames()])

    first = all_pixels()
    assert all(np.array_equal(first, all_pixels()) for _ in range(4))


def test_a_change_of_size_is_refused(tmp_path):
    small = clips.make_clip(tmp_path / "small.webm", codec="libvpx")
    large = clips.make_clip(
        tmp_path / "large.webm", [clips.picture(0, 320, 192)], codec="libvpx"
    )
    clip = clips.joined(tmp_path / "clip.webm", small, large, at_s=0.4)

    assert (
        "at 0.40 s the picture changes from 160 x 96 to 320 x 192 pixels. "
        "Cut the video there"
    ) in refusal(clip)


def test_a_change_of_orientation_is_refused(tmp_path):
    plain = clips.make_clip(tmp_path / "plain.mkv")
    turned = clips.with_inner_turn(tmp_path / "turned.mkv", plain)
    clip = clips.joined(tmp_path / "clip.mkv", plain, turned, at_s=0.4)

    assert "from 0.40 s the picture is turned another way." in refusal(clip)


def test_a_picture_that_grows_beyond_the_limit_on_its_way_is_not_decoded(tmp_path):
    small = clips.make_clip(tmp_path / "small.webm", codec="libvpx")
    large = clips.make_clip(
        tmp_path / "large.webm", [clips.picture(0, 640, 480)], codec="libvpx"
    )
    clip = clips.joined(tmp_path / "clip.webm", small, large, at_s=0.4)

    with open_video(clip, limits=Limits(max_pixels=320 * 240)) as video:
        frames = list(video.frames())

    assert len(frames) == 12
    assert video.reading.corrupt_frames == 1


def test_metadata_in_an_old_encoding_does_no_harm(tmp_path):
    clip = clips.make_clip(tmp_path / "clip.mkv", tags={"title": "Knie__links"})
    clip.write_bytes(clip.read_bytes().replace(b"Knie__links", b"Knie\xfc\xe4links"))

    with open_video(clip) as video:
        assert len(list(video.frames())) == 12


def test_a_name_in_any_alphabet_is_read(tmp_path):
    clip = clips.make_clip(tmp_path / "clip.mp4")
    named = shutil.copy(clip, tmp_path / "Hüfte 100 % αβγ %03d.mp4")

    with open_video(named) as video:
        assert video.facts.name == "Hüfte 100 % αβγ %03d.mp4"


def test_whatever_happens_to_its_bytes_a_file_is_read_or_refused(tmp_path):
    random = np.random.default_rng(7)
    sources = [
        clips.make_clip(tmp_path / "a.mp4"),
        clips.make_clip(tmp_path / "b.webm", codec="libvpx-vp9"),
        clips.make_clip(tmp_path / "c.avi", codec="mpeg4", clock_hz=30),
    ]
    refused = 0
    for trial in range(150):
        source = sources[trial % 3]
        content = np.frombuffer(source.read_bytes(), np.uint8).copy()
        at = random.integers(len(content), size=random.integers(1, 30))
        content[at] = random.integers(256, size=len(at))
        clip = tmp_path / f"trial{source.suffix}"
        clip.write_bytes(content.tobytes())

        try:
            with open_video(clip) as video:
                times_s = [frame.time_s for frame in video.frames()]
            assert len(times_s) == video.reading.frames
            assert np.all(np.diff(times_s) > 0)
        except VideoNotReadable:
            refused += 1

    assert 0 < refused < 150
