"""``scrapy serve``: the reading room."""

from __future__ import annotations

import argparse
import logging
import socket
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from scrapy.settings import BaseSettings

from vovcrawler import context
from vovcrawler.cli import QuietCommand
from vovcrawler.errors import Trouble, UsageTrouble

# How many seconds the pages that are on their way have when the room is closed.
_PATIENCE = 3


class Command(QuietCommand):
    """Open the reading room: browse, search, compare and cite in a browser."""

    def syntax(self) -> str:
        return "[--port 8001] [--host 127.0.0.1] [--allow-sql on|off]"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--port", metavar="N", default="8001", help="the port (default 8001)")
        parser.add_argument(
            "--host", default="127.0.0.1", help="the address; others than this machine need 0.0.0.0"
        )
        parser.add_argument(
            "--allow-sql", metavar="on|off", default="on", help="whether readers may send SQL (default on)"
        )

    def act(self, args: argparse.Namespace, settings: BaseSettings) -> int:
        if args.allow_sql not in ("on", "off"):
            raise UsageTrouble(f"--allow-sql {args.allow_sql!r} is neither on nor off.")
        if not args.host.strip():
            raise UsageTrouble("--host '' names no address; 0.0.0.0 is every one of this machine.")
        port = _port(args.port)
        # Nobody else needs it, and it takes its time.
        from vovcrawler.room import open_room

        clock = context.clock_of(settings)
        room = open_room(Path(settings["DATA_DIR"]), allow_sql=args.allow_sql == "on", clock=clock)
        # That is how a room is closed; SIGTERM comes as one, too.
        with _listening(args.host, port) as listener, suppress(KeyboardInterrupt):
            host, port = listener.getsockname()[:2]
            print(
                f"The reading room is open at http://{_place(host, port)}/ (Ctrl-C closes it).",
                file=sys.stderr,
                flush=True,
            )
            _answer(room.app(), listener)
        return 0


def _answer(app: Any, listener: socket.socket) -> None:
    """Answer readers until a signal comes; one who does not take his page holds the end up for seconds only."""
    import uvicorn

    class Server(uvicorn.Server):
        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            # That a page was broken off then is no error.
            logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
            await super().shutdown(sockets)

    config = uvicorn.Config(app, log_level="warning", lifespan="on", timeout_graceful_shutdown=_PATIENCE)
    Server(config).run(sockets=[listener])


def _port(typed: str) -> int:
    if typed.isascii() and typed.isdecimal() and int(typed[:6]) < 65_536:
        return int(typed[:6])
    raise UsageTrouble(f"--port {typed!r} is no port, such as 8001.")


def _listening(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=256)
    except OSError as error:
        why = f"{error.strerror}; try another --port or --host"
        raise Trouble(f"The room cannot open at {_place(host, port)}: {why}.") from None


def _place(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
