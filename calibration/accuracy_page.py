"""The tables of a run, and those that lie there -> docs/accuracy.md."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from altered_page import TABLE as ALTERED
from altered_page import altered_of
from benchmark_clips import Clip
from cameras_page import CAMERAS, FILMS, OBLIQUE_DEG, cameras_of
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from live_page import TABLE as LIVE
from live_page import live_of
from movements_page import TABLE as MOVEMENTS
from movements_page import movements_of
from scoring import Totals, end_error, totals

# Where the person faces, in degrees past the camera, whichever way; to below the last.
_YAWS = ((0, 10), (10, 20), (20, 35))
_Z95 = 1.96


class Target(NamedTuple):
    """One line of the table in all: what, how much, what was wanted, and whether."""

    what: str
    figure: str
    wanted: str
    is_met: bool


def write_page(
    path: Path,
    *,
    clips: list[Clip],
    table: pd.DataFrame,
    damaged: Mapping[str, Totals],
    exact: pd.DataFrame,
    versions: str,
) -> None:
    """Fill accuracy.md.j2 and write it.

    What other scripts measure, altered copies, known cameras and the live test, is told
    by their tables as they lie there.
    """
    pages = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    pages.filters |= {"deg": degrees, "signed": signed, "percent": percent}
    whole = totals(table)
    error = end_error(table)
    page = pages.get_template("accuracy.md.j2").render(
        versions=versions,
        whole=whole,
        targets=list(_targets(whole)),
        largest_half=(table["end_range_high"] - table["end_range_low"]).max() / 2,
        rms=float(np.sqrt((error**2).mean())),
        as_mdc95=_Z95 * float(np.sqrt(2 * (error**2).mean())),
        z_rms=_z_rms(table),
        clips=[(clip, totals(table[table["clip"] == clip.name])) for clip in clips],
        yaws=[(low, high, totals(_facing(table, low, high))) for low, high in _YAWS],
        views={name: _view_error(table, name) for name in ("yaw", "pitch", "roll")},
        altered=altered_of(pd.read_csv(ALTERED)),
        cameras=cameras_of(pd.read_csv(CAMERAS), pd.read_csv(FILMS)),
        oblique_deg=OBLIQUE_DEG,
        focal_off=max(_focal_off(clip) for clip in clips),
        live=live_of(pd.read_csv(LIVE)),
        movements=movements_of(pd.read_csv(MOVEMENTS)),
        damaged=damaged,
        noisy=exact[exact["experiment"] == "noise"].iloc[0],
        promised=_worst_promised(exact),
        exact={
            name: mine.groupby("at")[["end_mae", "worst", "missed", "invented"]].max()
            for name, mine in exact.groupby("experiment")
        },
    )
    path.write_text(page, encoding="utf-8")


def degrees(value: float) -> str:
    """Return ``0.87°``."""
    return f"{value:.2f}°"


def signed(value: float) -> str:
    """Return ``+0.11°``, or the same with a minus sign."""
    return f"{value:+.2f}°".replace("-", "\N{MINUS SIGN}")


def percent(share: float) -> str:
    """Return ``98 %`` of 0.98."""
    return f"{100 * share:.0f} %"


def _targets(whole: Totals) -> Iterable[Target]:
    yield Target(
        "repetitions found, and invented",
        f"{whole.found} of {whole.reps}, {whole.invented}",
        "all, none",
        whole.found == whole.reps and not whole.invented,
    )
    for what, value, most, as_text in (
        ("mean absolute error of the end-range", whole.end_mae, 1.2, degrees),
        ("bias of the end-range", whole.bias, 0.5, signed),
        ("worst end-range", whole.worst, 4.0, degrees),
        ("mean absolute error of the excursion", whole.excursion_mae, 0.9, degrees),
        ("median half-width of the 95 % interval", whole.half_width, 3.5, degrees),
    ):
        limit = f"± {most:g}°" if as_text is signed else f"{most:g}° or less"
        yield Target(what, as_text(value), limit, abs(value) <= most)
    yield Target(
        "intervals that hold the true value",
        percent(whole.coverage),
        "93 % or more",
        whole.coverage >= 0.93,
    )


def _focal_off(clip: Clip) -> float:
    """How far off the focal length is that is taken for granted, in per cent."""
    return 100 * abs(max(clip.facts["size_px"]) / clip.facts["camera"]["focal_px"] - 1)


def _facing(table: pd.DataFrame, least_deg: float, most_deg: float) -> pd.DataFrame:
    aside = table["true_yaw_deg"].abs()
    return table[(aside >= least_deg) & (aside < most_deg)]


def _view_error(table: pd.DataFrame, name: str) -> tuple[float, float]:
    """Mean absolute and worst error of a camera angle, a clip counted once."""
    once = table.groupby("clip").first()
    error = (once[f"{name}_deg"] - once[f"true_{name}_deg"]).abs()
    return float(error.mean()), float(error.max())


def _z_rms(table: pd.DataFrame) -> float:
    """Root mean square of the error in standard deviations; 1 if those are true."""
    half = (table["end_range_high"] - table["end_range_low"]) / 2
    return float(np.sqrt(((_Z95 * end_error(table) / half) ** 2).mean()))


def _worst_promised(exact: pd.DataFrame) -> float:
    """Return the worst noiseless error at yaw ±35, pitch 0 to 20, roll ±10 degrees."""
    limits = (("yaw", 35), ("pitch", 20), ("roll", 10), ("corner", 35))
    within = [
        exact[(exact["experiment"] == name) & (exact["at"].abs() <= limit)]
        for name, limit in limits
    ]
    return float(pd.concat(within)["worst"].max())
