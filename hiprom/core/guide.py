"""The last second before a camera, again and again -> one leg's test, led by the hand.

Position, stillness, repetitions, end: each is recognised, none is waited for by a key,
because who is tested sits three metres from the keyboard.
"""

from __future__ import annotations

import numpy as np

from hiprom.core.camera import Camera
from hiprom.core.landmarks import SIDES, Side
from hiprom.core.live import RECENT_S, LiveHip, Now
from hiprom.core.live_reps import Count, Phase, RepCounter
from hiprom.core.protocols import Cues, Protocol
from hiprom.core.scene import Scene, Stage
from hiprom.core.setting_up import SettingUp, is_still, look
from hiprom.core.track import PoseTrack
from hiprom.errors import InputError, MeasurementError

# What `Guide.see` wants to be shown: the last second.
WINDOW_S = 1.0
HOLD_S = 1.0
_SHORTEST_S = 0.55
_LOOK_EVERY_S = 0.25
# Who can do better about the camera is given this long to do it.
_PATIENCE_S = 8.0
# Legs that never hang still do not keep a test from beginning for longer.
_RESTLESS_S = 4.0
_BREATH_S, _ADVISE_EVERY_S = 2.0, 8.0
# A test is over when all repetitions are done and the leg is back, or when it has
# rested for long: the less was done, the longer it is waited for more.
_BACK_S = 0.8
_DONE_AFTER_S = {0: 90.0, 1: 20.0, 2: 20.0}
_FEW_DONE_AFTER_S = 8.0
_GONE_AFTER_S = 10.0
GONE = "nobody was in view any more"
_STEP_IN = "Sit down in front of the camera"
_ALMOST = "Almost right"


def cues_of(protocol: Protocol) -> Cues:
    """Return what is called out during a live test of a protocol.

    Raises
    ------
    InputError
        If there is no live test of it.
    """
    if protocol.cues is None or not has_gauge(protocol):
        raise InputError(
            f"There is no live test of {protocol.name} yet. Film it, and measure "
            f"the film with hiprom analyze FILM --protocol {protocol.name}."
        )
    return protocol.cues


def has_gauge(protocol: Protocol) -> bool:
    """Return whether an angle can be shown while a protocol is done."""
    return protocol.cues is not None and protocol.way == "seated"


class Guide:
    """One leg's test, from sitting down to the last repetition.

    Parameters
    ----------
    protocol : Protocol
    side : {"left", "right"} or None
        None: whichever leg moves.
    title : str
    reps_wanted : int or None
        None: the recording goes on until it is ended from outside.
    is_patient : bool
        Whether there is somebody who can follow advice; a played file cannot.
    target : dict of Side to float
        Last session's means, degrees along the movement.
    camera : Camera, optional

    Attributes
    ----------
    begun_s : float or None
        From when on the recording counts; None before.
    ended : str
        Why the test is over; empty before.
    now : Now or None
        The shown leg.
    """

    def __init__(
        self,
        protocol: Protocol,
        side: Side | None,
        *,
        title: str,
        reps_wanted: int | None,
        is_patient: bool,
        target: dict[Side, float] | None = None,
        camera: Camera | None = None,
    ) -> None:
        self._protocol, self._cues, self._camera = protocol, cues_of(protocol), camera
        self._sides: tuple[Side, ...] = SIDES if side is None else (side,)
        self._side = side
        self._title, self._reps_wanted = title, reps_wanted
        self._is_patient, self._target = is_patient, target or {}
        self._setting: SettingUp | None = None
        self._is_still = False
        self._looked_s = self._ready_s = self._gone_s = np.nan
        self._spoke_s = -np.inf
        self._hips: dict[Side, LiveHip] = {}
        self._counters: dict[Side, RepCounter] = {}
        self._rest_end_s = np.inf
        self._time_s = 0.0
        self._instructed = self._advised = ""
        self.begun_s: float | None = None
        self.ended = ""
        self.now: Now | None = None

    @property
    def side(self) -> Side | None:
        """The leg that is tested, or the one that moves most where none was named."""
        if self._side or not self._counters:
            return self._side
        moved = {side: self._moved(side) for side in self._counters}
        return max(moved, key=lambda side: moved[side])

    @property
    def advice(self) -> tuple[str, ...]:
        """What there is to change about light, camera and seat."""
        return self._setting.advice if self._setting else ()

    def see(self, recent: PoseTrack) -> None:
        """Take in the last `WINDOW_S` of the track, which ends just now."""
        if not len(recent) or self.ended:
            return
        self._time_s = float(recent.time_s[-1])
        if self.begun_s is None:
            self._settle(recent)
        else:
            self._follow(recent)

    def scene(self) -> Scene:
        """Return what is to be seen now, and what is to be said, once each."""
        stage, instruction = self._doing()
        side = self.side
        count = self._count(side)
        spoken = self._to_say(instruction, count)
        return Scene(
            stage=stage,
            title=self._title,
            instruction=instruction,
            hints=self.advice,
            side=side,
            angle=count.angle,
            furthest=count.furthest,
            target=self._target.get(side, np.nan) if side else np.nan,
            held_share=min(count.held_s / HOLD_S, 1.0),
            reps_done=count.reps,
            reps_wanted=self._reps_wanted,
            recorded_s=0.0 if self.begun_s is None else self._time_s - self.begun_s,
            spoken=spoken,
        )

    def _settle(self, recent: PoseTrack) -> None:
        time_s = self._time_s
        if recent.time_s[-1] - recent.time_s[0] < _SHORTEST_S:
            return
        if time_s - self._looked_s < _LOOK_EVERY_S:
            return
        self._looked_s = time_s
        self._setting = look(recent, self._protocol, sides=self._sides)
        self._is_still = is_still(recent)
        if not self._setting.is_ready:
            self._ready_s = np.nan
            return
        self._ready_s = np.fmin(self._ready_s, time_s)
        waited_s = time_s - self._ready_s
        is_right = not self._setting.advice or not self._is_patient
        if (self._is_still and (is_right or waited_s > _PATIENCE_S)) or (
            waited_s > _RESTLESS_S + _PATIENCE_S * (not is_right)
        ):
            self._begin(recent)

    def _begin(self, rest: PoseTrack) -> None:
        for side in self._sides:
            try:
                hip = LiveHip(rest, side, camera=self._camera)
            except MeasurementError as reason:
                if len(self._sides) == 1:
                    self._setting = SettingUp(
                        is_ready=False, advice=(str(reason),), view=None
                    )
                continue
            self._hips[side] = hip
            self._counters[side] = RepCounter(
                self._protocol.rules,
                neutral=self._protocol.direction * hip.neutral_deg,
                hold_s=HOLD_S,
            )
        if self._hips:
            self.begun_s = float(rest.time_s[0])
            self._rest_end_s = float(rest.time_s[-1])

    def _follow(self, recent: PoseTrack) -> None:
        time_s, direction = self._time_s, self._protocol.direction
        newest = recent.part(
            (recent.time_s > self._rest_end_s) & (recent.time_s >= time_s - RECENT_S)
        )
        if not len(newest):
            return
        nows = {side: hip.at(newest) for side, hip in self._hips.items()}
        for side, now in nows.items():
            self._counters[side].see(time_s, direction * now.rotation_deg)
        shown = self.side
        self.now = nows.get(shown) if shown else None
        self._judge_end(is_seen=bool(recent.is_seen[-1]))

    def _judge_end(self, *, is_seen: bool) -> None:
        count = self._count(self.side)
        self._gone_s = np.nan if is_seen else np.fmin(self._gone_s, self._time_s)
        if self._reps_wanted is None:
            return
        if self._time_s - self._gone_s > _GONE_AFTER_S:
            self.ended = GONE
        elif count.reps >= self._reps_wanted and count.rested_s >= _BACK_S:
            self.ended = "all repetitions were done"
        elif count.rested_s >= _DONE_AFTER_S.get(count.reps, _FEW_DONE_AFTER_S):
            self.ended = "the leg rested"

    def _doing(self) -> tuple[Stage, str]:
        cues = self._cues
        if self.begun_s is None:
            if self._setting is None or not self._setting.is_ready:
                return Stage.POSITION, _STEP_IN
            if self._setting.advice and self._is_patient:
                return Stage.POSITION, _ALMOST
            return Stage.STILL, cues.start
        side = self.side if self._side else None
        out = cues.out.format(side=side or "").replace("  ", " ")
        words = {Phase.HOLD: cues.hold, Phase.BACK: cues.back}
        count = self._count(self.side)
        is_done = self._reps_wanted is not None and count.reps >= self._reps_wanted
        return Stage.REPS, cues.end if is_done else words.get(count.phase, out)

    def _to_say(self, instruction: str, count: Count) -> str:
        """Return what is new since the last scene; advice comes back now and then."""
        number = f"{count.reps}. " if count.reps and count.phase is Phase.REST else ""
        quiet_s = self._time_s - self._spoke_s
        if number + instruction != self._instructed:
            self._instructed = said = number + instruction
        elif self.begun_s is None and self.advice and quiet_s > _BREATH_S:
            said = self.advice[0]
            if said == self._advised and quiet_s < _ADVISE_EVERY_S:
                return ""
            self._advised = said
        else:
            return ""
        self._spoke_s = self._time_s
        return said

    def _count(self, side: Side | None) -> Count:
        return self._counters[side].count if side in self._counters else Count()

    def _moved(self, side: Side) -> float:
        """How sure it is that this leg is the one: its reps, then how far it is out."""
        count, hip = self._counters[side].count, self._hips[side]
        out = count.angle - self._protocol.direction * hip.neutral_deg
        return 100.0 * count.reps + float(np.nan_to_num(out))
