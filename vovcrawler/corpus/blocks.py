"""The blocks of datatrove pipelines that read our archives: a reader, an extractor, a writer.

A document that the reader gives has no text yet, only a capture and its answer in ``metadata``; the extractor puts
the text of the article into it, and ``metadata["outcome"]``. So they also serve in pipelines of your own.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from datatrove.data import Document, DocumentsPipeline
from datatrove.pipeline.base import PipelineStep

from vovcrawler.corpus import places, scattered
from vovcrawler.corpus.answers import ROBOTS, Looker
from vovcrawler.corpus.places import File
from vovcrawler.corpus.shards import Noted, Row, ShardWriter, fill, writing
from vovcrawler.sources import Capture, Source
from vovcrawler.sources.index import Index


def share(count: int, rank: int, world_size: int) -> range:
    """Return which of *count* things the task *rank* of *world_size* has to do: neighbours, in order.

    >>> [list(share(5, rank, 2)) for rank in range(2)]
    [[0, 1], [2, 3, 4]]
    """
    return range(count * rank // world_size, count * (rank + 1) // world_size)


class ArchiveReader(PipelineStep):  # type: ignore[misc]
    """Reads the captures of articles, and of robots.txt, out of a share of *files*; revisits wait for others."""

    type = "📖 - READER"
    name = "🗞 vovcrawler archive"

    def __init__(self, files: list[File]) -> None:
        super().__init__()
        self.files = files

    def run(self, data: DocumentsPipeline, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        for number in share(len(self.files), rank, world_size):
            with scattered.unsaid():
                yield from self._read(self.files[number])

    def _read(self, file: File) -> Iterator[Document]:
        with places.local(file) as path:
            noted = Noted()
            source = Source(noted)
            source.add_file(path, file.name)
            noted.freeze()
            yield Document(text="", id=file.name, metadata={"rows": _told(noted.rows, path, file)})
            for capture in _wanted(source):
                with self.track_time():
                    answer = source.read(capture)
                self.stat_update("captures")
                yield _document(source, capture, answer)
            yield Document(text="", id=file.name, metadata={"rows": _damage(source)})
            source.close()


def _told(rows: list[Row], path: Path, file: File) -> list[Row]:
    """Return *rows* with the place of the file in the place of that of its copy here, or of what was unpacked."""
    for row in rows:
        if row[0] in ("file", "page"):
            is_whole = row[2] == os.fspath(path)
            row[2] = scattered.place(file.url, "" if is_whole else scattered.part_of(row[3], file.name))
    return rows


def _damage(source: Source) -> list[Row]:
    return [["damage", one.file, one.sentence, one.offset] for one in source.damage]


def _wanted(source: Source) -> Iterator[Capture]:
    """Yield what can be read without other files, and what says which pages might be asked for."""
    yield from (capture for capture in source.seeds() if not capture.is_revisit)
    yield from (capture for capture in source.index.others(ROBOTS) if not capture.is_revisit)


def _document(source: Source, capture: Capture, answer: Any) -> Document:
    about = {"capture": capture, "address": source.address(capture), "answer": answer}
    return Document(text="", id=json.dumps(capture.ref), metadata=about)


class RevisitReader(PipelineStep):  # type: ignore[misc]
    """Reads the captures whose bodies lie elsewhere, by tables of contents made for it: ``N.rows`` in *folder*."""

    type = "📖 - READER"
    name = "🗞 vovcrawler revisits"

    def __init__(self, folder: str) -> None:
        super().__init__()
        self.folder = folder

    def run(self, data: DocumentsPipeline, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        with scattered.unsaid():
            yield from self._read(rank)

    def _read(self, rank: int) -> Iterator[Document]:
        index = Index()
        source = scattered.Scattered(index)
        with Path(self.folder, f"{rank:05}.rows").open(encoding="utf-8", errors="surrogatepass") as file:
            refs = [row[1] for row in fill(index, map(json.loads, file))]
        index.freeze()
        for ref in refs:
            capture = source.get(ref)
            assert capture is not None
            with self.track_time():
                answer = source.read(capture)
            self.stat_update("captures")
            yield _document(source, capture, answer)
        yield Document(text="", id="", metadata={"rows": _damage(source)})
        source.close()


class ArticleExtractor(PipelineStep):  # type: ignore[misc]
    """Reads the article, or whatever else it is, out of each answer."""

    type = "🛢 - EXTRAC"
    name = "📰 vovcrawler pages"

    def run(self, data: DocumentsPipeline, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        looker = Looker.of_process()
        for document in data or ():
            about = document.metadata
            if "capture" in about:
                with self.track_time():
                    outcome = looker.look(about["capture"], about["address"], about.pop("answer"))
                self.stat_update(outcome.kind)
                about["outcome"] = outcome
                if outcome.article:
                    article = outcome.article
                    document.text = "\n\n".join(filter(None, (article.headline, article.lead, *article.body)))
            yield document


class OutcomeWriter(PipelineStep):  # type: ignore[misc]
    """Writes a shard of rows and outcomes for each task into *folder*."""

    type = "💽 - WRITER"
    name = "🗂 vovcrawler shards"

    def __init__(self, folder: str) -> None:
        super().__init__()
        self.folder = folder

    def run(self, data: DocumentsPipeline, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        with writing(Path(self.folder), rank) as shard:
            for document in data or ():
                self._write(shard, document)
                yield document

    def _write(self, shard: ShardWriter, document: Document) -> None:
        for row in document.metadata.get("rows", ()):
            shard.row(row)
        if outcome := document.metadata.get("outcome"):
            shard.outcome(document.metadata["capture"].ref, outcome)
