"""Videos and results by URL: real servers on loopback, and all that can go wrong."""

import csv
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from clips import shortened
from servers import QUOTED, WORD, ftp_server, http_server

from hiprom.batch.fetching import at_hand
from hiprom.batch.places import Here, place_of
from hiprom.errors import InputError, NotReachable, ResultsError, VideoNotReadable
from hiprom.report import addresses
from hiprom.report.addresses import said_without_secrets, shown_place, without_secrets

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "sample_videos"
HIPROM = [sys.executable, "-P", "-c", "from hiprom.cli import app; app()"]
CONTENT = bytes(range(256)) * 9000
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@pytest.fixture
def store(tmp_path):
    """A folder behind servers, with a file in it."""
    folder = tmp_path / "store"
    folder.mkdir()
    (folder / "knee 1.mp4").write_bytes(CONTENT)
    os.utime(folder / "knee 1.mp4", (1_750_000_000, 1_750_000_000))
    return folder


@pytest.fixture
def http(store):
    pytest.importorskip("aiohttp")
    with http_server(store) as address:
        yield address


@pytest.fixture
def ftp(store):
    pytest.importorskip("pyftpdlib")
    with ftp_server(store) as address:
        yield address


@pytest.fixture
def memory(monkeypatch):
    """The kind of storage that is only there in one process, which is this one."""
    monkeypatch.setitem(addresses.SCHEMES, "memory", "")
    from fsspec.implementations.memory import MemoryFileSystem

    MemoryFileSystem.store.clear()
    return MemoryFileSystem()


def quiet(_stage, _done, _total):
    pass


def fetched(url, **limits):
    with at_hand(url, quiet, **limits) as video:
        return video, video.read_bytes()


class TestFetching:
    def test_a_path_stays_what_it_is(self, store):
        video, _ = fetched(str(store / "knee 1.mp4"))

        assert video == store / "knee 1.mp4"

    def test_a_file_of_this_machine_is_opened_where_it_lies(self, store):
        video, content = fetched((store / "knee 1.mp4").as_uri().replace("%20", " "))

        assert video == store / "knee 1.mp4"
        assert content == CONTENT

    def test_by_http_it_is_copied_under_its_name_and_the_copy_deleted(self, http):
        told = []
        with at_hand(
            f"http://{http}/knee%201.mp4", lambda *step: told.append(step)
        ) as video:
            assert video.name == "knee 1.mp4"
            assert video.read_bytes() == CONTENT

        assert not video.parent.exists()
        assert told[-1] == ("Fetching the video", len(CONTENT), len(CONTENT))

    def test_by_ftp_it_keeps_its_date(self, ftp):
        with at_hand(f"ftp://me:{QUOTED}@{ftp}/knee 1.mp4", quiet) as video:
            assert video.read_bytes() == CONTENT
            assert video.stat().st_mtime == 1_750_000_000

    def test_the_copy_is_deleted_when_measuring_fails(self, http):
        with (
            pytest.raises(VideoNotReadable, match="no video") as found,
            at_hand(f"http://{http}/knee%201.mp4", quiet) as video,
        ):
            raise VideoNotReadable(video, "it is no video.", "Export it anew.")

        assert not video.exists()
        assert str(video) not in str(found.value)
        assert f"http://{http}/knee%201.mp4" in str(found.value)

    def test_a_password_in_the_address_opens_what_is_closed(self, http, store):
        (store / "closed").mkdir()
        (store / "closed" / "a.mp4").write_bytes(CONTENT)

        _, content = fetched(f"http://me:{QUOTED}@{http}/closed/a.mp4")

        assert content == CONTENT

    @pytest.mark.parametrize(
        ("path", "error", "words"),
        [
            ("none.mp4", VideoNotReadable, "no such file"),
            ("closed/a.mp4", VideoNotReadable, "access was refused"),
            ("broken/a.mp4", NotReachable, "cannot be reached"),
            ("torn/a.mp4", NotReachable, "cannot be reached"),
        ],
    )
    def test_what_http_does_not_give_is_told(self, http, path, error, words):
        with pytest.raises(error, match=words) as found:
            fetched(f"http://me:wrong-word@{http}/{path}?X-Amz-Signature=abc123")

        assert f"http://{http}/{path}" in str(found.value)
        assert "wrong-word" not in str(found.value)
        assert "abc123" not in str(found.value)

    def test_what_ftp_does_not_give_is_told(self, ftp):
        with pytest.raises(VideoNotReadable, match="no such file"):
            fetched(f"ftp://me:{QUOTED}@{ftp}/none.mp4")
        with pytest.raises(VideoNotReadable, match="access was refused") as found:
            fetched(f"ftp://me:wrong-word@{ftp}/knee 1.mp4")

        assert "wrong-word" not in str(found.value)

    @pytest.mark.parametrize("kind", ["http", "ftp"])
    def test_nobody_there_is_told(self, kind):
        pytest.importorskip("aiohttp")
        with socket.socket() as door:
            door.bind(("127.0.0.1", 0))
            address = f"127.0.0.1:{door.getsockname()[1]}"

        with pytest.raises(NotReachable, match="--resume") as found:
            fetched(f"{kind}://me:{QUOTED}@{address}/a.mp4")

        assert WORD not in str(found.value)

    def test_what_is_too_large_is_refused_before_it_is_fetched(self, http):
        with pytest.raises(VideoNotReadable, match="Cut it to the test"):
            fetched(f"http://{http}/knee%201.mp4", most_bytes=1000)

    def test_a_package_that_is_missing_is_named(self, monkeypatch):
        monkeypatch.setitem(sys.modules, "s3fs", None)

        with pytest.raises(VideoNotReadable, match="pip install s3fs"):
            fetched("s3://bucket/a.mp4")

    @pytest.mark.parametrize(
        "url",
        [
            "simplecache::http://host/a.mp4",
            "zip://a.mp4::http://host/a.zip",
            "reference://a.json",
            "github://org:repo@main/a.mp4",
            "git:///films/a.mp4",
            "memory://a.mp4",
            "http://",
            "gopher://host/a.mp4",
            "http://[::1/a.mp4",
        ],
    )
    def test_what_is_no_plain_address_of_a_file_is_refused(self, url):
        with pytest.raises(InputError, match="cannot be used"):
            fetched(url)


class TestSecrets:
    URL = "https://me:se%3Acr%40t@host/a/knee.mp4?id=7&X-Amz-Signature=abc&token=t0k"

    def test_none_is_shown_and_none_kept(self):
        assert shown_place(self.URL) == "https://host/a/knee.mp4"
        assert without_secrets(self.URL) == "https://host/a/knee.mp4?id=7"

    @pytest.mark.parametrize("url", ["ftp://host/a b.mp4", "s3://bucket/a.mp4"])
    def test_what_has_none_stays_as_it_is(self, url):
        assert shown_place(url) == without_secrets(url) == url

    def test_none_is_repeated_from_what_a_library_says(self):
        said = f"cannot open {self.URL}: me:se:cr@t refused, abc, se%3Acr%40t, t0k"

        told = said_without_secrets(said, self.URL)

        assert "https://host/a/knee.mp4" in told
        for secret in ("se:cr@t", "se%3Acr%40t", "abc", "t0k"):
            assert secret not in told


class TestPlaces:
    def written(self, place, name, **files):
        with place.writing(name) as folder:
            (folder / name).mkdir()
            for file, text in files.items():
                (folder / name / file.replace("_", ".")).write_text(text)

    def test_a_folder_and_a_file_url_are_the_same_place(self, tmp_path):
        assert place_of(tmp_path.as_uri()) == place_of(str(tmp_path)) == Here(tmp_path)

    def test_nothing_is_written_by_http(self):
        with pytest.raises(InputError, match="cannot be written by https"):
            place_of("https://host/results")

    @pytest.mark.parametrize("kind", ["ftp", "memory"])
    def test_a_trial_is_there_as_a_whole_or_not_at_all(
        self, kind, request, monkeypatch, tmp_path
    ):
        server = request.getfixturevalue(kind)
        url = f"ftp://me:{QUOTED}@{server}/out" if kind == "ftp" else "memory://out"
        place = place_of(url)
        place.require_writable()
        whole = {"reps_csv": "1", "report_html": "page", "summary_json": "{}"}
        self.written(place, "knee", **whole, overlay_mp4="film")
        self.written(place, "foot", **whole)
        self.written(place, "knee", **whole)  # without a film, this time

        with monkeypatch.context() as patch:
            patch.setattr("hiprom.batch.places._send", self.break_at("summary.json"))
            with pytest.raises(ResultsError, match="cannot be reached"):
                self.written(place, "foot", **(whole | {"reps_csv": "2"}))
        with place.gathered(["knee", "foot", "none"]) as folder:
            there = {p.relative_to(folder).as_posix() for p in folder.rglob("*.*")}
            (folder / "reps.csv").write_text("all")
        copy = tmp_path / "copy"
        with pytest.raises(ResultsError, match="no such file"):
            place.take_landmarks("knee", copy)

        assert there == {
            *("knee/reps.csv", "knee/report.html", "knee/summary.json"),
            *("foot/reps.csv", "foot/report.html"),
        }
        with place._sending() as (fs, root):
            assert fs.cat_file(f"{root}/reps.csv") == b"all"
            assert not fs.exists(f"{root}/knee/overlay.mp4")
            names = [Path(name).name for name in fs.find(root)]
        assert not [name for name in names if name.endswith(".part")]
        assert WORD not in place.key

    def break_at(self, name):
        from hiprom.batch import places

        send = places._send

        def breaks(fs, file, target):
            if file.name == name:
                raise ConnectionResetError("gone")
            send(fs, file, target)

        return breaks

    def test_a_place_that_takes_nothing_is_told_at_once(self, ftp):
        with pytest.raises(ResultsError, match="access was refused") as found:
            place_of(f"ftp://me:wrong-word@{ftp}/out").require_writable()

        assert "wrong-word" not in str(found.value)


@pytest.mark.slow
@pytest.mark.model
@pytest.mark.xdist_group("dask")
def test_a_batch_from_url_to_url(tmp_path, model_file, store, http, ftp):
    home = tmp_path / "home"
    (store / "closed").mkdir()
    shortened(store / "closed" / "knee.mp4", SAMPLES / "seated_ir_left.mp4")
    shutil.copy(store / "closed" / "knee.mp4", tmp_path)
    environment = os.environ | {
        "HIPROM_HOME": str(home),
        "HIPROM_MODEL": str(model_file),
    }
    for name, rows in {
        "far.csv": [
            f"http://me:{QUOTED}@{http}/closed/knee.mp4?token=t0ken,P01",
            f"ftp://me:{QUOTED}@{ftp}/none.mp4,P02",
        ],
        "near.csv": ["knee.mp4,P01"],
    }.items():
        (tmp_path / name).write_text("\n".join(["video,subject", *rows]))

    ended = {}
    for name, out in (
        ("far.csv", f"ftp://me:{QUOTED}@{ftp}/out"),
        ("near.csv", str(tmp_path / "near")),
    ):
        ended[name] = subprocess.run(
            [*HIPROM, "batch", tmp_path / name, "--out", out, "--workers", "1"],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    assert ended["near.csv"].returncode == 0, ended["near.csv"].stderr
    assert ended["far.csv"].returncode == 3, ended["far.csv"].stderr
    assert "no such file" in " ".join(ended["far.csv"].stdout.split())
    far, near = store / "out", tmp_path / "near"
    assert (far / "reps.csv").read_text() == (near / "reps.csv").read_text()
    names = {path.name for path in (far / "knee").iterdir()}
    assert names == {path.name for path in (near / "knee").iterdir()}
    assert "overlay.mp4" in names
    with (far / "summary.csv").open(newline="") as file:
        videos = [row["video"] for row in csv.DictReader(file)]
    assert videos == [f"http://{http}/closed/knee.mp4", f"ftp://{ftp}/none.mp4"]
    # Nowhere a password: neither in what was said, nor in results, nor in the database.
    kept = [path for folder in (home, far) for path in folder.rglob("*")]
    texts = [path.read_bytes() for path in kept if path.is_file()]
    texts += [(told.stdout + told.stderr).encode() for told in ended.values()]
    for secret in (WORD, QUOTED, "t0ken"):
        assert not [text for text in texts if secret.encode() in text]
