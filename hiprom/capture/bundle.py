"""Two networks -> one pose bundle: the form in which MediaPipe loads its pose model.

A bundle is a zip of two TensorFlow Lite files, stored and not deflated: one finds
people, the other their landmarks. The wheels of MediaPipe 0.10 carry both networks,
but without the notes on their input that today's MediaPipe asks for; `read_model`
adds those notes.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path
from typing import NamedTuple

from hiprom.errors import ModelNotAvailable

MOST_BYTES = 100 * 2**20

_DETECTOR, _LANDMARKS = "pose_detector.tflite", "pose_landmarks_detector.tflite"
_WHEEL_DETECTOR = "mediapipe/modules/pose_detection/pose_detection.tflite"
_WHEEL_LANDMARKS = "mediapipe/modules/pose_landmark/pose_landmark_{}.tflite"
_VARIANTS = ("full", "heavy", "lite")
_TFLITE_MARK = slice(4, 8), b"TFL3"
_A_DAY = (1980, 1, 1, 0, 0, 0)  # any, but always the same: equal networks, equal bytes

# The networks of MediaPipe 0.10.21, with which hiprom's accuracy was measured, and the
# bundle that is made of them.
_TESTED_NETWORKS = {
    _DETECTOR: "9ba9dd3d42efaaba86b4ff0122b06f29c4122e756b329d89dca1e297fd8f866c",
    _LANDMARKS: "e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f",
}
_TESTED_BUNDLE = "068df4133f2cac224c98643609393b120d4b6ed2825d907f91a5d6182856a40a"


class Bundle(NamedTuple):
    """A pose model, ready to be kept.

    Attributes
    ----------
    content : bytes
        The bundle itself.
    variant : str
        "full", "heavy", "lite", or "unknown" for a bundle that does not say.
    networks : dict
        The sha256 of each network as it was found, by its name in the bundle.
    """

    content: bytes
    variant: str
    networks: dict[str, str]

    @property
    def sha256(self) -> str:
        """Its checksum."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def is_tested(self) -> bool:
        """Whether hiprom's stated accuracy was measured with these networks."""
        return self.networks == _TESTED_NETWORKS or self.sha256 == _TESTED_BUNDLE


def read_model(path: Path) -> Bundle:
    """Return the pose model in a bundle, or in a MediaPipe wheel that carries one.

    Raises
    ------
    ModelNotAvailable
        If the file is no zip, is too large, or has not both networks.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return _bundle(archive, path)
    except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise ModelNotAvailable(
            f"{path} cannot be read as a pose model: {error}. {_NEEDED}"
        ) from error


_NEEDED = (
    "Needed is a pose landmarker bundle (.task), or the wheel of mediapipe 0.10.21, "
    "which carries one."
)


def _bundle(archive: zipfile.ZipFile, path: Path) -> Bundle:
    names = set(archive.namelist())
    if {_DETECTOR, _LANDMARKS} <= names:
        networks = {name: _read(archive, name) for name in (_DETECTOR, _LANDMARKS)}
        named = [variant for variant in _VARIANTS if variant in path.stem.lower()]
        variant = named[0] if named else "unknown"
        return Bundle(path.read_bytes(), variant, _hashes(networks))
    for variant in _VARIANTS:
        landmarks = _WHEEL_LANDMARKS.format(variant)
        if {_WHEEL_DETECTOR, landmarks} <= names:
            networks = {
                _DETECTOR: _read(archive, _WHEEL_DETECTOR),
                _LANDMARKS: _read(archive, landmarks),
            }
            return Bundle(_zipped(networks), variant, _hashes(networks))
    raise ModelNotAvailable(
        f"{path} is a zip without {_DETECTOR} and {_LANDMARKS}. {_NEEDED}"
    )


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    """Read one network; a zip that claims or unpacks to too much is refused."""
    entry = archive.getinfo(name)
    if entry.file_size > MOST_BYTES:
        raise ModelNotAvailable(
            f"{name} in {archive.filename} claims {entry.file_size} bytes; a pose "
            f"model has at most {MOST_BYTES}. {_NEEDED}"
        )
    network = archive.read(entry)
    where, mark = _TFLITE_MARK
    if network[where] != mark:
        raise ModelNotAvailable(
            f"{name} in {archive.filename} is not a TensorFlow Lite file. {_NEEDED}"
        )
    return network


def _hashes(networks: dict[str, bytes]) -> dict[str, str]:
    return {
        name: hashlib.sha256(network).hexdigest() for name, network in networks.items()
    }


def _zipped(networks: dict[str, bytes]) -> bytes:
    """Return the networks as a bundle, each with the notes on its input."""
    # What MediaPipe's own pose graph feeds them: [-1, 1] and [0, 1].
    inputs = {_DETECTOR: (127.5, 127.5), _LANDMARKS: (0.0, 255.0)}
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as archive:
        for name, network in networks.items():
            mean, std = inputs[name]
            archive.writestr(
                zipfile.ZipInfo(name, _A_DAY), _noted(network, name, mean, std)
            )
    return content.getvalue()


def _noted(network: bytes, name: str, mean: float, std: float) -> bytes:
    """Return a network that says how to scale the picture it is given."""
    import flatbuffers  # type: ignore[import-untyped]
    from mediapipe.tasks.metadata import schema_py_generated as schema

    model = schema.ModelT.InitFromPackedBuf(network)
    buffer = schema.BufferT()
    buffer.data = list(_notes(name, mean, std))
    model.buffers.append(buffer)
    entry = schema.MetadataT()
    entry.name = "TFLITE_METADATA"
    entry.buffer = len(model.buffers) - 1
    model.metadata = [*(model.metadata or []), entry]
    builder = flatbuffers.Builder(len(network) + 4096)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def _notes(name: str, mean: float, std: float) -> bytes:
    import flatbuffers
    from mediapipe.tasks.metadata import metadata_schema_py_generated as schema

    scale = schema.NormalizationOptionsT()
    scale.mean, scale.std = [mean], [std]
    step = schema.ProcessUnitT()
    step.optionsType = schema.ProcessUnitOptions.NormalizationOptions
    step.options = scale
    picture = schema.ImagePropertiesT()
    picture.colorSpace = schema.ColorSpaceType.RGB
    content = schema.ContentT()
    content.contentPropertiesType = schema.ContentProperties.ImageProperties
    content.contentProperties = picture
    tensor = schema.TensorMetadataT()
    tensor.name, tensor.content, tensor.processUnits = "image", content, [step]
    graph = schema.SubGraphMetadataT()
    graph.inputTensorMetadata = [tensor]
    model = schema.ModelMetadataT()
    model.name, model.subgraphMetadata = name, [graph]
    builder = flatbuffers.Builder(0)
    builder.Finish(model.Pack(builder), b"M001")
    return bytes(builder.Output())
