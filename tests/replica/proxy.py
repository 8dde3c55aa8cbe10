"""The forward proxy on 127.0.0.1 behind which the replica of vov.vn stands.

It takes plain requests with an absolute address and CONNECT, whose TLS it ends itself, so the program
under test crawls the real addresses unmodified. It answers for every host there is: what leaves the
hosts of VOV gets status 599 and stands in the log. What is answered is decided in ``site.py``.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import BinaryIO, Self
from urllib.parse import urlsplit

from .answer import Answer, Asked, Headers
from .certificate import server_context
from .site import Site


class Replica:
    """A running proxy in front of a :class:`Site`, with the log of everything it was asked."""

    def __init__(self, site: Site | None = None, port: int = 0) -> None:
        self.site = site or Site()
        self._lock = threading.Lock()
        self._log: list[Asked] = []
        self._tunnels: list[str] = []
        self._open: set[socket.socket] = set()
        self._closing = False
        self._listener_of_log: Callable[[Asked], object] = lambda _: None
        self._listener = socket.create_server(("127.0.0.1", port), backlog=256)
        self.port: int = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._accept, name="replica", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # ---- what was asked

    @property
    def log(self) -> list[Asked]:
        """Every request so far, in the order in which it came."""
        with self._lock:
            return list(self._log)

    @property
    def tunnels(self) -> list[str]:
        """Every ``host:port`` that CONNECT asked for, whether or not a request followed."""
        with self._lock:
            return list(self._tunnels)

    def listen(self, listener: Callable[[Asked], object]) -> None:
        """Call *listener* with each request, before its answer goes out."""
        self._listener_of_log = listener

    def forget(self) -> None:
        """Empty the log, between two runs."""
        with self._lock:
            self._log.clear()
            self._tunnels.clear()

    def asked(self, *, robots: bool = False) -> list[str]:
        """Every address asked for, in order and with repeats; ``robots.txt`` only on demand."""
        return [line.url for line in self.log if robots or not line.url.endswith("/robots.txt")]

    def counts(self) -> Counter[str]:
        """How often each address was asked for, ``robots.txt`` left out."""
        return Counter(self.asked())

    def hosts(self) -> set[str]:
        """Every host that a request or a tunnel went to."""
        hosts = {urlsplit(line.url).hostname or "" for line in self.log}
        return hosts | {tunnel.rpartition(":")[0].lower() for tunnel in self.tunnels}

    def most_at_once(self) -> int:
        """The largest number of requests that were being answered at the same moment."""
        now = time.monotonic()
        edges = [(line.at, 1) for line in self.log]
        edges += [(now if line.ended is None else line.ended, -1) for line in self.log]
        most = current = 0
        for _, step in sorted(edges):
            current += step
            most = max(most, current)
        return most

    # ---- the server

    def close(self) -> None:
        """Stop, and drop every connection."""
        self._closing = True
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(timeout=5)
        with self._lock:
            connections = list(self._open)
        for connection in connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        while not self._closing:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with self._lock:
            self._open.add(connection)
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._converse(connection)
        except (OSError, ValueError):  # dropped by the other side, or no HTTP at all
            pass
        finally:
            with self._lock:
                self._open.discard(connection)
            connection.close()

    def _converse(self, connection: socket.socket) -> None:
        with connection.makefile("rb") as stream:
            while request := _read_request(stream):
                method, target, headers, body = request
                if method == "CONNECT":
                    with self._lock:
                        self._tunnels.append(target)
                    connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                    self._tunnel(connection, target)
                    return
                if not self._answer(connection, method, _address("http", target, headers), headers, body):
                    return

    def _tunnel(self, connection: socket.socket, target: str) -> None:
        port = target.rpartition(":")[2]
        authority = target.removesuffix(":443")
        scheme = "https" if port != "80" else "http"
        with (
            server_context().wrap_socket(connection, server_side=True) as secure,
            secure.makefile("rb") as stream,
        ):
            with self._lock:
                self._open.add(secure)
            try:
                while request := _read_request(stream):
                    method, path, headers, body = request
                    url = _address(scheme, path, [("Host", authority)])
                    if not self._answer(secure, method, url, headers, body):
                        return
            finally:
                with self._lock:
                    self._open.discard(secure)

    def _answer(self, sock: socket.socket, method: str, url: str, headers: Headers, body: bytes) -> bool:
        """Answer one request; say whether the connection may be kept."""
        asked = Asked(time.monotonic(), datetime.now(UTC), method, url, headers, body)
        with self._lock:  # in the log before the answer: whatever the crawler saw, the log has seen
            answer = self.site.answer(asked)
            asked.status = answer.status
            self._log.append(asked)
        self._listener_of_log(asked)
        try:
            good = _deliver(sock, answer, method)
        finally:
            asked.ended = time.monotonic()
        return good and (asked.header("Connection") or "").lower() != "close"


def _read_request(stream: BinaryIO) -> tuple[str, str, Headers, bytes] | None:
    line = stream.readline(1 << 16).decode("latin-1").strip()
    if not line:
        return None
    method, target, _ = line.split(" ", 2)
    headers: Headers = []
    while raw := stream.readline(1 << 16).decode("latin-1").strip():
        name, _, value = raw.partition(":")
        headers.append((name, value.strip()))
    length = next((int(value) for name, value in headers if name.lower() == "content-length"), 0)
    return method, target, headers, stream.read(length)


def _address(scheme: str, target: str, headers: Headers) -> str:
    if "://" in target.split("?")[0]:
        return target
    host = next((value for name, value in headers if name.lower() == "host"), "unknown.invalid")
    return f"{scheme}://{host}{target}"


def _deliver(sock: socket.socket, answer: Answer, method: str) -> bool:
    """Send *answer* as it wants to be sent; say whether the connection is still good for another."""
    if answer.delay:
        time.sleep(answer.delay)
    payload = answer.payload()
    head = answer.head(payload)
    if method == "HEAD" or answer.status in (204, 304):
        sock.sendall(head)
        return True
    pieces = list(_pieces(payload, answer))
    if not answer.trickle:
        sock.sendall(head + b"".join(pieces))
    else:
        sock.sendall(head)
        for piece in pieces:
            sock.sendall(piece)
            time.sleep(answer.trickle[1])
    return answer.cut is None and answer.length in (None, len(payload)) and not answer.is_endless


def _pieces(payload: bytes, answer: Answer) -> list[bytes]:
    """Split the body as it is sent; a cut leaves its rest, and the last chunk, away."""
    kept = payload if answer.cut is None else payload[: answer.cut]
    size = answer.trickle[0] if answer.trickle else (4096 if answer.chunked else max(len(kept), 1))
    parts = [kept[at : at + size] for at in range(0, len(kept), size)]
    if not answer.chunked:
        return parts
    end = [] if answer.cut is not None else [b"0\r\n\r\n"]
    return [b"%x\r\n%b\r\n" % (len(part), part) for part in parts] + end
