"""Requests from elsewhere -> refused; the rows F25 to F27 of the table of attacks."""

import logging
import socket

import pytest
from serving import TOKEN, served
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from hiprom.web.guard import CONTENT_POLICY, Guard

PAGE = {"accept": "text/html"}


def own(web):
    return f"http://127.0.0.1:{web.base_url.port}"


async def echo(scope, receive, send):
    """Greet every WebSocket: what stands before it decides who comes so far."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.send", "text": "hello"})


@pytest.fixture(scope="module")
def socket_port(site):
    with served(Guard(echo, site)) as port:
        yield port


@pytest.fixture(scope="module")
def open_socket_port(site):
    from dataclasses import replace

    with served(Guard(echo, replace(site, token=TOKEN, is_open=True))) as port:
        yield port


def greeting(port, host=None, *, path="/live", patience_s=5, **more):
    """Return what a WebSocket says, or the status that it was refused with."""
    headers = dict(more.pop("headers", {}))
    if host:
        more["address"] = ("127.0.0.1", port)
    address = f"ws://{host or f'127.0.0.1:{port}'}{path}"
    try:
        with connect(address, additional_headers=headers, proxy=None, **more) as asks:
            return asks.recv(patience_s)
    except InvalidStatus as refused:
        return refused.response.status_code


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1.evil", "localhost.", "localhost.evil:8477", "10.0.0.5"],
)
def test_a_foreign_host_is_refused(web, host):
    assert web.get("/", headers={"host": host}).status_code == 400


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:1", "LOCALHOST", "[::1]:80"])
def test_every_name_of_this_machine_for_itself_passes(web, host):
    assert web.get("/guide", headers={"host": host}).status_code == 200


def test_two_hosts_are_refused(web):
    asked = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\n\r\n"
    with socket.create_connection(("127.0.0.1", web.base_url.port)) as line:
        line.sendall(asked)
        assert line.recv(100).startswith(b"HTTP/1.1 400")


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil", "localhost."])
def test_a_websocket_to_a_foreign_host_is_refused(socket_port, host):
    assert greeting(socket_port, host) == 403


def test_a_websocket_of_our_own_page_is_greeted(socket_port):
    assert greeting(socket_port, origin=f"http://127.0.0.1:{socket_port}") == "hello"
    assert greeting(socket_port) == "hello"


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1"])
def test_a_websocket_of_another_page_is_refused(socket_port, origin):
    assert greeting(socket_port, origin=origin) == 403


def test_a_websocket_without_the_token_is_refused(open_socket_port):
    shown = {"authorization": f"Bearer {TOKEN}"}

    assert greeting(open_socket_port) == 403
    assert greeting(open_socket_port, headers=shown) == "hello"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1"])
def test_another_pages_request_is_refused(web, method, origin):
    answer = web.request(method, "/enter", headers={"origin": origin})

    assert answer.status_code == 403


@pytest.mark.parametrize("site_of_it", ["cross-site", "same-site"])
def test_a_browser_says_who_asks(web, site_of_it):
    said = {"sec-fetch-site": site_of_it}
    visit = said | {"sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}

    assert web.post("/enter", headers=said).status_code == 403
    assert web.post("/enter", headers=visit).status_code == 403  # a form over there
    assert web.get("/guide", headers=said).status_code == 403  # <img>, <script>, fetch
    framed = visit | {"sec-fetch-dest": "iframe"}
    assert web.get("/guide", headers=framed).status_code == 403
    assert web.get("/guide", headers=visit).status_code == 200  # a link was followed


def test_our_own_forms_pass(web):
    said = {"origin": own(web), "sec-fetch-site": "same-origin"}

    assert web.post("/enter", headers=said).status_code == 303


def test_every_answer_is_under_the_headers_that_guard_it(web):
    for path in ("/guide", "/nowhere", "/assets/style.css"):
        headers = web.get(path).headers
        assert headers["content-security-policy"] == CONTENT_POLICY
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "unsafe" not in CONTENT_POLICY
    assert web.get("/guide").headers["cache-control"] == "no-store"


def test_no_page_loads_code_from_elsewhere_or_tells_of_its_insides(web):
    assert [web.get(path).status_code for path in ("/docs", "/openapi.json")] == [
        404
    ] * 2


@pytest.mark.parametrize("path", ["/", "/guide", "/privacy", "/people", "/api/jobs"])
@pytest.mark.parametrize("shown", ["", "abc", TOKEN[:-1], f"{TOKEN}x", TOKEN.upper()])
def test_nothing_is_shown_without_the_token(open_web, path, shown):
    cookie = {"cookie": f"hiprom-8477={shown}"} if shown else {}

    assert open_web.get(path, headers=cookie).status_code == 401
    bearer = {"authorization": f"Bearer {shown}" if shown else "Bearer"}
    assert open_web.get(path, headers=bearer).status_code == 401


def test_the_token_is_typed_once(open_web):
    answer = open_web.post("/enter", data={"token": TOKEN})
    cookie = answer.headers["set-cookie"]

    assert answer.status_code == 303
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    entered = {"cookie": cookie.split(";")[0]}
    assert open_web.get("/guide", headers=entered).status_code == 200


def test_a_wrong_token_is_asked_for_again(open_web):
    answer = open_web.post("/enter", data={"token": "wrong"}, headers=PAGE)

    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers
    assert "That is not the token" in answer.text


def test_the_open_site_answers_to_addresses_and_to_names_it_was_given(open_web):
    def status(host):
        return open_web.get("/enter", headers={"host": host}).status_code

    assert [status(host) for host in ("10.0.0.5:8477", "Clinic.lan")] == [200, 200]
    assert [status(host) for host in ("evil.example", "clinic.lan.evil")] == [400, 400]


def test_nobody_logs_the_token_or_a_persons_code(open_web, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    open_web.post("/enter", data={"token": TOKEN})
    open_web.get(f"/person?code=Secret&token={TOKEN}", headers={"referer": TOKEN})

    heard = capfd.readouterr()
    ours = [
        record.getMessage()
        for record in caplog.records
        if "httpx" not in record.name and "httpcore" not in record.name
    ]
    assert not any(word in line for line in ours for word in (TOKEN, "Secret"))
    assert TOKEN not in heard.out + heard.err


def test_a_form_that_is_long_is_refused(web):
    assert web.post("/enter", content=b"token=" + b"x" * 20_000).status_code == 413


def test_an_error_is_said_in_words(web):
    page = web.get("/guide/nothing", headers=PAGE)

    assert page.status_code == 404
    assert "There is no protocol" in page.text
    assert web.get("/guide/%3Cscript%3E", headers=PAGE).text.count("<script>") == 0
    assert web.get("/guide/nothing").json()["error"].startswith("There is no protocol")
