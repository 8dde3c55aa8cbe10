"""``scrapy catalogue ingest``: WARC files of other tools, taken into the archive."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import BaseSettings, Settings
from scrapy.utils.misc import load_object

from vovcrawler import __version__, dates, ingest, running
from vovcrawler.archive import max_bytes
from vovcrawler.catalogue import Catalogue
from vovcrawler.cli import say
from vovcrawler.errors import StorageTrouble
from vovcrawler.shelf import Shelf, mend
from vovcrawler.sources import open_source
from vovcrawler.sources.captures import Damage
from vovcrawler.warc import writing

SHORT = "Take WARC and WACZ files of other tools into the archive"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="+", metavar="PATH", help="a .warc(.gz) or .wacz file, or a folder of them")


def run(args: argparse.Namespace, settings: BaseSettings) -> int:
    now: datetime = load_object(settings["CLOCK"])().astimezone(UTC)
    name = f"{now:%Y%m%dT%H%M%S%f}"[:18] + "Z"
    folder = Path(settings["DATA_DIR"])
    with Catalogue.open(folder, run=name) as catalogue:
        taking = _Taking(catalogue, folder / "warc", name, max_bytes(settings), dates.warc_date(now))
        for stream in ingest.streams([Path(path) for path in args.paths]):
            taking.take(stream)
    code = _read(taking, settings) if taking.unread else 0
    if code == 0:
        with Catalogue.open(folder, run=name) as catalogue:
            for digest, names in taking.unread.items():
                _note(catalogue, digest, names, is_read=True)
    for damage in taking.damage:
        say(f"Left out: {damage}")
    return StorageTrouble.exit_code if taking.damage else code


class _Taking:
    """Copies streams that the archive does not hold yet; knows which copies are still to be read."""

    def __init__(self, catalogue: Catalogue, folder: Path, name: str, limit: int, date: str) -> None:
        self.catalogue, self.folder = catalogue, folder
        self.name, self.limit, self.date = name, limit, date
        self.unread: dict[str, list[str]] = {}
        self.damage: list[Damage] = []
        for mended in mend(folder):
            say(f"Closed {mended.name}, which a stopped run had left open; {mended.cut} bytes were cut off.")

    def take(self, stream: ingest.Stream | Damage) -> None:
        """Copy *stream*, unless that was done before."""
        if isinstance(stream, Damage):
            self.damage.append(stream)
            return
        digest = stream.digest()
        names, is_read = self._known(stream, digest)
        if names:
            say(f"{stream.name} is in the archive already, as {', '.join(names)}.")
        else:
            copied = ingest.copy(stream, self._shelf(stream, digest))
            self.damage += copied.damage
            names = copied.names
            say(f"Copied {copied.records} records of {stream.name} to {', '.join(names) or 'no file'}.")
            _note(self.catalogue, digest, names, is_read=False)
        if not is_read:
            self.unread[digest] = names

    def _known(self, stream: ingest.Stream, digest: str) -> tuple[list[str], bool]:
        """Return the copies of *stream* in the archive, and whether the catalogue has read them."""
        noted = json.loads(self.catalogue.note(_key(digest)) or "{}")
        if noted and all((self.folder / name).exists() for name in noted["names"]):
            return noted["names"], noted["is_read"]
        found = ingest.copies(self.folder, digest)
        count = 0
        for path in found:
            with path.open("rb", buffering=0) as file:
                # The first one is ours.
                count += ingest.whole_records(file) - 1
        if found and count == ingest.whole_records(stream.file, stream.start, stream.stop):
            return [path.name for path in found], False
        # What nobody took note of was torn by whatever ended its run.
        for path in found:
            path.unlink()
        return [], False

    def _shelf(self, stream: ingest.Stream, digest: str) -> Shelf:
        def opening(name: str) -> bytes:
            facts = {
                "software": f"vovcrawler/{__version__}",
                "format": "WARC File Format 1.1",
                "isPartOf": self.name,
                "ingested-from": stream.name.rpartition("/")[2],
                ingest.FIELD: digest,
            }
            return writing.warcinfo(name, self.date, facts).member

        return Shelf(self.folder, self.name, self.limit, opening)


def _key(digest: str) -> str:
    return f"ingested {digest}"


def _note(catalogue: Catalogue, digest: str, names: list[str], *, is_read: bool) -> None:
    catalogue.set_note(_key(digest), json.dumps({"names": names, "is_read": is_read}))
    catalogue.commit()


def _read(taking: _Taking, settings: BaseSettings) -> int:
    """Send the copies along the path of a crawl, into the catalogue and the feed."""
    paths = [taking.folder / name for names in taking.unread.values() for name in names]
    if not paths:
        return 0
    source = open_source(paths)
    has_articles = next(source.seeds(), None) is not None
    source.close()
    if not has_articles:
        return 0
    chosen = Settings(settings)
    values = {"INGEST": True, "REPLAY_SOURCE": [str(path) for path in paths], "RUN_NAME": taking.name}
    chosen.setdict(values, priority="cmdline")
    process = AsyncCrawlerProcess(chosen)
    return running.crawl(process, process.create_crawler("article"), {"hops": "0"})
