"""Tests for hiprom.voice: it is heard, or it is silent; it is never in the way."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hiprom.voice import Voice, find_voice
from hiprom.voice.speakers import Cue, Speaker, installed_speaker
from hiprom.voice.words import LONGEST, spoken

posix = pytest.mark.skipif(os.name != "posix", reason="a shell script as the speaker")
with_espeak = pytest.mark.skipif(
    sys.platform != "linux" or not shutil.which("espeak-ng"),
    reason="espeak-ng is not installed",
)
NAME = "say" if sys.platform == "darwin" else "espeak-ng"
RECORDS = 'cat >> "$0.heard"; echo >> "$0.heard"'
SPEAKS_LONG = f'echo $$ >> "$0.pids"; {RECORDS}; sleep 60 & echo $! >> "$0.pids"; wait'


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Put a shell script where the system's speaker would be found."""

    def write(body):
        script = tmp_path / NAME
        script.write_text(f"#!/bin/sh\n{body}\n")
        script.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
        return script

    return write


def until(condition, within_s=5.0):
    """Wait for a condition; return what it gave."""
    ends_at = time.monotonic() + within_s
    while not (result := condition()) and time.monotonic() < ends_at:
        time.sleep(0.005)
    return result


def lines(script, kind="heard"):
    path = script.with_name(f"{script.name}.{kind}")
    return path.read_text().splitlines() if path.exists() else []


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    with suppress(OSError):
        return ") Z " not in stat.read_text()  # ended, and not yet waited for
    return not Path("/proc").exists()


@posix
def test_a_cue_is_spoken_in_words(install):
    speaker = install(RECORDS)

    with find_voice() as voice:
        voice.say("Right leg: 34°")

        assert until(lambda: lines(speaker)) == ["Right leg: 34 degrees"]
        assert voice.works


@posix
def test_saying_something_returns_at_once_and_in_order(install):
    speaker = install(f"{RECORDS}; sleep 0.2")

    with find_voice() as voice:
        began = time.monotonic()
        voice.say("one")
        took_s = time.monotonic() - began
        until(lambda: lines(speaker))
        voice.say("two")

        assert took_s < 0.1
        assert until(lambda: len(lines(speaker)) == 2)
        assert lines(speaker) == ["one", "two"]


@posix
def test_the_newest_waiting_cue_replaces_older_ones(install):
    speaker = install(f"{RECORDS}; sleep 0.3")

    with find_voice() as voice:
        voice.say("one")
        until(lambda: lines(speaker))
        for word in ("two", "three", "four"):
            voice.say(word)

        assert until(lambda: len(lines(speaker)) == 2)
        time.sleep(0.4)
        assert lines(speaker) == ["one", "four"]


@posix
def test_an_urgent_cue_breaks_off_the_one_being_spoken(install):
    speaker = install(SPEAKS_LONG)

    with find_voice() as voice:
        voice.say("a long story")
        until(lambda: len(lines(speaker, "pids")) == 2)
        first = [int(pid) for pid in lines(speaker, "pids")]
        voice.say("Stop.", urgent=True)

        assert until(lambda: lines(speaker)[1:] == ["Stop."], within_s=2.0)
        assert until(lambda: not any(map(is_alive, first)))
        assert voice.works


@posix
def test_nothing_ordinary_takes_the_place_of_an_urgent_cue(install):
    speaker = install(SPEAKS_LONG)

    with find_voice() as voice:
        voice.say("a long story")
        until(lambda: len(lines(speaker, "pids")) == 2)
        voice.say("Stop.", urgent=True)
        voice.say("two of five")

        assert until(lambda: len(lines(speaker)) == 2)
        assert lines(speaker) == ["a long story", "Stop."]


@posix
def test_muting_breaks_off_and_silences_until_it_is_undone(install):
    speaker = install(SPEAKS_LONG)

    with find_voice() as voice:
        voice.say("a long story")
        until(lambda: len(lines(speaker, "pids")) == 2)
        voice.is_muted = True
        pids = [int(pid) for pid in lines(speaker, "pids")]
        assert until(lambda: not any(map(is_alive, pids)))
        voice.say("unheard")
        voice.is_muted = False
        voice.say("heard")

        assert until(lambda: len(lines(speaker)) == 2)
        assert lines(speaker) == ["a long story", "heard"]
        assert voice.works


@posix
def test_a_quiet_voice_begins_muted_and_can_be_unmuted(install):
    speaker = install(RECORDS)

    with find_voice(is_quiet=True) as voice:
        assert voice.is_muted
        voice.say("unheard")
        voice.is_muted = False
        voice.say("heard")

        assert until(lambda: lines(speaker)) == ["heard"]


@posix
@pytest.mark.parametrize(
    "body",
    [
        "exit 3",
        "kill -9 $$",
        "echo 'error: No such device' >&2",
        "head -c 5000000 /dev/zero >&2; exit 1",
    ],
)
def test_a_speaker_that_fails_is_noticed_and_not_tried_again(install, capfd, body):
    speaker = install(
        f'echo tried >> "$0.tries"; echo sound and fury; sleep 0.1; {body}'
    )

    with find_voice() as voice:
        voice.say("one")
        until(lambda: lines(speaker, "tries"))
        voice.say("two")
        assert until(lambda: not voice.works)
        voice.say("three")
        time.sleep(0.1)

        assert lines(speaker, "tries") == ["tried"]
    assert capfd.readouterr() == ("", "")


@posix
def test_a_talkative_sound_library_is_no_failure(install, capfd):
    speaker = install(f"{RECORDS}; echo 'ALSA lib pcm.c: Unknown PCM rear' >&2")

    with find_voice() as voice:
        voice.say("one")
        until(lambda: lines(speaker))
        voice.say("two")

        assert until(lambda: len(lines(speaker)) == 2)
        assert voice.works
    assert capfd.readouterr() == ("", "")


@posix
@pytest.mark.parametrize("deaf", ["", "trap '' TERM; "])
def test_a_speaker_that_hangs_is_ended(install, deaf):
    script = install(f'{deaf}echo $$ >> "$0.pids"; sleep 60; sleep 60')

    with Voice(installed_speaker(), patience_s=0.3) as voice:
        voice.say("one")

        assert until(lambda: not voice.works)
        pid = int(lines(script, "pids")[0])
        assert until(lambda: not is_alive(pid))


@posix
@pytest.mark.parametrize("body", [SPEAKS_LONG, f"trap '' TERM; {SPEAKS_LONG}"])
def test_closing_is_quick_and_leaves_no_process_behind(install, body):
    speaker = install(body)
    stranger = subprocess.Popen([shutil.which("sleep"), "60"])
    voice = find_voice()
    voice.say("a long story")
    until(lambda: len(lines(speaker, "pids")) == 2)
    voice.say("unheard")

    began = time.monotonic()
    voice.close()
    took_s = time.monotonic() - began
    voice.close()
    voice.say("unheard")

    try:
        assert took_s < 1.5
        pids = [int(pid) for pid in lines(speaker, "pids")]
        assert until(lambda: not any(map(is_alive, pids)))
        assert lines(speaker) == ["a long story"]
        assert stranger.poll() is None
        assert not [each for each in threading.enumerate() if each.name == "voice"]
    finally:
        stranger.kill()
        stranger.wait()


@posix
def test_ctrl_c_does_not_reach_the_speaker(install):
    speaker = install(SPEAKS_LONG)

    with find_voice() as voice:
        voice.say("a long story")
        until(lambda: len(lines(speaker, "pids")) == 2)
        pid = int(lines(speaker, "pids")[0])

        assert os.getpgid(pid) != os.getpgrp()
        assert os.getsid(pid) != os.getsid(0)


@posix
def test_a_speaker_that_does_not_listen_is_no_fault(install):
    speaker = install('exec 0<&-; echo yes >> "$0.heard"')

    with find_voice() as voice:
        for _ in range(3):
            voice.say("word " * 50)
            time.sleep(0.05)

        assert until(lambda: lines(speaker))
        assert voice.works


@posix
def test_a_speaker_that_ends_before_it_is_told_anything_is_no_fault():
    for _ in range(60):
        cue = Cue(Speaker((shutil.which("true"),)), "one")
        until(lambda cue=cue: cue.has_ended)
        assert cue.was_spoken()
        cue.end()


@posix
@pytest.mark.parametrize(
    "text", ["-v de", "--help", '"; touch ruined; echo "', "$(touch ruined)", "%n%s"]
)
def test_a_text_is_never_an_option_or_a_command(install, tmp_path, monkeypatch, text):
    monkeypatch.chdir(tmp_path)
    script = install('for each in "$@"; do echo "$each" >> "$0.heard"; done')

    for speaker in (
        Speaker((str(script), "-w"), reads_stdin=False),
        Speaker((str(script), "-w"), reads_stdin=True),
    ):
        cue = Cue(speaker, spoken(text))
        until(lambda cue=cue: cue.has_ended)
        cue.end()

    assert lines(script) == ["-w", "--", spoken(text), "-w"]
    assert not (tmp_path / "ruined").exists()
    assert spoken(text)[0] != "-"


def test_without_a_speaker_the_voice_is_silent(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("hiprom.voice.speakers.sys.platform", "linux")

    with find_voice() as voice:
        voice.say("unheard")
        voice.say("unheard", urgent=True)

        assert not voice.works


def test_a_speaker_that_cannot_start_is_noticed(tmp_path):
    gone = Speaker((str(tmp_path / "uninstalled meanwhile"),))

    with Voice(gone) as voice:
        voice.say("unheard")

        assert until(lambda: not voice.works)


@with_espeak
def test_espeak_says_every_text_without_a_complaint(tmp_path):
    speaker = installed_speaker()
    wave = tmp_path / "cue.wav"
    to_file = Speaker((*speaker.command, "-w", str(wave)))

    cue = Cue(to_file, spoken('-v "de" <b>±34°</b> [[_]] | 95 %'))
    assert until(lambda: cue.has_ended)

    assert cue.was_spoken()
    cue.end()
    assert wave.stat().st_size > 50_000


@with_espeak
def test_espeak_without_a_sound_device_is_noticed(capfd, monkeypatch, tmp_path):
    # As on a machine without one: the sound libraries find nothing to play on.
    nowhere = tmp_path / "asound.conf"
    nowhere.write_text("pcm.!default { type hw card 99 }\n")
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(nowhere))
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path}/nobody")

    with find_voice() as voice:
        voice.say("Sit upright.")

        assert until(lambda: not voice.works, within_s=10.0)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("34°", "34 degrees"),
        ("34.1°", "34.1 degrees"),
        ("1°", "1 degree"),
        ("−1°", "minus 1 degree"),  # noqa: RUF001
        ("-5.5 °", "minus 5.5 degrees"),
        ("31° (−3 to +5°)", "31 degrees (minus 3 to plus 5 degrees)"),  # noqa: RUF001
        ("±2°", "plus or minus 2 degrees"),
        ("30–35°", "30 to 35 degrees"),  # noqa: RUF001
        ("95 %", "95 percent"),
        ("Hold for 2 s.", "Hold for 2 seconds."),
        ("the end-range", "the end-range"),
        ("2 of 5 – well done", "2 of 5, well done"),  # noqa: RUF001
        ("don’t move", "don't move"),  # noqa: RUF001
        ("[[volm 0]] a\x1b[2J\nb\x00", "volm 0 a 2J b"),
        ("Größe", "Größe"),
        (" … \n", ""),
        ("", ""),
    ],
)
def test_signs_become_words(written, said):
    assert spoken(written) == said


@given(st.text())
def test_what_is_spoken_is_one_harmless_line(text):
    words = spoken(text)

    assert len(words) <= LONGEST
    assert not words.startswith("-")
    assert all(sign.isalnum() or sign in " .,:;!?'()-" for sign in words)
    words.encode()


def test_the_speakers_of_each_system_are_sought_there(monkeypatch):
    sought = {}
    for platform in ("win32", "darwin", "linux", "freebsd14"):
        names = sought.setdefault(platform, [])
        monkeypatch.setattr("hiprom.voice.speakers.sys.platform", platform)
        monkeypatch.setattr("hiprom.voice.speakers.shutil.which", names.append)

        assert installed_speaker() is None

    assert sought["win32"][0].endswith("powershell.exe")
    assert sought["darwin"] == ["say"]
    assert sought["linux"] == ["espeak-ng", "espeak", "spd-say"]
    assert sought["freebsd14"] == sought["linux"]


@posix
def test_a_signal_to_a_speaker_that_has_just_ended_is_harmless(install):
    install("exit 0")
    cue = Cue(installed_speaker(), "one")
    with suppress(ProcessLookupError):
        os.killpg(cue._process.pid, signal.SIGKILL)

    cue.end()

    assert cue.has_ended
