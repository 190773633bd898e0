"""The addresses of the site, a small router for each subject."""

from hiprom.web.routes import (
    comparing,
    correcting,
    entering,
    people,
    reading,
    results,
    sending,
    working,
)

ROUTERS = (
    working.router,
    sending.router,
    results.router,
    correcting.router,
    comparing.router,
    people.router,
    reading.router,
    entering.router,
)
