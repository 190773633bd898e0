"""Addresses of a calibration: the board to print, pictures of it, the profile."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Request, Response
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from hiprom import camera_setup
from hiprom.capture.calibration import guidance, profiles
from hiprom.web import pages
from hiprom.web.calibrating import MOST_BYTES, drawn_board
from hiprom.web.given import Here
from hiprom.web.uploads import in_time

router = APIRouter()


class Called(BaseModel):
    """What the camera is called."""

    name: Annotated[str, Field(max_length=100)]


@router.get("/calibrate")
def page() -> Response:
    """Show how a camera is calibrated, and do it."""
    return pages.page(
        "calibrate.html",
        fields=guidance.FIELDS,
        needed=guidance.MIN_VIEWS,
        least=guidance.MIN_COVERED,
        known=profiles.names(),
        board=drawn_board(),
    )


@router.get("/calibrate/board")
def board(paper: Literal["A4", "letter"] = "A4") -> Response:
    """Send the board, true to scale."""
    with tempfile.TemporaryDirectory(prefix="hiprom-") as folder:
        out = Path(folder) / "board.pdf"
        camera_setup.draw_board(out, paper)
        drawn = out.read_bytes()
    name = f'attachment; filename="hiprom_board_{paper}.pdf"'
    return Response(
        drawn, media_type="application/pdf", headers={"Content-Disposition": name}
    )


@router.post("/api/calibrations", status_code=201)
def begin(here: Here) -> dict[str, str]:
    """Begin a calibration."""
    return {"id": here.calibrations.begin()}


@router.post("/api/calibrations/{calibration}/pictures")
async def look(calibration: str, request: Request, here: Here) -> dict[str, Any]:
    """Look at a picture."""
    jpeg = bytearray()
    async for piece in in_time(request.stream(), here.site.limits.silence_s):
        jpeg += piece
        if len(jpeg) > MOST_BYTES:
            raise HTTPException(413, "The picture is larger than a camera's.")
    return await run_in_threadpool(here.calibrations.look, calibration, bytes(jpeg))


@router.post("/api/calibrations/{calibration}/profile")
def conclude(calibration: str, called: Called, here: Here) -> dict[str, Any]:
    """Calibrate by what was collected, and keep the profile."""
    found = here.calibrations.conclude(
        calibration,
        called.name.strip(),
        datetime.now(UTC).astimezone().isoformat(timespec="seconds"),
    )
    camera = found.calibration.camera
    return {
        "name": camera.name,
        "size": f"{camera.width_px} by {camera.height_px} px",
        "error": f"{camera.rms_px:.2f} px",
        "views": len(found.calibration.views),
        "left_out": len(found.calibration.left_out),
    }


@router.delete("/api/calibrations/{calibration}")
def drop(calibration: str, here: Here) -> dict[str, str]:
    """Forget a calibration that is under way."""
    here.calibrations.drop(calibration)
    return {"id": calibration}
