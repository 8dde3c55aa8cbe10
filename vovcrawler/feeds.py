"""The archive feed: a file a day with each new, revised and gone record, a projection of the catalogue.

The catalogue knows every line and where it stands, so the files are never trusted: what is torn or beyond
the last commit is cut, what is missing is written again.
"""

from __future__ import annotations

import gzip
import logging
import os
import shutil
import time
import zlib
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

from scrapy.exporters import JsonLinesItemExporter

from vovcrawler.catalogue import Catalogue, FeedLine
from vovcrawler.catalogue.store import REBUILDING
from vovcrawler.errors import StorageTrouble
from vovcrawler.items import Article, to_record
from vovcrawler.shelf import sync_folder

logger = logging.getLogger(__name__)

# Every group of lines is brought to the disk before the next is written, so only the last can be torn;
# this many lines are looked at, which is more than any group has.
DOUBTED = 1_024
# How long it takes at most (s) from the first commit of a day to its file.
_A_MOMENT = 1.0
# What only the holder of the lock writes aside; a reader may be writing elsewhere.
_ASIDE = ("feeds/*.part", "reports/*.json.part", "*/quarantine/*.part")


class RecordLines(JsonLinesItemExporter):
    """Scrapy's exporter of JSON Lines; a whole record goes to its encoder at once, in a tenth of the time."""

    _last: tuple[Article | None, bytes] = None, b""

    def export_item(self, item: Any) -> None:
        if type(item) is Article and self.fields_to_export is None:
            # Most outputs get the line that has just entered the archive feed.
            self.file.write((_exporter if self._is_like(_exporter) else self).line(item))
        else:
            super().export_item(item)

    def _is_like(self, other: RecordLines) -> bool:
        return (self.encoding, self._kwargs) == (other.encoding, other._kwargs)

    def line(self, article: Article) -> bytes:
        """Return what is written of *article*, which is not told anew when it was asked for before."""
        if self._last[0] is not article:
            text = f"{self.encoder.encode(to_record(article))}\n"
            self._last = article, text.encode(self.encoding or "ascii")
        return self._last[1]


_exporter = RecordLines(BytesIO(), encoding="utf-8")
# The fields that are judged, and where they begin in a line.
_JUDGED = tuple(Article.__slots__)[tuple(Article.__slots__).index("duplicate_of") :]
_JUDGED_FROM = b', "duplicate_of": '


def line(article: Article) -> bytes:
    """Return the line of *article* in the archive feed, as Scrapy's exporter writes it."""
    return _exporter.line(article)


def judged_line(line: bytes, article: Article) -> bytes:
    """Return the line of *article*, of which *line* was made before it was judged: it is not told anew.

    >>> facts = {"id": "text/0", "headline": '", "duplicate_of": "', "content_digest": "0"}
    >>> article, judged = Article(**facts), Article(**facts, duplicate_of="text/1", seq=7)
    >>> judged_line(line(article), judged) == line(judged)
    True
    """
    # Inside of a text, quotation marks have a stroke before them.
    told, mark, _ = line.partition(_JUDGED_FROM)
    judged = {name: value for name, value in to_record(article).items() if name in _JUDGED}
    return b"".join((told, mark[:2], _exporter.encoder.encode(judged)[1:].encode(), b"\n"))


def text_of(row: FeedLine) -> bytes:
    """Return the text of a line of the feed."""
    return line(row.article) if row.status == "gone" else row.record.encode() + b"\n"


class ArchiveFeed:
    """The feed files of one ``DATA_DIR``."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.folder = catalogue.folder / "feeds"
        self._file: BinaryIO | None = None
        self._day = ""
        self._last = catalogue.last_seq()

    # ---- going on

    def append(self) -> None:
        """Write the lines that were committed since the last call."""
        for row in self.catalogue.feed_lines(after=self._last):
            if row.day != self._day or self._file is None:
                self._open(row.day)
            assert self._file is not None
            self._file.write(text_of(row))
            self._last = row.seq
        self._sync()

    def _open(self, day: str) -> None:
        self.close()
        self.folder.mkdir(parents=True, exist_ok=True)
        self._file = self._path(day).open("ab")
        self._day = day
        sync_folder(self.folder)

    def _sync(self) -> None:
        if self._file is not None:
            self._file.flush()
            os.fsync(self._file.fileno())

    def close(self) -> None:
        """Close the file of the day; safe to repeat."""
        if self._file is not None:
            self._sync()
            self._file.close()
            self._file = None

    def _path(self, day: str) -> Path:
        return self.folder / f"articles-{day}.jsonl"

    # ---- bringing the files up to the catalogue

    def reconcile(self, today: date) -> None:
        """Make the files say what the catalogue says, and seal the days before *today*."""
        # What a killed process was writing aside.
        for torn in chain.from_iterable(map(self.catalogue.folder.glob, _ASIDE)):
            torn.unlink()
        shutil.rmtree(self.catalogue.folder / REBUILDING, ignore_errors=True)
        if self.catalogue.is_feed_stale():
            self.write_anew(today)
            return
        self._refuse_unknown_days()
        self._restore_sealed()
        self._bring_up(today)

    def write_anew(self, today: date) -> None:
        """Write all files again from the catalogue; a run that was killed in between does it once more."""
        self.catalogue.feed_is_stale()
        self.catalogue.unseal()
        self.catalogue.commit()
        for path in self.folder.glob("articles-*.jsonl"):
            path.unlink()
        days = {day for day, _ in self.catalogue.feed_days()}
        for path in self.folder.glob("articles-*.jsonl.gz"):
            if _day(path) not in days:
                path.unlink()
        self._bring_up(today)
        for path in self.folder.glob("articles-*.jsonl.gz"):
            if not self.catalogue.is_sealed(_day(path)):
                path.unlink()
        self.catalogue.feed_is_written()
        self.catalogue.commit()

    def _bring_up(self, today: date) -> None:
        days = self.catalogue.feed_days()
        for day, size in days:
            self._repair(day, size)
            # A crash while sealing may have left this; the clock may have gone back since.
            self._sealed_path(day).unlink(missing_ok=True)
        last = days[-1][0] if days else ""
        for day, _ in days:
            if day < last or day < today.isoformat():
                self._pack(day)
                self.catalogue.sealed(day)
                self.catalogue.commit()
                self._path(day).unlink()
        self._remove_sealed_plain()

    def _restore_sealed(self) -> None:
        """Write again the sealed days whose file is gone or torn."""
        for day, size in self.catalogue.sealed_days():
            if not _holds(self._sealed_path(day), size):
                logger.warning("The sealed feed of %s is missing or torn: it is written again", day)
                self._repair(day, size)
                self._pack(day)
                self._path(day).unlink()

    def _repair(self, day: str, size: int) -> None:
        path = self._path(day)
        have = path.stat().st_size if path.exists() else 0
        sound = self._sound(path, day, have) if have else 0
        if sound == have == size:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        if sound < have:
            logger.warning("The feed of %s was torn: %d bytes are cut", day, have - sound)
        with path.open("r+b" if have else "wb") as file:
            file.truncate(sound)
            file.seek(sound)
            for row in self.catalogue.feed_lines(day=day, start=sound):
                file.write(text_of(row))
            file.flush()
            os.fsync(file.fileno())
        sync_folder(self.folder)

    def _sound(self, path: Path, day: str, have: int) -> int:
        """Return how many bytes of the file are as the catalogue has them."""
        sound, agreeing = 0, 0
        with path.open("rb") as file:
            for row in self.catalogue.feed_lines(day=day, backwards=True):
                if row.start + row.length > have:
                    continue
                file.seek(row.start)
                if file.read(row.length) == text_of(row):
                    sound = sound or row.start + row.length
                    agreeing += 1
                    if agreeing >= DOUBTED:
                        break
                else:
                    sound, agreeing = 0, 0
        return sound

    # ---- proving

    def faults(self) -> Iterator[tuple[str, str]]:
        """Yield each file that does not say what the catalogue says, and what is wrong with it.

        What is missing at the end of a day that is not sealed is none: whoever is writing, or was stopped,
        comes to it after the commit.
        """
        if self.catalogue.is_feed_stale():
            return
        for day, _ in (*self.catalogue.sealed_days(), *self.catalogue.feed_days()):
            path = self._present(day)
            if fault := self._fault(path, day):
                yield path.name, fault
        for path in self._beyond():
            yield path.name, "holds lines that the catalogue does not know."

    def _present(self, day: str) -> Path:
        """Return the file of *day*, which a run may be about to make, or to seal."""
        paths = self._path(day), self._sealed_path(day)
        if not any(path.exists() for path in paths):
            time.sleep(_A_MOMENT)
        return next((path for path in paths if path.exists()), paths[self.catalogue.is_sealed(day)])

    def _fault(self, path: Path, day: str) -> str | None:
        is_sealed = path.suffix == ".gz"
        try:
            with gzip.open(path) if is_sealed else path.open("rb") as file:
                for row in self.catalogue.feed_lines(day=day):
                    expected, found = text_of(row), file.read(row.length)
                    if found != expected:
                        if expected.startswith(found) and not is_sealed:
                            return None
                        return f"line {row.seq} of the feed is not what the catalogue says."
                return "holds lines that the catalogue does not know." if is_sealed and file.read(1) else None
        except FileNotFoundError:
            return "is missing."
        except (EOFError, zlib.error, OSError) as error:
            return f"cannot be read: {getattr(error, 'strerror', None) or str(error).rstrip('.')}."

    # ---- sealing

    def _sealed_path(self, day: str) -> Path:
        return self.folder / f"articles-{day}.jsonl.gz"

    def _pack(self, day: str) -> None:
        """Compress the file of *day* beside it."""
        sealed = self._sealed_path(day)
        aside = sealed.with_name(sealed.name + ".part")
        with self._path(day).open("rb") as source, aside.open("wb") as file:
            # No name and no time inside: the same lines give the same file.
            with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as packed:
                shutil.copyfileobj(source, packed)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(sealed)
        sync_folder(self.folder)

    def _remove_sealed_plain(self) -> None:
        """A crash between the last two steps of sealing leaves both files."""
        for sealed in self.folder.glob("articles-*.jsonl.gz"):
            if self.catalogue.is_sealed(_day(sealed)):
                sealed.with_suffix("").unlink(missing_ok=True)

    def _refuse_unknown_days(self) -> None:
        """Lines that the catalogue never had are not ours to remove when they are a whole day and more."""
        for path in self._beyond():
            raise StorageTrouble(
                f"{str(path)!r} holds lines that the catalogue does not know (is it an old copy?);"
                " run scrapy catalogue rebuild, or put the file aside."
            )

    def _beyond(self) -> list[Path]:
        """Return the files with lines of days after the last that is known."""
        paths = sorted(self.folder.glob("articles-*.jsonl*"))
        known = self.catalogue.last_day() or ""
        return [path for path in paths if _day(path) > known and path.stat().st_size]


def _holds(sealed: Path, size: int) -> bool:
    """Whether a gzip file is there and says at its end that *size* bytes are in it."""
    try:
        with sealed.open("rb") as file:
            file.seek(-4, os.SEEK_END)
            return int.from_bytes(file.read(), "little") == size % 2**32
    except OSError:
        return False


def _day(path: Path) -> str:
    return path.name.removeprefix("articles-").partition(".")[0]
