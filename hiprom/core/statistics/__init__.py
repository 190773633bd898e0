"""Sessions -> is it a real change, what is the trend, how do the sides compare."""

from hiprom.core.statistics.agreement import Icc, icc_a1
from hiprom.core.statistics.arcs import arcs_over_time
from hiprom.core.statistics.asymmetry import Asymmetry, asymmetries, asymmetry
from hiprom.core.statistics.change import Change, change_between, changes
from hiprom.core.statistics.norms import Place, places
from hiprom.core.statistics.progress import Progress, SessionRow, progress
from hiprom.core.statistics.reliability import MeasurementError, measurement_error
from hiprom.core.statistics.sftr import SftrNote, sftr_notes
from hiprom.core.statistics.trend import Band, Slope, Trend, trend

__all__ = [
    "Asymmetry",
    "Band",
    "Change",
    "Icc",
    "MeasurementError",
    "Place",
    "Progress",
    "SessionRow",
    "SftrNote",
    "Slope",
    "Trend",
    "arcs_over_time",
    "asymmetries",
    "asymmetry",
    "change_between",
    "changes",
    "icc_a1",
    "measurement_error",
    "places",
    "progress",
    "sftr_notes",
    "trend",
]
