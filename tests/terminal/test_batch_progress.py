"""Tests for what a person reads while a batch is under way."""

import io

import pytest
from rich.console import Console

from hiprom.terminal import batch
from hiprom.terminal.batch_progress import BatchProgress

POSE, FILM = "Finding the person", "Drawing the overlay"


class Clock:
    """Time as a test wants it."""

    now_s = 100.0

    def __call__(self):
        return self.now_s


@pytest.fixture
def clock():
    return Clock()


def text_of(progress):
    console = Console(file=io.StringIO(), width=100)
    console.print(batch.drawn(progress))
    return [" ".join(line.split()) for line in console.file.getvalue().splitlines()]


def progress_of(clock, total=4, done=0, weights=()):
    progress = BatchProgress(total, done, 0, sum(weights), clock)
    for number, weight in enumerate(weights):
        progress.begun(f"v{number}", weight)
    return progress


def test_before_anything_it_says_what_it_waits_for(clock):
    first, second = text_of(progress_of(clock))

    assert first.endswith("0 of 4")
    assert second == "the workers and the pose model are starting"


def test_nothing_is_guessed_from_next_to_nothing(clock):
    progress = progress_of(clock, weights=[1.0] * 4)
    clock.now_s += 60  # of starting
    progress.at_work("w", "v0", POSE, 1, 1000)
    clock.now_s += 1

    assert progress.left_s is None


def test_the_time_left_counts_weights_not_videos(clock):
    progress = progress_of(clock, total=2, weights=[30.0, 10.0])
    progress.at_work("w", "v0", POSE, 0, 300)
    clock.now_s += 90
    progress.ended("v0", 300, is_over=True, has_failed=False)

    assert progress.left_s == pytest.approx(30)
    assert progress.share == pytest.approx(0.75)


def test_a_video_under_way_counts_as_far_as_it_is(clock):
    progress = progress_of(clock, total=1, weights=[10.0])
    progress.at_work("w", "v0", POSE, 0, 200)
    clock.now_s += 30
    progress.at_work("w", "v0", POSE, 100, 200)

    assert progress.share == pytest.approx(0.375)
    assert progress.left_s == pytest.approx(50)
    progress.at_work("w", "v0", FILM, 100, 200)
    assert progress.share == pytest.approx(0.875)


def test_frames_a_second_are_those_of_late_and_never_fall_back(clock):
    progress = progress_of(clock, total=2, weights=[1.0, 1.0])
    progress.at_work("w", "v0", POSE, 0, 600)
    seen = []
    for second in range(1, 201):
        clock.now_s += 1
        progress.at_work("w", "v0", POSE, 3 * second, 600)
        seen.append(progress.fps)
    progress.at_work("w", "v0", FILM, 1, 600)
    drawing = progress.fps
    progress.ended("v0", 600, is_over=True, has_failed=False)

    assert seen[-1] == pytest.approx(3, rel=0.05)
    assert drawing == pytest.approx(progress.fps) == pytest.approx(3, rel=0.05)
    clock.now_s += 300
    progress.fps  # noqa: B018 - as the next drawing asks for it
    clock.now_s += 61
    assert progress.fps == 0


def test_without_known_frames_or_weights_it_still_says_something(clock):
    progress = progress_of(clock, total=3, weights=[0.0] * 3)
    progress.at_work("tcp://127.0.0.1:4711", "v0", "Fetching the video", 5000, None)
    clock.now_s += 20
    lines = text_of(progress)

    assert lines[0].endswith("0 of 3")
    assert lines[1] == "worker 1 v0 fetching the video 5000"
    progress.ended("v0", 0, is_over=True, has_failed=True)
    assert text_of(progress)[0].endswith("1 of 3 1 failed 0:40 left")


def test_a_worker_s_line_goes_with_its_video(clock):
    progress = progress_of(clock, total=2, weights=[1.0, 1.0])
    progress.at_work("narrow", "v0", POSE, 1, 4)
    assert text_of(progress)[1] == "worker narrow v0 finding the person 25 %"
    progress.ended("v0", 4, is_over=False, has_failed=False)
    progress.at_work("narrow", "v0", POSE, 4, 4)  # said before, heard after

    assert len(text_of(progress)) == 1


def test_of_many_workers_some_are_shown(clock):
    progress = progress_of(clock, total=40, weights=[1.0] * 40)
    for number in range(40):
        progress.at_work(f"n{number:02d}", f"v{number}", POSE, 1, 4)

    lines = text_of(progress)

    assert len(lines) == 18
    assert lines[-1] == "and 24 more"


def test_what_was_done_before_is_in_the_bar_and_not_in_the_guess(clock):
    progress = progress_of(clock, total=10, done=9, weights=[5.0])
    progress.at_work("w", "v0", POSE, 0, 10)
    clock.now_s += 30
    progress.at_work("w", "v0", FILM, 5, 5)

    assert progress.share == pytest.approx(1.0)
    assert text_of(progress)[0].split(" ", 1)[1].startswith("9 of 10")


def test_a_log_gets_a_line_a_minute_and_each_reason_once(clock, monkeypatch):
    said = []
    monkeypatch.setattr(batch, "say", said.append)
    monkeypatch.setattr(batch.time, "monotonic", clock)
    progress = progress_of(clock, total=2, weights=[1.0, 1.0])
    with batch.shown(progress) as redraw:
        for _ in range(250):
            clock.now_s += 0.5
            progress.why_waiting = "No worker is there."
            redraw()

    assert said.count("Waiting: No worker is there.") == 1
    assert said.count("0 of 2") == 2
