"""The tables of the accuracy page -> its figures, as SVG files.

The same calm style as the report: few colours, no frame, a pale grid. Letters are
drawn as outlines, so that the figures look alike everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from benchmark_clips import Clip
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy.special import erfinv
from scoring import end_error, half_widths, holds

from hiprom.report import palette

_STYLE: dict[str, Any] = {
    "svg.hashsalt": "hiprom",
    "font.family": ["DejaVu Sans"],
    "font.size": 9,
    "axes.axisbelow": True,
    "axes.edgecolor": palette.LINE,
    "axes.labelcolor": palette.QUIET,
    "axes.spines.left": False,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlesize": 9,
    "axes.titlelocation": "left",
    "grid.color": palette.LINE,
    "grid.linewidth": 0.6,
    "legend.frameon": False,
    "legend.fontsize": 8,
    "text.color": palette.INK,
    "xtick.color": palette.QUIET,
    "ytick.color": palette.QUIET,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
}
_WIDTH_IN = 6.6
_MOVEMENTS = {
    "seated_ir": ("internal rotation", palette.TEAL),
    "seated_er": ("external rotation", palette.EMBER),
}
_Z95 = 1.96
_ERROR = "measured minus true, degrees"


def error_by_clip(path: Path, table: pd.DataFrame, clips: list[Clip]) -> None:
    """Draw every repetition's end-range error, one line a clip."""
    with _drawn(path, 3.9) as figure:
        axes = figure.subplots()
        axes.grid(axis="x")
        axes.axvline(0, color=palette.QUIET, linewidth=0.8)
        for row, clip in enumerate(clips):
            mine = table[table["clip"] == clip.name]
            error, colour = end_error(mine), _MOVEMENTS[clip.protocol][1]
            axes.plot(
                [error.min(), error.max()], [row] * 2, color=colour, linewidth=0.8
            )
            axes.plot(error, [row] * len(mine), "o", color=colour, markersize=4)
        names = [clip.name.removeprefix("seated_").replace("_", " ") for clip in clips]
        axes.set_yticks(range(len(clips)), names)
        axes.tick_params(axis="y", labelcolor=palette.INK)
        axes.set_ylim(len(clips) - 0.4, -0.6)
        axes.set_xlim(-4, 4)
        for row, clip in enumerate(clips):
            axes.annotate(
                clip.trouble,
                (1.02, row),
                xycoords=axes.get_yaxis_transform(),
                va="center",
                fontsize=8,
                color=palette.QUIET,
            )
        axes.set_xlabel(f"end-range, {_ERROR}")


def bland_altman(path: Path, table: pd.DataFrame) -> None:
    """Draw the error against the mean of both, with the limits of agreement."""
    error = end_error(table)
    bias, spread = error.mean(), _Z95 * error.std()
    with _drawn(path, 3.0) as figure:
        axes = figure.subplots()
        axes.grid(axis="y")
        axes.axhspan(
            bias - spread, bias + spread, color=palette.WASH, linewidth=0, zorder=0
        )
        axes.axhline(bias, color=palette.QUIET, linewidth=1)
        _dots(axes, table, (table["end_range"] + table["true_end_range"]) / 2)
        for at, words in (
            (bias + spread, f"mean + 1.96 SD: {bias + spread:+.1f}°"),
            (bias, f"mean: {bias:+.1f}°"),
            (bias - spread, f"mean - 1.96 SD: {bias - spread:+.1f}°"),
        ):
            axes.annotate(
                words.replace("-", "\N{MINUS SIGN}"),
                (0.36, at),
                xytext=(0, 3),
                textcoords="offset points",
                xycoords=axes.get_yaxis_transform(),
                fontsize=8,
                color=palette.QUIET,
            )
        axes.set_ylim(-4, 4)
        axes.set_xlabel("mean of measured and true end-range, degrees")
        axes.set_ylabel(_ERROR)
        axes.legend(loc="upper center", ncols=2)


def error_by_yaw(path: Path, table: pd.DataFrame) -> None:
    """Draw the end-range error against how far the person faces past the camera."""
    with _drawn(path, 2.6) as figure:
        axes = figure.subplots()
        axes.grid(axis="y")
        axes.axhline(0, color=palette.QUIET, linewidth=0.8)
        _dots(axes, table, table["true_yaw_deg"])
        axes.set_ylim(-4, 4)
        axes.set_xlim(-38, 38)
        axes.set_xlabel("the person faces past the camera by, degrees")
        axes.set_ylabel(_ERROR)
        axes.legend(loc="upper center", ncols=2)


def intervals(path: Path, table: pd.DataFrame) -> None:
    """Draw every 95 % interval, and how often narrower ones would hold."""
    ordered = table.assign(error=end_error(table)).sort_values("error")
    error, half = ordered["error"].to_numpy(), half_widths(ordered).to_numpy()
    inside = holds(ordered).to_numpy()
    with _drawn(path, 2.9) as figure:
        left, right = figure.subplots(1, 2, width_ratios=(2, 1))
        left.grid(axis="y")
        for row, (low, high) in enumerate(zip(error - half, error + half, strict=True)):
            colour = palette.TEAL if inside[row] else palette.EMBER
            left.plot([row, row], [low, high], color=colour, linewidth=1.6, alpha=0.45)
        left.plot(error, "o", color=palette.INK, markersize=2.5)
        left.axhline(0, color=palette.INK, linewidth=0.9)
        left.set_title(f"{inside.sum()} of {len(inside)} intervals hold the truth")
        left.set_xticks([])
        left.set_xlabel("repetitions, by their error")
        left.set_ylabel(_ERROR)

        levels = np.linspace(0.01, 0.99, 99)
        needed = np.abs(error) / half * _Z95
        held = [(needed <= np.sqrt(2) * erfinv(level)).mean() for level in levels]
        right.grid()
        right.plot([0, 100], [0, 100], color=palette.QUIET, linewidth=0.8)
        right.plot(100 * levels, 100 * np.array(held), color=palette.TEAL)
        right.set_xticks([0, 50, 95])
        right.set_yticks([0, 50, 95])
        right.set_xlabel("interval said to hold, %")
        right.set_ylabel("it holds, % of reps")
        right.set_title("above the line: cautious")


_PANELS = (
    ("yaw", "worst", "camera's yaw, degrees", "pitch {:.0f}°"),
    ("pitch", "worst", "camera's pitch (looking down), degrees", "yaw {:.0f}°"),
    ("roll", "worst", "camera's roll, degrees", "yaw {:.0f}°"),
    ("focal length", "worst", "focal length taken wrong by, %", "yaw {:.0f}°"),
    ("noise", "end_mae", "jitter of each landmark, px", ""),
    ("frame rate", "end_mae", "frames a second, 3 px of jitter", ""),
)
# Below this dashed line the error should stay, up to 35, 20 and 10 degrees.
_PROMISED = ("yaw", "pitch", "roll")


def exact_legs(path: Path, table: pd.DataFrame) -> None:
    """Draw the geometry's own error: views and cameras exact, then with jitter."""
    colours = (palette.TEAL, palette.EMBER, palette.INK)
    with _drawn(path, 5.6) as figure:
        grid = figure.subplots(3, 2)
        for axes, (experiment, column, label, legend) in zip(
            grid.flat, _PANELS, strict=True
        ):
            mine = table[table["experiment"] == experiment]
            axes.grid(axis="y")
            for colour, (beside, line) in zip(
                colours, mine.groupby("beside", dropna=False), strict=False
            ):
                axes.plot(
                    line["at"],
                    line[column],
                    "o-",
                    color=colour,
                    markersize=3,
                    linewidth=1.2,
                    label=legend.format(beside),
                )
            if legend:
                axes.legend(loc="upper center", ncols=3, handlelength=1)
            if experiment in _PROMISED:
                axes.axhline(0.3, color=palette.QUIET, linewidth=0.8, dashes=(4, 3))
            axes.set_ylim(0, max(1.0, 1.35 * mine[column].max()))
            axes.set_xlabel(label)
            words = {"worst": "worst error", "end_mae": "mean absolute error"}
            axes.set_ylabel(f"{words[column]}, °")


def _dots(axes: Axes, table: pd.DataFrame, across: pd.Series[float]) -> None:
    for protocol, (movement, colour) in _MOVEMENTS.items():
        mine = table["protocol"] == protocol
        axes.plot(
            across[mine],
            end_error(table)[mine],
            "o",
            color=colour,
            markersize=4,
            alpha=0.8,
            markeredgewidth=0,
            label=movement,
        )


@contextmanager
def _drawn(path: Path, height_in: float) -> Iterator[Figure]:
    """Yield an empty figure in our style, then write it."""
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(_WIDTH_IN, height_in), layout="constrained")
        yield figure
        metadata = {"Date": None} if path.suffix == ".svg" else None
        figure.savefig(path, facecolor=palette.PAPER, metadata=metadata, dpi=110)
