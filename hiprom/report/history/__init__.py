"""A subject's Overview -> reports to read and to print: HTML and PDF.

They decide nothing. Every number, interval and verdict comes worked out.
"""

from hiprom.report.history.comparison_page import (
    comparison_page,
    write_comparison_html,
)
from hiprom.report.history.comparison_pdf import write_comparison_pdf
from hiprom.report.history.page import history_page, write_history_html
from hiprom.report.history.pdf import write_history_pdf
from hiprom.report.history.pose import Pose

__all__ = [
    "Pose",
    "comparison_page",
    "history_page",
    "write_comparison_html",
    "write_comparison_pdf",
    "write_history_html",
    "write_history_pdf",
]
