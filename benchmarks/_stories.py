"""Stories to measure copies with: real sentences, put together at random, and edits of known size.

The sentences are those of the two bundled articles, and a hundred more that were written for this purpose in
the manner of VOV's reports (``sentences.txt``), across politics, economy, law, health, sport and the world.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from random import Random

from vovcrawler.text import clean

_ROOT = Path(__file__).parent
_DUMPS = _ROOT.parent / "fixtures"
_SENTENCE_END = re.compile(r"(?<=[.”])\s+(?=[A-ZĐ“])")
# Words of a sentence that its variants exchange: two reports then share its phrases, not the whole of it.
_EXCHANGED = 0.3


@cache
def sentences() -> tuple[str, ...]:
    """Return every sentence there is, the bundled articles' first."""
    found: list[str] = []
    for dump in sorted(_DUMPS.glob("*.txt")):
        article = dump.read_text(encoding="utf-8").partition("Mời quý độc giả")[0]
        found += [sentence for line in article.split("\n")[1:] for sentence in _SENTENCE_END.split(clean(line))]
    found += (_ROOT / "sentences.txt").read_text(encoding="utf-8").splitlines()
    return tuple(dict.fromkeys(sentence for sentence in found if len(sentence.split()) >= 12))


@cache
def words() -> tuple[str, ...]:
    """Return every word of the sentences, as often as it stands there."""
    return tuple(word for sentence in sentences() for word in sentence.split())


@cache
def variants(number: int, seed: int = 1) -> tuple[str, ...]:
    """Return *number* sentences in each of which a third of the words are others."""
    random = Random(f"variants {seed}")
    return tuple(exchange(random.choice(sentences()), _EXCHANGED, random) for _ in range(number))


def story(random: Random, pool: tuple[str, ...], *, length: int = 14) -> str:
    """Return a story of *length* sentences out of *pool*, none of them twice."""
    return " ".join(random.sample(pool, length))


def exchange(text: str, share: float, random: Random) -> str:
    """Put another word in the place of this share of the words: the edit that costs most shingles."""
    parts = text.split()
    for place in random.sample(range(len(parts)), round(len(parts) * share)):
        word = parts[place]
        while parts[place] == word:
            parts[place] = random.choice(words())
    return " ".join(parts)


def edit(text: str, share: float, random: Random) -> str:
    """Change this share of the words as an editor does: half exchanged, a quarter struck out, a quarter put in."""
    parts = text.split()
    for place in random.sample(range(len(parts)), round(len(parts) * share)):
        other = random.choice(words())
        parts[place] = random.choice((other, other, "", f"{other} {parts[place]}"))
    return " ".join(filter(None, parts))
