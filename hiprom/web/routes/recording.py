"""Recording with the browser's camera: the page, the live test, the film."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Response, WebSocket
from pydantic import BaseModel, Field
from starlette.responses import RedirectResponse
from starlette.websockets import WebSocketDisconnect

from hiprom import keeping
from hiprom.analysis import camera_named
from hiprom.capture.calibration import profiles
from hiprom.core.guide import has_gauge
from hiprom.core.landmarks import SKELETON
from hiprom.core.protocols import PROTOCOLS
from hiprom.core.protocols import protocol as protocol_named
from hiprom.errors import HipromError, InputError
from hiprom.usecases import AUTO
from hiprom.web import pages, preferences
from hiprom.web.desk import SIDES, wanted_from
from hiprom.web.given import Given, Here
from hiprom.web.recording.films import MOST_BYTES, Kind
from hiprom.web.recording.leading import Lead
from hiprom.web.recording.messages import Pace, asked_from, picture_from
from hiprom.web.recording.sitting import Sitting

if TYPE_CHECKING:
    from hiprom.core.landmarks import Side
    from hiprom.core.protocols import Protocol
    from hiprom.web.recording.messages import Asked

router = APIRouter()
_FIRST_WORD_S, _SILENCE_S, _LONGEST_S = 10.0, 20.0, 1200.0
_WAKING_S = 300.0  # the pose model may have to be fetched before the first picture
_REFUSED = 1008
_FIRST = "seated_ir"


class Begin(BaseModel):
    """A recording that a browser is about to make."""

    kind: Kind
    protocol: Annotated[str, Field(min_length=1, max_length=64)]
    side: Annotated[str, Field(max_length=16)] = ""
    subject: Annotated[str, Field(max_length=200)] = ""
    camera: Annotated[str, Field(max_length=64)] = ""


class End(BaseModel):
    """How large a recording became."""

    bytes: Annotated[int, Field(ge=1, le=MOST_BYTES)]


@router.get("/record")
def record(
    here: Here,
    protocol: str = "",
    side: str = "",
    subject: str = "",
    camera: str = "",
) -> Response:
    """Show how a test is done, and lead through it."""
    usual = preferences.read(here.site.folder, protocol=protocol)
    chosen = protocol_named(_FIRST if usual.protocol == AUTO else usual.protocol)
    usual_side = _usual_side(chosen) if usual.side == "auto" else usual.side
    return pages.page(
        "record.html",
        protocols=list(PROTOCOLS.values()),
        chosen=chosen,
        has_gauge=has_gauge,
        usual_side=_usual_side,
        sides=SIDES,
        side=side or usual_side,
        cameras=profiles.names(),
        camera=camera or usual.camera,
        subject=subject,
        people=[each.subject.code for each in here.site.store.subjects()],
        cut_short=list(here.films.cut_short()),
        bones=[[int(one), int(other)] for one, other in SKELETON],
    )


@router.websocket("/record/live")
async def live(socket: WebSocket, here: Here) -> None:
    """Show a person before a browser's camera what is seen of them."""
    await socket.accept()
    try:
        async with asyncio.timeout(_FIRST_WORD_S):
            asked = asked_from(await _received(socket, "text"))
        sitting = await asyncio.to_thread(_sitting, here, asked)
        await asyncio.to_thread(here.chair.take)
        try:
            async with asyncio.timeout(_LONGEST_S):
                await _led(socket, sitting)
        finally:
            here.chair.leave()
    except WebSocketDisconnect:
        return
    except HipromError as error:
        await _refuse(socket, str(error))
    except TimeoutError:
        await _refuse(socket, "The live test fell silent, or took too long.")


@router.get("/api/recordings")
def look(here: Here) -> dict[str, Any]:
    """Say how many recordings wait for a decision, and whether more may come."""
    return {
        "cut_short": len(list(here.films.cut_short())),
        "arriving": here.films.are_arriving(),
    }


@router.post("/api/recordings", status_code=201)
def begin(asked: Begin, here: Here) -> dict[str, str]:
    """Begin a recording; its pieces go where those of all uploads go."""
    wanted = wanted_from(asked.model_dump())
    return {"id": here.films.begin(asked.kind, wanted).upload_id}


@router.post("/api/recordings/{upload_id}/end")
def end(upload_id: str, said: End, here: Here) -> dict[str, str]:
    """End a recording, and ask for it to be measured."""
    job = here.films.end(upload_id, said.bytes)
    here.staff.call()
    return {"job": job}


@router.post("/api/recordings/{upload_id}/leave")
def leave(upload_id: str, here: Here) -> dict[str, str]:
    """Note that nobody records any more, without having ended."""
    here.films.leave(upload_id)
    return {"id": upload_id}


@router.post("/record/{upload_id}/measure")
def measure(upload_id: str, here: Here) -> Response:
    """Measure what there is of a recording that was cut short."""
    here.films.measure(upload_id)
    here.staff.call()
    return RedirectResponse("/", 303)


@router.post("/record/{upload_id}/discard")
def discard(upload_id: str, here: Here) -> Response:
    """Remove a recording that was cut short."""
    here.films.discard(upload_id)
    return RedirectResponse("/record", 303)


def _usual_side(protocol: Protocol) -> str:
    """Return what is recorded at once: one leg, or whatever the movement involves."""
    return "left" if protocol.sides == "moving" else "auto"


def _sitting(here: Given, asked: Asked) -> Sitting:
    wanted = wanted_from(asked.model_dump())
    protocol = protocol_named(wanted.protocol)
    if not has_gauge(protocol):
        raise InputError(
            f"No angle can be shown while {protocol.title} is done. Record it without "
            "the live picture: the film is measured in full afterwards."
        )
    sides: dict[str, Side] = {"left": "left", "right": "right"}
    subject = wanted.subject
    target = keeping.last_means(subject, protocol, here.site.store) if subject else {}
    lead = Lead(
        protocol,
        sides.get(wanted.side),
        reps=asked.reps,
        target=target,
        camera=camera_named(wanted.camera) if wanted.camera else None,
    )
    return Sitting(lead, (asked.width, asked.height))


async def _led(socket: WebSocket, sitting: Sitting) -> None:
    """Pass pictures in and words out until either side has ended."""
    loop = asyncio.get_running_loop()

    def tell(words: dict[str, Any]) -> None:
        # The sitting waits until its page was told: so nothing is ever queued.
        with suppress(WebSocketDisconnect, RuntimeError):  # it has left
            asyncio.run_coroutine_threadsafe(socket.send_json(words), loop).result()

    leading = asyncio.create_task(asyncio.to_thread(sitting.run, tell))
    taking = asyncio.create_task(_taken(socket, sitting))
    try:
        await asyncio.wait((leading, taking), return_when=asyncio.FIRST_COMPLETED)
    finally:
        sitting.stop()
        taking.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.wait((leading, taking))
    for task in (taking, leading):
        if not task.cancelled():
            task.result()
    await socket.close()


async def _taken(socket: WebSocket, sitting: Sitting) -> None:
    pace, patience_s = Pace(), _WAKING_S
    while True:
        async with asyncio.timeout(patience_s):
            data = await _received(socket, "bytes")
        patience_s = _SILENCE_S
        pace.count()
        sitting.put(picture_from(data))


async def _received(socket: WebSocket, kind: Literal["text", "bytes"]) -> Any:
    message = await socket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message["code"])
    if message.get(kind) is None:
        raise InputError("The page sent something else than it should. Load it anew.")
    return message[kind]


async def _refuse(socket: WebSocket, words: str) -> None:
    """Say why, then hang up; who has hung up already need not hear it."""
    with suppress(WebSocketDisconnect, RuntimeError):
        await socket.send_json({"refused": words})
        await socket.close(_REFUSED)
