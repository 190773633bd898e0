"""The `hiprom` command: parse, call, print."""

from hiprom.cli import (
    batching,
    calibrating,
    history,
    machine,
    measuring,
    people,
    recording,
    serving,
)
from hiprom.cli.app import app

__all__ = [
    "app",
    "batching",
    "calibrating",
    "history",
    "machine",
    "measuring",
    "people",
    "recording",
    "serving",
]
