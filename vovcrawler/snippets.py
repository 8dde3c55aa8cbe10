"""Where in an article a search found something: its lines, in its own spelling, with the finds told apart."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left as bisect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

from vovcrawler.queries import Query, Word, spellings

# Letters of a snippet, and how much may stand before its first find.
LENGTH, _BEFORE = 240, 60

# Two syllables are mostly one word, of which neither means anything alone.
_SIDE_BY_SIDE = 2

# Where a find begins and ends, and which word it is.
_Find = tuple[int, int, Word]

_WORD = re.compile(r"[^\W_]+")
_KNOWN = 100_000


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text that is a find, or none."""

    text: str
    is_find: bool = False


class _Vocabulary:
    """What stood between two spaces so far: news repeats its words."""

    def __init__(self) -> None:
        self.known: set[str] = set()
        # By folded word: what it stood in, and how it was printed there.
        self._words: dict[str, dict[str, list[tuple[str, Word]]]] = {}

    def learn(self, chunks: set[str]) -> None:
        fresh = chunks - self.known
        for chunk in fresh:
            for piece in _WORD.findall(chunk):
                for word in spellings(piece):
                    self._words.setdefault(word.folded, {}).setdefault(chunk, []).append((piece, word))
        # Last: who finds a chunk here, in another thread, finds its words, too.
        self.known |= fresh

    def printed(self, folded: str, chunks: set[str]) -> Iterator[tuple[str, Word]]:
        """Yield how the word is printed in *chunks*."""
        standing = self._words.get(folded, {})
        for chunk in standing.keys() & chunks:
            yield from standing[chunk]

    @classmethod
    def current(cls) -> _Vocabulary:
        """Return the one that is shared; one that has grown too large is not added to any more."""
        global _vocabulary
        if len(_vocabulary.known) > _KNOWN:
            _vocabulary = cls()
        return _vocabulary


_vocabulary = _Vocabulary()


class Finder:
    """Finds the words of a query in text; phrases and neighbours count before single words."""

    def __init__(self, query: Query) -> None:
        terms = [term for terms in query.alternatives for term in terms]
        self._prefixes = tuple(term.words[-1].folded for term in terms if term.prefix)
        self._folded = frozenset(word.folded for term in terms for word in term.words)
        self._spelt = frozenset(word.spelt for term in terms for word in term.words if word.is_marked)
        # Every word, as it was typed, and two of them side by side: there is no better place to look for.
        self._plenty = 4 * len(self._folded) + 2 * len(self._spelt) + (len(self._folded) > 1)
        self._vocabulary = _Vocabulary.current()

    def runs(self, text: str) -> list[Run]:
        """Return *text* in pieces; neighbouring finds are one.

        >>> from vovcrawler.queries import parse
        >>> Finder(parse("dam phan")).runs("Vòng đàm phán mới")
        [Run(text='Vòng ', is_find=False), Run(text='đàm phán', is_find=True), Run(text=' mới', is_find=False)]
        """
        runs: list[Run] = []
        end = 0
        for start, stop in self._spans(text, _finds(text, self._printed(text))):
            if start > end:
                runs.append(Run(text[end:start]))
            runs.append(Run(text[start:stop], True))
            end = stop
        return [*runs, Run(text[end:])] if end < len(text) else runs

    def snippet(self, paragraphs: Iterable[str | None], length: int = LENGTH) -> list[Run]:
        """Return the place in *paragraphs* that shows most of the query; their beginning when there is none."""
        texts = [unicodedata.normalize("NFC", text) for text in paragraphs if text]
        whole = "\n".join(texts)
        finds = _finds(whole, self._printed(whole))
        best, at, worth = (texts[0] if texts else ""), 0, 0.0
        begin = 0
        for text in texts if finds else ():
            inside = finds[bisect(finds, (begin,)) : bisect(finds, (begin + len(text),))]
            place, found = self._best(inside, length)
            if found > worth:
                best, at, worth = text, place - begin, found
            if worth >= self._plenty:
                break
            begin += len(text) + 1
        return self.runs(_cut(best, max(0, at - _BEFORE), length))

    def _spans(self, text: str, finds: Iterable[_Find]) -> list[tuple[int, int]]:
        """Return where finds are; where some stand side by side, those that stand alone are passed over."""
        spans = list(_joined(text, finds))
        several = [span for span in spans if " " in text[span[0] : span[1]]]
        return several if several and len(self._folded) <= _SIDE_BY_SIDE else spans

    def _printed(self, text: str) -> dict[str, Word]:
        """Return how finds are printed in *text*."""
        chunks = set(text.split())
        self._vocabulary.learn(chunks)
        wanted = self._folded
        if self._prefixes:
            wanted |= _beginning(self._prefixes, chunks)
        return {piece: word for folded in wanted for piece, word in self._vocabulary.printed(folded, chunks)}

    def _best(self, finds: Sequence[_Find], length: int) -> tuple[int, float]:
        """Return where the richest *length* letters with some of *finds* begin, and how rich they are."""
        best, worth = 0, 0.0
        for first, (start, _, _) in enumerate(finds):
            inside = [find for find in finds[first : first + 40] if find[1] <= start + length - _BEFORE]
            rich = self._worth(inside)
            if rich > worth:
                best, worth = start, rich
        return best, worth

    def _worth(self, finds: Sequence[_Find]) -> float:
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


def _beginning(prefixes: tuple[str, ...], chunks: Iterable[str]) -> set[str]:
    """Return the folded words in *chunks* that begin with one of *prefixes*."""
    words = chain.from_iterable(map(spellings, chain.from_iterable(map(_WORD.findall, chunks))))
    return {word.folded for word in words if word.folded.startswith(prefixes)}


def _finds(text: str, printed: Mapping[str, Word]) -> list[_Find]:
    """Return where words stand in *text*, in order; they are given by how they may be *printed*."""
    return sorted(
        (start, start + len(piece), printed[piece]) for piece in printed for start in _places(piece, text)
    )


def _joined(text: str, finds: Iterable[_Find]) -> Iterator[tuple[int, int]]:
    """Yield where *finds* are; those with nothing but a space in between are one."""
    last: tuple[int, int] | None = None
    for start, stop, _ in finds:
        if last and not text[last[1] : start].strip():
            last = last[0], stop
            continue
        if last:
            yield last
        last = start, stop
    if last:
        yield last


def _places(word: str, text: str) -> Iterator[int]:
    """Yield where *word* stands in *text* as a word of its own.

    >>> list(_places("an", "an ninh, toàn an: an_toàn Lan an"))
    [0, 14, 18, 30]
    """
    start = text.find(word)
    while start >= 0:
        stop = start + len(word)
        if not (text[start - 1 : start].isalnum() or text[stop : stop + 1].isalnum()):
            yield start
        start = text.find(word, stop)


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
