"""The addresses of the site, a small router for each subject."""

from hiprom.web.routes import (
    calibrating,
    comparing,
    correcting,
    diary,
    entering,
    people,
    reading,
    recording,
    results,
    sending,
    settings,
    working,
)

ROUTERS = (
    working.router,
    sending.router,
    recording.router,
    results.router,
    correcting.router,
    comparing.router,
    people.router,
    diary.router,
    settings.router,
    calibrating.router,
    reading.router,
    entering.router,
)
