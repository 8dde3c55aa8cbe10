"""A page as a tree that answers selectors.

What the elements mean is not known here; see :mod:`vovcrawler.pages.layouts`.
"""

from __future__ import annotations

import operator
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, lru_cache
from typing import NamedTuple

from lxml import etree

from vovcrawler.pages.parsing import Element as Element
from vovcrawler.pages.parsing import Source, parse

_PART = re.compile(
    r"(?P<tag>^[a-z][\w-]*|\*)|\.(?P<word>[\w-]+)|#(?P<id>[\w-]+)|\[(?P<name>[\w-]+)(?:(?P<how>[*^$]?)=\"?(?P<value>[^\"\]]*)\"?)?\]"
)
_HEADS_RELATED = re.compile(r"quan[\W\d]*$|\brelated\b", re.IGNORECASE)
_LONGEST_HEADING = 60
# Tags that are asked for on every page: their elements are found at one go.
_ASKED = frozenset(["article", "base", "figure", "form", "h1", "link", "meta", "script", "title"])


class Document:
    """A parsed page that finds its elements by tag, class word, id and attribute."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.root = parse(source)
        # As long as they are held, every other look at them is cheap.
        self.elements: list[Element] = list(self.root.iter())
        self.by_id: dict[str, Element] = {}
        self._by_attribute: defaultdict[str, list[Element]] = defaultdict(list)
        self._by_class: defaultdict[str, list[Element]] = defaultdict(list)
        self._by_word: defaultdict[str, list[list[Element]]] = defaultdict(list)
        self._by_tag: dict[str, list[Element]] = {}
        self._known: dict[str, list[Element]] = {}
        self._index()

    def _index(self) -> None:
        """Look at every attribute once, its name first; of several elements with one id the first counts."""
        by_class, by_attribute = self._by_class, self._by_attribute
        for element in self.elements:
            for name in element.keys():  # noqa: SIM118 - to go through an element gives those inside it
                if name == "class":
                    by_class[element.get("class", "")].append(element)
                else:
                    by_attribute[name].append(element)
        for named, elements in by_class.items():
            for word in _class_words(named):
                self._by_word[word].append(elements)
        for element in by_attribute.get("id", ()):
            if name := element.get("id"):
                self.by_id.setdefault(name, element)

    @cached_property
    def texts(self) -> list[str | None]:
        """What every element says before the first one inside it; scripts, the longest of all, say nothing."""
        return [element.text if element.tag != "script" else None for element in self.elements]

    @cached_property
    def tails(self) -> list[str | None]:
        """What is said behind every element."""
        return [element.tail for element in self.elements]

    def span(self, element: Element) -> tuple[int, int]:
        """Return the place of *element*, and that of the first one behind all inside it."""
        order, outer = self.order, element
        while (behind := outer.getnext()) is None:
            if (around := outer.getparent()) is None:
                return order[element], len(self.elements)
            outer = around
        return order[element], order[behind]

    @cached_property
    def suspects(self) -> list[Element]:
        """Elements whose own text may be the end of the heading "Tin liên quan", with or without its marks."""
        found = set(self._at(_heads_related(self.texts)))
        behind = self._at(_heads_related(self.tails))
        found.update(around for element in behind if (around := element.getparent()) is not None)
        return sorted(found, key=self.order.__getitem__) if len(found) > 1 else list(found)

    def _at(self, places: Iterable[int]) -> Iterator[Element]:
        return map(self.elements.__getitem__, places)

    def with_word(self, word: str) -> list[Element]:
        """Return the elements whose class has *word*, in page order."""
        found = self._by_word.get(word)
        if not found:
            return []
        if len(found) > 1:  # several classes with this word: their elements are merged once
            found[:] = [self._in_order(found)]
        return found[0]

    def _count(self, word: str) -> int:
        return sum(map(len, self._by_word.get(word, ())))

    def tags(self, name: str) -> list[Element]:
        """Return every element of a tag, in page order."""
        if name not in self._by_tag:
            if name in _ASKED:
                self._by_tag.update((each, []) for each in _ASKED)
                for element in self.root.iter(*_ASKED):
                    self._by_tag[element.tag].append(element)
            else:
                self._by_tag[name] = list(self.root.iter(name))
        return self._by_tag[name]

    @cached_property
    def order(self) -> dict[Element, int]:
        """The place of every element in the page."""
        return dict(zip(self.elements, range(len(self.elements)), strict=True))

    def all(self, selector: str) -> list[Element]:
        """Return what *selector* matches: tag, ``.class``, ``#id`` and ``[attribute]``, a space for "inside"."""
        word, first, rest = _compile(selector)
        if word:
            return self.with_word(word)
        if (known := self._known.get(selector)) is not None:
            return known
        found = self._matching(first)
        for step in rest:
            found = self._inside(found, step) if found else []
        self._known[selector] = found
        return found

    def _matching(self, step: _Step) -> list[Element]:
        found = self._candidates(step)
        if not found or step.is_word:
            return found
        if step.tag and len(step.attributes) == 1 and not (step.words or step.id):
            [(name, how, value)] = step.attributes
            if value and found is self._by_tag.get(step.tag):
                fits = _FITS[how]
                return [element for element in found if fits(element.get(name, ""), value)]
        return [element for element in found if step.matches(element)]

    def _inside(self, bases: list[Element], step: _Step) -> list[Element]:
        if step.words:
            around = set(bases)
            return [element for element in self._matching(step) if not around.isdisjoint(element.iterancestors())]
        under = (element for base in bases for element in base.iter(step.tag or "*") if element is not base)
        return [element for element in dict.fromkeys(under) if step.is_tag or step.matches(element)]

    def _candidates(self, step: _Step) -> list[Element]:
        if step.id:
            return [self.by_id[step.id]] if step.id in self.by_id else []
        if step.words:
            return self.with_word(min(step.words, key=self._count) if len(step.words) > 1 else step.words[0])
        for name, how, value in step.attributes:
            if name == "class" and value:
                return self._with_class(how, value)
            if name == "id" and value and not step.tag:
                return [element for held, element in self.by_id.items() if _FITS[how](held, value)]
            if name not in self._by_attribute:
                return []
        return self.tags(step.tag) if step.tag else self.having(step.attributes[0][0])

    def _with_class(self, how: str, value: str) -> list[Element]:
        fits = _FITS[how]
        classes = [elements for named, elements in self._by_class.items() if fits(named, value)]
        return self._in_order(classes) if len(classes) > 1 else next(iter(classes), [])

    def _in_order(self, parts: list[list[Element]]) -> list[Element]:
        return sorted((element for elements in parts for element in elements), key=self.order.__getitem__)

    def named(self, is_wanted: Callable[[str], bool]) -> Iterator[Element]:
        """Yield the elements whose class or id *is_wanted*; in no order, and those with both twice."""
        yield from self.with_classes(is_wanted)
        yield from (element for element in self._by_attribute.get("id", ()) if is_wanted(element.get("id", "")))

    def with_classes(self, is_wanted: Callable[[str], bool]) -> list[Element]:
        """Return the elements whose class *is_wanted*, in no order."""
        return [element for named, found in self._by_class.items() if is_wanted(named) for element in found]

    def having(self, *names: str) -> list[Element]:
        """Return the elements with one of these attributes, in page order."""
        found = [self._by_attribute[name] for name in names if name in self._by_attribute]
        return list(dict.fromkeys(self._in_order(found))) if len(found) > 1 else next(iter(found), [])


class _Step(NamedTuple):
    tag: str
    words: tuple[str, ...]
    id: str
    attributes: tuple[tuple[str, str, str], ...]
    is_word: bool
    is_tag: bool

    def matches(self, element: Element) -> bool:
        if self.tag and element.tag != self.tag:
            return False
        if self.id and element.get("id") != self.id:
            return False
        if self.words and not _class_words(element.get("class") or "").issuperset(self.words):
            return False
        return all(_has(element, *attribute) for attribute in self.attributes)


def _has(element: Element, name: str, how: str, value: str) -> bool:
    held = element.get(name)
    if held is None or not value:
        return held is not None
    return _FITS[how](held, value)


# How an attribute that is held fits the value that is asked for.
_FITS: dict[str, Callable[[str, str], bool]] = {
    "": operator.eq,
    "*": operator.contains,
    "^": str.startswith,
    "$": str.endswith,
}


@lru_cache(maxsize=1024)
def _class_words(named: str) -> frozenset[str]:
    return frozenset(named.lower().split())


@lru_cache(maxsize=512)
def _compile(selector: str) -> tuple[str, _Step, tuple[_Step, ...]]:
    """The steps of *selector*, the first one apart; before them the class word when that is all it asks for."""
    first, *rest = map(_step, selector.split())
    return first.words[0] if first.is_word and not rest else "", first, tuple(rest)


def _step(compound: str) -> _Step:
    parts = list(_PART.finditer(compound))
    if "".join(part[0] for part in parts) != compound:
        raise ValueError(f"not a selector: {compound!r}")
    tag = next((part["tag"] for part in parts if part["tag"] and part["tag"] != "*"), "")
    words = tuple(part["word"].lower() for part in parts if part["word"])
    name = next((part["id"] for part in parts if part["id"]), "")
    attributes = tuple((part["name"], part["how"] or "", part["value"] or "") for part in parts if part["name"])
    told = (bool(tag), len(words), bool(name), bool(attributes))
    return _Step(tag, words, name, attributes, is_word=told == (0, 1, 0, 0), is_tag=told == (1, 0, 0, 0))


def _heads_related(pieces: list[str | None]) -> Iterator[int]:
    """The places of those short *pieces* that may end the heading of related news."""
    # Few hold the words at all, which costs least to see in the bytes of all of them at once.
    short = [piece for piece in filter(None, pieces) if len(piece) < _LONGEST_HEADING]
    lower = "\0".join([*short, ""]).encode("utf-8", "replace").lower()
    for word in (b"quan", b"related"):
        number = seen = 0
        place = -1
        while (start := lower.find(word, seen)) >= 0:
            number += lower.count(b"\0", seen, start)
            seen = lower.index(b"\0", start)
            place = pieces.index(short[number], place + 1)
            if _HEADS_RELATED.search(short[number]):
                yield place


def whole_text(element: Element) -> str:
    """Return all text in *element* as it stands there."""
    if not len(element):
        return element.text or ""
    # In a fifth of the time that itertext takes.
    told: str = etree.tostring(element, method="text", encoding="unicode", with_tail=False)
    return told


def short_text(element: Element, most: int) -> str | None:
    """Return the text of *element*, or ``None`` when it has more than *most* characters."""
    if not len(element):
        told = element.text or ""
        return told if len(told) <= most or len(" ".join(told.split())) <= most else None
    told = ""
    for piece in element.itertext():
        told += piece
        if len(told) > most and (len(told) > most + 200 or len(" ".join(told.split())) > most):
            return None
    return told


def holds(element: Element, *tags: str) -> bool:
    """Tell whether there is one of *tags* inside *element*."""
    return next(element.iterdescendants(*tags), None) is not None


def is_inside(element: Element, tag: str) -> bool:
    """Tell whether there is a *tag* around *element*."""
    return next(element.iterancestors(tag), None) is not None


def is_in_sentence(element: Element) -> bool:
    """Tell whether *element* is a link with words of its paragraph beside it: those belong to the text."""
    if element.tag != "a":
        return False
    return any(map(str.isalnum, f"{text_before(element)} {element.tail or ''}"))


def text_before(element: Element) -> str:
    """Return what is said right before *element*, behind the one before it."""
    before, holder = element.getprevious(), element.getparent()
    if before is not None:
        return before.tail or ""
    return (holder.text or "") if holder is not None else ""
