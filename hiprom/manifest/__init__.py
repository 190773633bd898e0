"""A folder of videos, or a list of them -> the jobs of a batch.

A manifest is a CSV with a row for each video: which test it shows, of whom, when. Such
a list begins as the template of a folder, goes through a spreadsheet and comes back;
what it then cannot mean is refused, all of it at once, before any video is opened.
"""

from __future__ import annotations

from hiprom.manifest.folder import specs_of_folder, template
from hiprom.manifest.names import job_names
from hiprom.manifest.reading import read_manifest
from hiprom.manifest.row import COLUMNS

__all__ = ["COLUMNS", "job_names", "read_manifest", "specs_of_folder", "template"]
