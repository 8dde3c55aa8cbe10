"""What a reader types into a search box, read as a search: nothing that can be typed is an error.

A query is words, "phrases in quotes", -words to leave out, prefixes* and OR between alternatives. Words are found
with or without their marks; how near a text comes to what was typed is told by the *sense* of an expression.
Here are words and expressions for FTS5; the index itself is the catalogue's.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import lru_cache

from vovcrawler.letters import fold

# A token that every document has: something to subtract from when all that is typed is "-word".
EVERY = "§"
# A query longer than this is cut: nobody means it.
MAX_TYPED, MAX_TERMS, MAX_WORD = 2_000, 24, 40

_WORD = re.compile(r"[^\W_]+")
_CHUNK = re.compile(r'(?P<minus>-?)(?:"(?P<phrase>[^"]*)"?(?P<star>\*?)|(?P<plain>[^\s"]+))')
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"') | dict.fromkeys("\x00", " "))
# "hoà" and "hòa" are one word; so are "thuý" and "thúy".
_OLD_STYLE = dict(
    pair.split("=")
    for pair in (
        *("oà=òa", "oá=óa", "oả=ỏa", "oã=õa", "oạ=ọa", "oè=òe", "oé=óe", "oẻ=ỏe", "oẽ=õe", "oẹ=ọe"),
        *("uỳ=ùy", "uý=úy", "uỷ=ủy", "uỹ=ũy", "uỵ=ụy"),
    )
)
_NEW_STYLE = re.compile("|".join(_OLD_STYLE))

# Returns words of the index that begin so.
Vocabulary = Callable[[str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it is compared: in small letters with its marks, and without them."""

    spelt: str
    folded: str

    @property
    def is_marked(self) -> bool:
        """Whether the word has marks to compare at all."""
        return self.spelt != self.folded


def words(text: str) -> list[Word]:
    """Return the words of *text*, in order.

    >>> [word.folded for word in words("Đàm phán: 26/5, VOV.VN")]
    ['dam', 'phan', '26', '5', 'vov', 'vn']
    >>> words("Hoà") == words("HÒA")
    True
    """
    return [word for piece in _WORD.findall(unicodedata.normalize("NFC", text)) for word in spellings(piece)]


# News repeats its words: most of them were folded before.
@lru_cache(maxsize=65_536)
def spellings(piece: str) -> tuple[Word, ...]:
    """Return the word that *piece* is, letters and digits in NFC; a few letters fold to several words or to none.

    >>> spellings("Đàm")
    (Word(spelt='đàm', folded='dam'),)
    """
    folded = _WORD.findall(fold(piece))
    if len(folded) != 1:
        return tuple(Word(part[:MAX_WORD], part[:MAX_WORD]) for part in folded)
    spelt = unicodedata.normalize("NFC", piece.casefold())
    if not spelt.isascii():
        spelt = _NEW_STYLE.sub(lambda match: _OLD_STYLE[match[0]], spelt)
    # Letters of other scripts may fold to what is no single word there; then there are no marks to compare.
    spelt = spelt if _WORD.fullmatch(spelt) else folded[0]
    return (Word(spelt[:MAX_WORD], folded[0][:MAX_WORD]),)


class Sense(IntEnum):
    """How much of what was typed has to be spelt so in the text."""

    FOLDED = 0
    SOME_MARKS = 1
    ALL_MARKS = 2


class Closeness(IntEnum):
    """How close together the words of an alternative have to stand."""

    ANYWHERE = 0
    NEAR = 1
    ADJACENT = 2


_NEAR = 10


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand side by side; of a *prefix* the last one only begins so."""

    words: tuple[Word, ...]
    prefix: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Query:
    """What was typed: alternatives of terms, and what must not be there. Without a word it has neither."""

    alternatives: tuple[tuple[Term, ...], ...] = ()
    excluded: tuple[Term, ...] = field(default=())

    def senses(self) -> list[Sense]:
        """Return the senses worth asking for, the closest to what was typed first."""
        marked = max((len(_marked(terms)) for terms in self.alternatives), default=0)
        if marked > 1:
            return [Sense.ALL_MARKS, Sense.SOME_MARKS, Sense.FOLDED]
        return [Sense.ALL_MARKS, Sense.FOLDED] if marked else [Sense.FOLDED]

    def closenesses(self) -> list[Closeness]:
        """Return the closenesses worth asking for, the closest first."""
        lengths = [sum(len(term.words) for term in terms) for terms in self.alternatives if len(terms) > 1]
        if not lengths or any(term.prefix for terms in self.alternatives for term in terms):
            return [Closeness.ANYWHERE]
        near = [Closeness.NEAR] if max(lengths) > 2 else []
        return [Closeness.ADJACENT, *near, Closeness.ANYWHERE]

    def wanted(
        self, vocabulary: Vocabulary, sense: Sense = Sense.FOLDED, closeness: Closeness = Closeness.ANYWHERE
    ) -> str:
        """Return the FTS5 expression of what has to be there; words that prefixes begin are in *vocabulary*."""
        if not self.alternatives:
            return _quoted([EVERY])
        return _any(
            [_all([*_near(terms, closeness, vocabulary), *_spelt(terms, sense)]) for terms in self.alternatives]
        )

    def unwanted(self, vocabulary: Vocabulary) -> str | None:
        """Return the FTS5 expression of what must not be there, in whatever place.

        What is typed with marks is left out with those marks: "-má" leaves "ma" where it is.
        """
        parts = [_all([_folded(term, vocabulary), *_spelt([term], Sense.ALL_MARKS)]) for term in self.excluded]
        return _any(parts) if parts else None


def parse(typed: str) -> Query:
    """Read *typed*, whatever it is.

    >>> [[term.words[0].folded for term in terms] for terms in parse("Triều Tiên OR Hàn Quốc -Mỹ").alternatives]
    [['trieu', 'tien'], ['han', 'quoc']]
    >>> parse('"đàm phán').alternatives[0][0].words[1].spelt, parse("ngoại giao*").alternatives[0][1].prefix
    ('phán', True)
    >>> parse("* NEAR( ").alternatives, parse('"" -') == Query()
    (((Term(words=(Word(spelt='near', folded='near'),), prefix=False),),), True)
    """
    chunks = list(_CHUNK.finditer(typed[:MAX_TYPED].translate(_QUOTES)))
    alternatives: list[list[Term]] = [[]]
    excluded: list[Term] = []
    split = False
    for place, chunk in enumerate(chunks[: MAX_TERMS * 2]):
        # "OR" and "AND" between words are what they say; alone they are words.
        if (
            chunk["plain"] in ("OR", "AND", "|")
            and not chunk["minus"]
            and alternatives[-1]
            and place + 1 < len(chunks)
        ):
            split = chunk["plain"] != "AND"
            continue
        if (term := _term(chunk)) is None:
            continue
        if chunk["minus"]:
            excluded.append(term)
            continue
        if split:
            alternatives.append([])
            split = False
        alternatives[-1].append(term)
    kept = _cut(alternatives)
    return Query(alternatives=kept, excluded=tuple(excluded[:MAX_TERMS]))


def _cut(alternatives: Iterable[Sequence[Term]]) -> tuple[tuple[Term, ...], ...]:
    room = MAX_TERMS
    kept = []
    for terms in alternatives:
        if terms and room:
            kept.append(tuple(terms[:room]))
            room -= len(kept[-1])
    return tuple(kept)


def _term(chunk: re.Match[str]) -> Term | None:
    typed = chunk["phrase"] if chunk["phrase"] is not None else chunk["plain"]
    found = tuple(words(typed))[:MAX_TERMS]
    return Term(found, prefix=bool(chunk["star"]) or typed.rstrip().endswith("*")) if found else None


def _marked(terms: Iterable[Term]) -> list[Word]:
    """Return the whole words of *terms* that have marks, each once."""
    whole = (word for term in terms for word in (term.words[:-1] if term.prefix else term.words))
    return list(dict.fromkeys(word for word in whole if word.is_marked))


# ---- FTS5: every string in quotes, none from the reader without having been read as a word


def _near(terms: Sequence[Term], closeness: Closeness, vocabulary: Vocabulary) -> list[str]:
    if closeness is Closeness.ANYWHERE or len(terms) == 1:
        return [_folded(term, vocabulary) for term in terms]
    if closeness is Closeness.ADJACENT:
        return [_folded(Term(tuple(word for term in terms for word in term.words)), vocabulary)]
    return [f"NEAR({' '.join(_folded(term, vocabulary) for term in terms)}, {_NEAR})"]


def _folded(term: Term, vocabulary: Vocabulary) -> str:
    head = [word.folded for word in term.words]
    if not term.prefix:
        return _quoted(head)
    return _any([_quoted([*head[:-1], last]) for last in vocabulary(head[-1])] or [_quoted(head)])


def _spelt(terms: Iterable[Term], sense: Sense) -> list[str]:
    if sense is Sense.FOLDED:
        return []
    spelt = [_quoted([word.spelt]) for word in _marked(terms)]
    return spelt if sense is Sense.ALL_MARKS else [_any(spelt)] if spelt else []


def _quoted(tokens: Iterable[str]) -> str:
    return f'"{" ".join(tokens)}"'


def _all(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"({' AND '.join(parts)})"


def _any(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"({' OR '.join(parts)})"
