"""The addresses of the site, a small router for each subject."""

from hiprom.web.routes import entering, reading, sending, working

ROUTERS = (
    working.router,
    sending.router,
    reading.router,
    entering.router,
)
