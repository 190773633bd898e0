"""The jobs of a batch and their folders of results -> combined tables, an overview."""

from __future__ import annotations

from hiprom.report.batch.combined import Progress, write_combined, write_tables
from hiprom.report.batch.page import OVERVIEW

__all__ = ["OVERVIEW", "Progress", "write_combined", "write_tables"]
