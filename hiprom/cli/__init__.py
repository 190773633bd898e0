"""The `hiprom` command: parse, call, print."""

from hiprom.cli import history, machine, measuring, people
from hiprom.cli.app import app

__all__ = ["app", "history", "machine", "measuring", "people"]
