"""The layers drawn in docs/architecture.md, enforced."""

import ast
from functools import cache
from pathlib import Path

import pytest

import hiprom

PACKAGE = Path(hiprom.__file__).parent
FILES = sorted(PACKAGE.rglob("*.py"))

# Room by room, whom it may import; every room may import errors and itself.
MAY_IMPORT = {
    "errors": set(),
    "_version": set(),
    "core": set(),
    "capture": {"core"},
    "report": {"core"},
    "store": {"core", "_version"},
    "recordings": {"core", "capture", "_version"},
    "analysis": {"core", "capture", "report", "recordings"},
    "usecases": {"core", "capture", "report", "recordings", "analysis"},
    "doctor": {"capture"},
    "keeping": {"core", "capture", "report", "store", "analysis"},
    "handing_out": {"core", "report", "store", "analysis", "usecases", "keeping"},
    "correcting": {"core", "store", "usecases", "keeping"},
    "camera_setup": {"core", "capture", "report"},
    "backup": {"core", "capture", "store"},
    "manifest": {"core", "capture", "report"},
    "window": {"core", "capture", "report"},
    "live": {"core", "capture", "recordings", "analysis", "keeping"},
    "batch": {
        *("core", "capture", "report", "store", "recordings", "analysis"),
        *("usecases", "keeping", "_version"),
    },
    "screens": {"core", "capture", "live", "window", "terminal", "voice"},
    "voice": set(),
    "terminal": {
        *("core", "capture", "store", "analysis", "keeping", "doctor", "recordings"),
    },
    "web": {
        *("core", "capture", "report", "store", "usecases", "keeping"),
        *("handing_out", "correcting", "analysis", "recordings", "batch"),
        *("backup", "camera_setup", "live", "_version"),
    },
    "cli": {
        *("core", "capture", "report", "store", "usecases", "keeping", "doctor"),
        *("handing_out", "camera_setup", "recordings", "analysis", "terminal"),
        *("live", "screens", "window", "batch", "manifest", "web", "_version"),
        "backup",
    },
    "__init__": {"core", "report", "analysis", "usecases", "_version"},
}
# A library that only these may touch.
ONLY_IN = {
    "mediapipe": ("capture", "doctor"),
    "av": ("capture", "report/overlay.py", "doctor"),
    "cv2": ("capture", "report/overlay", "report/painting.py", "doctor", "window"),
    "typer": ("cli",),
    "rich": ("terminal",),
    "jinja2": ("report/page.py", "report/history/page.py", "report/ahead.py", "web"),
    "matplotlib": ("report",),
    "pandas": ("report", "analysis"),
    "pyarrow": ("report", "store"),
    "sqlalchemy": ("store",),
    "alembic": ("store",),
    "psycopg": ("store",),
    "openpyxl": ("report/exports", "report/batch"),
    "fhir": ("report/exports",),
    "ezc3d": ("report/exports",),
    "distributed": ("batch", "cli/batch"),
    "dask": ("batch",),
    "fsspec": ("batch",),
    "aiohttp": ("batch",),
    "fastapi": ("web",),
    "starlette": ("web",),
    "uvicorn": ("web",),
}
PURE = {
    *("__future__", "collections", "dataclasses", "datetime", "enum", "itertools"),
    *("functools", "math"),
    *("types", "typing", "numpy", "scipy", "hiprom"),
}


def name_of(path):
    return path.relative_to(PACKAGE).as_posix()


def room_of(path):
    return name_of(path).split("/")[0].removesuffix(".py")


def of_room(room):
    return [path for path in FILES if room_of(path) == room]


@cache
def imported_modules(path):
    modules = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            modules += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            if node.module == "hiprom":
                modules += [f"hiprom.{alias.name}" for alias in node.names]
            else:
                modules.append(node.module)
    return modules


by_room = pytest.mark.parametrize("room", sorted({room_of(path) for path in FILES}))


@by_room
def test_imports_point_downward(room):
    allowed = MAY_IMPORT[room] | {room, "errors"}
    assert [
        f"{name_of(path)} imports {module}"
        for path in of_room(room)
        for module in imported_modules(path)
        if module.startswith("hiprom.") and module.split(".")[1] not in allowed
    ] == []


@by_room
def test_a_library_stays_in_its_room(room):
    assert [
        f"{name_of(path)} imports {module}"
        for path in of_room(room)
        for module in imported_modules(path)
        if not name_of(path).startswith(ONLY_IN.get(module.split(".")[0], ""))
    ] == []


def test_the_core_is_pure():
    for path in of_room("core"):
        modules = {module.split(".")[0] for module in imported_modules(path)}
        assert modules <= PURE, name_of(path)
        text = path.read_text()
        for call in ("print(", ".now(", ".today(", "open("):
            assert call not in text, name_of(path)


@by_room
def test_a_file_holds_one_idea(room):
    for path in of_room(room):
        lines = path.read_text().splitlines()

        assert len(lines) <= 320, f"{name_of(path)} has {len(lines)} lines"
        assert not lines or lines[0].startswith('"""'), f"{name_of(path)} says nothing"
