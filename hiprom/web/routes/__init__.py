"""The addresses of the site, a small router for each subject."""

from hiprom.web.routes import (
    diary,
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
    people.router,
    diary.router,
    reading.router,
    entering.router,
)
