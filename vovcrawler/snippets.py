"""Where in an article a search found something: its lines, in its own spelling, with the finds told apart."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from vovcrawler.queries import Query, Word, spellings

# Letters of a snippet, and how much may stand before its first find.
LENGTH, _BEFORE = 240, 60

# Two syllables are mostly one word, of which neither means anything alone.
_SIDE_BY_SIDE = 2

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text that is a find, or none."""

    text: str
    is_find: bool = False


class Finder:
    """Finds the words of a query in text; phrases and neighbours count before single words."""

    def __init__(self, query: Query) -> None:
        terms = [term for terms in query.alternatives for term in terms]
        self._phrases = [[word.folded for word in term.words] for term in terms]
        self._prefixes = tuple(term.words[-1].folded for term in terms if term.prefix)
        self._folded = frozenset(folded for phrase in self._phrases for folded in phrase)
        self._spelt = frozenset(word.spelt for term in terms for word in term.words if word.is_marked)
        # Every word, as it was typed, and two of them side by side: there is no better place to look for.
        self._plenty = 4 * len(self._folded) + 2 * len(self._spelt) + (len(self._folded) > 1)
        # What stood between spaces so far, which of it holds a find, and how finds are printed.
        self._known: set[str] = set()
        self._telling: set[str] = set()
        self._printed: dict[str, Word] = {}
        self._pattern = re.compile("(?!)")

    def runs(self, text: str) -> list[Run]:
        """Return *text* in pieces; neighbouring finds are one.

        >>> from vovcrawler.queries import parse
        >>> Finder(parse("dam phan")).runs("Vòng đàm phán mới")
        [Run(text='Vòng ', is_find=False), Run(text='đàm phán', is_find=True), Run(text=' mới', is_find=False)]
        """
        runs: list[Run] = []
        end = 0
        for start, stop in self._spans(text):
            if start > end:
                runs.append(Run(text[end:start]))
            runs.append(Run(text[start:stop], True))
            end = stop
        return [*runs, Run(text[end:])] if end < len(text) else runs

    def snippet(self, paragraphs: Iterable[str | None], length: int = LENGTH) -> list[Run]:
        """Return the place in *paragraphs* that shows most of the query; their beginning when there is none."""
        texts = [unicodedata.normalize("NFC", text) for text in paragraphs if text]
        best, at, worth = (texts[0] if texts else ""), 0, 0.0
        for text in texts:
            place, found = self._best(text, length)
            if found > worth:
                best, at, worth = text, place, found
            if worth >= self._plenty:
                break
        return self.runs(_cut(best, max(0, at - _BEFORE), length))

    def _spans(self, text: str) -> list[tuple[int, int]]:
        """Return where finds are; where some stand side by side, those that stand alone are passed over."""
        spans = list(self._joined(text))
        several = [span for span in spans if " " in text[span[0] : span[1]]]
        return several if several and len(self._folded) <= _SIDE_BY_SIDE else spans

    def _joined(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield where finds are; those with nothing but a space in between are one."""
        last: tuple[int, int] | None = None
        for start, stop, _ in self._finds(text):
            if last and not text[last[1] : start].strip():
                last = last[0], stop
                continue
            if last:
                yield last
            last = start, stop
        if last:
            yield last

    def _finds(self, text: str) -> list[tuple[int, int, Word]]:
        # News repeats its words: most of them were looked at before, and most paragraphs have no find.
        chunks = set(text.split())
        self._learn(chunks - self._known)
        if self._telling.isdisjoint(chunks):
            return []
        return [(find.start(), find.end(), self._printed[find[0]]) for find in self._pattern.finditer(text)]

    def _learn(self, chunks: set[str]) -> None:
        self._known |= chunks
        before = len(self._printed)
        for chunk in chunks:
            for piece in _WORD.findall(chunk):
                for word in spellings(piece):
                    if word.folded in self._folded or (self._prefixes and word.folded.startswith(self._prefixes)):
                        self._telling.add(chunk)
                        self._printed.setdefault(piece, word)
        if len(self._printed) > before:
            self._pattern = re.compile(rf"(?<![^\W_])(?:{'|'.join(self._printed)})(?![^\W_])")

    def _best(self, text: str, length: int) -> tuple[int, float]:
        """Return where the richest *length* letters of *text* begin, and how rich they are."""
        finds = self._finds(text)
        best, worth = 0, 0.0
        for first, (start, _, _) in enumerate(finds):
            inside = [find for find in finds[first : first + 40] if find[1] <= start + length - _BEFORE]
            rich = self._worth(inside)
            if rich > worth:
                best, worth = start, rich
        return best, worth

    def _worth(self, finds: Sequence[tuple[int, int, Word]]) -> float:
        kinds = {word.folded for _, _, word in finds}
        spelt = {word.spelt for _, _, word in finds} & self._spelt
        near = sum(1 for one, other in pairwise(finds) if other[0] - one[1] <= 2)
        return 4 * len(kinds) + 2 * len(spelt) + min(near, 4)


def marked(runs: Iterable[Run], wrap: Callable[[str], str] = "**{}**".format) -> str:
    """Return *runs* as one line, with each find wrapped.

    >>> marked([Run("Vòng "), Run("đàm phán", True)])
    'Vòng **đàm phán**'
    """
    return "".join(wrap(run.text) if run.is_find else run.text for run in runs)


def _cut(text: str, start: int, length: int) -> str:
    """Return about *length* letters of *text*, whole words, with "…" where something is left out.

    >>> _cut("một hai ba bốn năm", 5, 8)
    '… ba bốn …'
    """
    start = max(0, min(start, len(text) - length))
    if start:
        start = text.find(" ", start - 1, start + 30) + 1 or start
    stop = start + length
    if stop < len(text):
        stop = max(text.rfind(" ", start, stop + 1), 0) or stop
    return ("… " if start else "") + text[start:stop].strip() + (" …" if stop < len(text) else "")
