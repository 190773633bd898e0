"""The addresses of the site, a small router for each subject."""

from hiprom.web.routes import entering, reading

ROUTERS = (reading.router, entering.router)
