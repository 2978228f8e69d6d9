"""The events process: server-sent events, one connection for each open page, fanned out from one poll.

Source: WHATWG HTML, server-sent events. What is sent are kinds and our own identifiers, never content: the page
fetches what changed through the window.
"""

import asyncio
import contextlib
import json
import os
from collections.abc import AsyncIterator
from http.cookies import SimpleCookie
from typing import Any  # Any: ASGI messages are free-form mappings

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "confrere.server.settings")
django.setup()

from importlib import import_module  # noqa: E402  # Django must be set up first
from urllib.parse import parse_qsl, urlsplit  # noqa: E402

from asgiref.sync import sync_to_async  # noqa: E402
from django.conf import settings  # noqa: E402
from django.contrib.auth import SESSION_KEY, get_user  # noqa: E402
from django.db import close_old_connections  # noqa: E402
from django.http import HttpRequest  # noqa: E402

from confrere.adapters.heartbeat import beat  # noqa: E402
from confrere.apps.accounts.reads import NoticeView, newest_notice, notices_after  # noqa: E402

POLL_S = 0.4
KEEPALIVE_S = 15.0
QUEUE = 100

Scope = dict[str, Any]


class Hub:
    """Polls the notices once for everyone and hands each to the pages of its recipients."""

    def __init__(self) -> None:
        self.listeners: dict[asyncio.Queue[NoticeView], str] = {}
        self.task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin polling, once."""
        if self.task is None:
            self.task = asyncio.get_running_loop().create_task(self._poll())

    async def _poll(self) -> None:
        last = await _in_thread(newest_notice)
        while True:
            beat(settings.CONFIGURATION.run, "events")
            with contextlib.suppress(Exception):
                for notice in await _in_thread(notices_after, last):
                    last = notice.id
                    for queue, member in self.listeners.items():
                        if member in notice.recipients and not queue.full():
                            queue.put_nowait(notice)
            await asyncio.sleep(POLL_S)


HUB = Hub()


async def _in_thread(function: Any, *args: object) -> Any:
    def fresh() -> Any:
        close_old_connections()
        return function(*args)

    return await sync_to_async(fresh, thread_sensitive=True)()


def _member_of(cookie_header: str) -> str | None:
    """The id of the member whose session the cookies carry, while that session and member are good."""
    cookie = SimpleCookie(cookie_header).get(settings.SESSION_COOKIE_NAME)
    if cookie is None:
        return None
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(cookie.value)
    if SESSION_KEY not in request.session:
        return None
    user = get_user(request)
    return str(user.pk) if user.is_authenticated and user.is_active else None


def _as_message(notice: NoticeView) -> bytes:
    body = json.dumps({"kind": notice.kind, "subject": notice.subject})
    return f"id: {notice.id}\nevent: {notice.kind}\ndata: {body}\n\n".encode()


def _last_heard(headers: dict[bytes, bytes], query: bytes) -> int | None:
    """The id of the last event the page heard before its connection broke, None for a new page."""
    told = headers.get(b"last-event-id", b"") or dict(parse_qsl(query)).get(b"last", b"")
    return int(told) if told.isdigit() and len(told) < 19 else None


async def _messages(queue: asyncio.Queue[NoticeView], cookies: str) -> AsyncIterator[bytes]:
    yield b"retry: 2000\n\n"
    while True:
        try:
            notice = await asyncio.wait_for(queue.get(), KEEPALIVE_S)
        except TimeoutError:
            if await _in_thread(_member_of, cookies) is None:
                return
            yield b": still here\n\n"
            continue
        yield _as_message(notice)


def _cors(headers: dict[bytes, bytes]) -> list[tuple[bytes, bytes]]:
    """Allow the web process's origin on this same host, and no other."""
    origin, host = headers.get(b"origin", b"").decode("latin-1"), headers.get(b"host", b"").decode("latin-1")
    same_host = urlsplit(origin).hostname == urlsplit(f"//{host}").hostname
    if origin and same_host and urlsplit(origin).port in (settings.CONFIGURATION.port, None):
        return [
            (b"access-control-allow-origin", origin.encode()),
            (b"access-control-allow-credentials", b"true"),
            (b"vary", b"Origin"),
        ]
    return []


async def _answer(send: Any, status: int, headers: list[tuple[bytes, bytes]], body: bytes = b"") -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _missed(member: str, last: int) -> list[NoticeView]:
    """What a page missed while its connection was broken."""
    return [notice for notice in await _in_thread(notices_after, last) if member in notice.recipients]


async def _stream(receive: Any, send: Any, member: str, told: tuple[str, int | None]) -> None:
    cookies, last = told
    queue: asyncio.Queue[NoticeView] = asyncio.Queue(QUEUE)
    HUB.listeners[queue] = member
    # Listening first, then replaying: a notice may come twice, never not at all; pages only fetch again.
    for notice in await _missed(member, last) if last is not None else []:
        await send({"type": "http.response.body", "body": _as_message(notice), "more_body": True})

    async def pour() -> None:
        async for message in _messages(queue, cookies):
            await send({"type": "http.response.body", "body": message, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    pouring = asyncio.ensure_future(pour())
    try:
        while not pouring.done():
            hearing = asyncio.ensure_future(receive())
            await asyncio.wait({pouring, hearing}, return_when=asyncio.FIRST_COMPLETED)
            if hearing.done() and hearing.result()["type"] == "http.disconnect":
                return
            hearing.cancel()
    finally:
        HUB.listeners.pop(queue, None)
        pouring.cancel()


async def application(scope: Scope, receive: Any, send: Any) -> None:
    """The ASGI application; answers GET /events for a signed-in member, 404 to everything else."""
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                HUB.start()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return
    HUB.start()
    headers = {name.lower(): value for name, value in scope["headers"]}
    cors = _cors(headers)
    cookies = headers.get(b"cookie", b"").decode("latin-1")
    member = await _in_thread(_member_of, cookies) if scope["path"] == "/events" else None
    if member is None or scope["method"] != "GET":
        await _answer(send, 404, [(b"content-type", b"text/plain"), *cors], b"Not found\n")
        return
    stream = [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-store"), (b"x-accel-buffering", b"no")]
    await send({"type": "http.response.start", "status": 200, "headers": [*stream, *cors]})
    await _stream(receive, send, member, (cookies, _last_heard(headers, scope.get("query_string", b""))))
