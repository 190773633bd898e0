"""The speed of one movement -> how smooth it is, by its spectrum's arc length."""

from __future__ import annotations

import numpy as np

from hiprom.core.vectors import Array

# As published: no movement of a limb has more than 10 Hz, what is below a twentieth of
# the spectrum's peak is noise, and zeros make the spectrum 16 times as fine.
_HIGHEST_HZ = 10.0
_LEAST_SHARE = 0.05
_FINER = 4


def spectral_arc_length(speed: Array, rate_hz: float) -> float:
    """Return SPARC: the negative length of the normalised speed spectrum's arc.

    A movement without interruption has a narrow spectrum; each stop and start adds
    ripples, and length. It knows neither the movement's size nor, in theory, its
    duration: one smooth stroke from rest to rest comes to about -1.4, and each pause
    on the way takes some tenths from that.

    Parameters
    ----------
    speed : ndarray, shape (n,)
        Evenly spaced, of one movement from rest to rest, already smoothed.
    rate_hz : float

    Returns
    -------
    float
        Below zero, nearer to zero is smoother; NaN below 4 samples, with a gap, or
        where nothing moves.

    References
    ----------
    .. [1] Balasubramanian S., Melendez-Calderon A., Roby-Brami A., Burdet E. (2015). On
       the analysis of movement smoothness. Journal of NeuroEngineering and
       Rehabilitation 12, 112. doi:10.1186/s12984-015-0090-9
    """
    if len(speed) < 4 or not np.isfinite(speed).all() or not np.any(speed):
        return float("nan")
    count = 2 ** (int(np.ceil(np.log2(len(speed)))) + _FINER)
    frequency = np.fft.rfftfreq(count, 1 / rate_hz)
    spectrum = np.abs(np.fft.rfft(speed, count))
    spectrum /= spectrum.max()
    below = frequency <= _HIGHEST_HZ
    frequency, spectrum = frequency[below], spectrum[below]
    told = np.flatnonzero(spectrum >= _LEAST_SHARE)
    kept = slice(told[0], told[-1] + 1)
    frequency, spectrum = frequency[kept], spectrum[kept]
    if len(frequency) < 2:
        return float("nan")
    along = np.diff(frequency) / (frequency[-1] - frequency[0])
    return -float(np.hypot(along, np.diff(spectrum)).sum())
