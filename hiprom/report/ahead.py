"""The libraries the report needs at the end -> loaded while there is time."""

from __future__ import annotations


def load_libraries() -> None:
    """Import what this room otherwise imports when it is first used, about a second."""
    import jinja2
    import matplotlib.backends.backend_svg
    import matplotlib.figure
    import pandas as pd
    import pyarrow.parquet

    from hiprom.report import overlay, page

    del jinja2, matplotlib, pd, pyarrow, overlay, page
