"""The `hiprom` command: parse, call, print."""

from hiprom.cli import calibrating, history, machine, measuring, people, recording
from hiprom.cli.app import app

__all__ = [
    "app",
    "calibrating",
    "history",
    "machine",
    "measuring",
    "people",
    "recording",
]
