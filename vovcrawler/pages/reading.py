"""From a page to a record: the layers of reading put together, field by field.

For each field the layout is asked first, then the structured data, then generic extraction; which fields
came from a later layer is kept in ``fallback_fields``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, TypeVar

from vovcrawler import dates, text, urls
from vovcrawler.items import Article
from vovcrawler.pages.body import lead_in, tidy
from vovcrawler.pages.cards import is_pointer
from vovcrawler.pages.document import Document, short_text, whole_text
from vovcrawler.pages.dump import ArticleDump
from vovcrawler.pages.fallback import GenericText, is_line_of_text
from vovcrawler.pages.generic import is_listed, news_boxes
from vovcrawler.pages.judging import judge
from vovcrawler.pages.layouts import choose
from vovcrawler.pages.parsing import NotAnArticle, Source
from vovcrawler.pages.signatures import portrayed
from vovcrawler.pages.times import above_text

T = TypeVar("T")

_LANGUAGE = re.compile(r"[a-z]{2,3}")
_ADDRESSED = re.compile(r"^https?://(?:english\.vov\.vn/(en)\b|(?:m\.|www\.)?vovworld\.vn/([a-z]{2})-[A-Z]{2}\b)")
# What a browser, or SingleFile, writes above a page it saves: "<!-- saved from url=(0035)https://vov.vn/… -->".
_SAVED = re.compile(r"<!--\s*(?:saved from url=\(\d+\)|Page saved with SingleFile\s+url:\s*)(https?://[^\s>]+)")
_LONGEST_HEAD = 4096
_LONGEST_LEAD = 1500
# In a text the mark of the outlet opens the lead alone.
_MARKS_OF_A_LIST = 3


class Reading:
    """One page being read; remembers which fields needed a later layer."""

    def __init__(self, source: Source, url: str | None) -> None:
        document = self.document = Document(source)
        self.url = url or _own_address(document)
        self.page = choose(document, self.url)
        self.data = self.page.data
        self.generic = GenericText(source)
        self.late: set[str] = set()
        self.guessed = self.page.guess()
        judge(document, self.page, self.data, guessed=self.guessed)

    def layered(self, name: str, *layers: Callable[[], T]) -> T:
        """Return what the first layer gives that gives anything; note *name* when that is not the layout."""
        value = layers[0]()
        for layer in layers[1:]:
            if value:
                break
            if value := layer():
                self.late.add(name)
        return value

    def article(self, **rest: Any) -> Article:
        page, data = self.page, self.data
        headline = self.layered(
            "headline", lambda: page.headline, lambda: data.headline, lambda: self.generic.headline
        )
        lead, outlet, body, subheadings = self._text(headline)
        byline = self._byline()
        authors = text.authors(byline) if byline else []
        if authors and "byline" in self.late:
            self.late.add("authors")
        images = self.layered("images", lambda: page.images, lambda: data.images)
        media = self.layered("media", lambda: page.media, lambda: data.media)
        if not lead and _are_leads(body):
            raise NotAnArticle("section", "the page is a list of articles")
        if not headline or not (lead or body or images or media):
            raise NotAnArticle("no_text", "the page has no headline, or nothing under it")
        return Article(
            id=urls.record_id(self.url) if self.url else _text_id(headline, lead, body),
            url=self.url,
            headline=headline,
            lead=lead,
            body=body,
            subheadings=subheadings,
            byline=byline,
            authors=authors,
            published_at=self._published_at(),
            modified_at=self.layered("modified_at", lambda: page.modified_at, lambda: data.modified_at),
            section=self.layered("section", lambda: page.section, lambda: data.section_of(headline)),
            tags=self.layered("tags", lambda: page.tags, lambda: data.tags),
            images=images,
            media=media,
            related=page.related,
            outlet=outlet,
            language=self._language(" ".join([headline, lead or "", *body[:5]])),
            layout=page.layout,
            fallback_fields=[name for name in Article.__slots__ if name in self.late],
            content_digest=text.content_digest(headline, lead, body, is_clean=True),
            **rest,
        )

    def _byline(self) -> str | None:
        """The byline as printed; where its place is not known, the page tells machines which names to look for."""
        layers = (lambda: self.page.byline, lambda: self.data.byline, lambda: portrayed(self.document))
        told = self.layered("byline", *layers)
        if not told or "byline" not in self.late or (printed := self.page.signature_of(told)) is None:
            return told
        self.late.discard("byline")
        return printed

    def _text(self, headline: str | None) -> tuple[str | None, str | None, list[str], list[int]]:
        body, subheadings = self._body(headline)
        outlet, lead = text.split_outlet(self.page.lead or "")
        if lead:
            return lead, outlet, body, subheadings
        outlet, lead = text.split_outlet(self._told_lead())
        if lead and (place := lead_in(body, lead)) is not None:
            outlet = outlet or text.split_outlet(body[place])[0]
            body, subheadings = body[place + 1 :], [line - place - 1 for line in subheadings if line > place]
        elif not lead or _repeats(lead, headline or "") or (body and _repeats(lead, body[0])):
            return None, None, body, subheadings
        self.late.update(["lead", "outlet"] if outlet else ["lead"])
        return lead, outlet, body, subheadings

    def _told_lead(self) -> str:
        """The description that machines are told; where it was cut, what the page says whole above its text."""
        lead = self.data.lead or ""
        if not lead.endswith(("...", "…")):
            return lead
        start = text.normalise(text.split_outlet(lead)[1]).rstrip(".… ")
        above = above_text(self.document, self.page.headline_element, self.page.containers)
        told = (text.clean(short_text(element, _LONGEST_LEAD) or "") for element in above)
        whole = [line for line in told if text.normalise(text.split_outlet(line)[1]).startswith(start)]
        return min(whole, key=len, default=lead) if start else lead

    def _body(self, headline: str | None) -> tuple[list[str], list[int]]:
        """The text by the layout; what was guessed gives way to what the page says for machines."""
        page = self.page
        guessed = self.guessed and page.layout != "generic"
        given = bool(page.body or (page.containers and (page.images or page.media or page.content.lead)))
        told = tidy(self.data.body) if guessed or not given else []
        if given and not (guessed and len(told) > 1):
            if guessed:
                self.late.add("body")
            return page.body, page.subheadings
        lead = page.lead or ""
        other = (headline, lead, text.split_outlet(lead)[1], page.byline, *page.times.lines)
        known = {text.normalise(line) for line in other if line}
        # A recording with a lead is news without a text, too, where there would be a place for it.
        is_recording = lead and page.layout != "generic" and page.places and page.media
        is_told = page.is_all_lead or bool(is_recording)
        told = told or ([] if is_told else self._found_text(has_lead=bool(lead)))
        told = [line for line in told if text.normalise(line.removeprefix("- ")) not in known]
        if not any(map(is_line_of_text, told)):  # what is left may be the name of the section
            return [], []
        self.late.add("body")
        return told, []

    def _found_text(self, *, has_lead: bool) -> list[str]:
        """What trafilatura takes for the text, without links to other news, their teasers and the headings."""
        links = self.page.links
        news = (a for a in self.document.tags("a") if links.other(a.get("href") or ""))
        named = {text.normalise(whole_text(a)) for a in news}
        told = ((line, line.removeprefix("- ")) for line in self.generic.body)
        own = ((line, said) for line, said in told if not is_pointer(said) and text.normalise(said) not in named)
        plain = [line for line, said in own if not (has_lead and text.has_outlet(said))]
        if not self.data.lead and _are_leads(plain):
            return plain  # a list, whatever more of it is left out
        boxes = news_boxes(self.document, links)
        listed = {text.normalise(whole_text(p)) for p in self.document.tags("p") if is_listed(p, boxes)}
        text_only = (line for line in plain if not text.is_list_heading(line))
        return [line for line in text_only if text.normalise(line) not in listed] or plain

    def _published_at(self) -> str | None:
        """The printed time; where it is 00:00, which means unknown, another one of the same day.

        The times of news that comes in do not say when it began: machines may be told.
        """
        layers = [lambda: self.page.published_at, lambda: self.data.published_at]
        if self.page.times.are_of_entries and self.data.published_at:
            layers.reverse()
            self.late.add("published_at")
        generic = self.generic if self.page.layout == "generic" else None
        printed = self.layered("published_at", *layers, lambda: generic.published_at if generic else None)
        if not printed or "T00:00:00" not in printed:
            return printed
        # The only time printed may be that of an update; one that a script makes "3 giờ trước" of is not printed.
        exact = self.data.published_at
        if "published_at" in self.late:
            exact = self.page.modified_at or self._only_time_of(printed[:10])
        if not exact or exact == printed or _day(exact) != _day(printed):
            return printed
        self.late.add("published_at")
        return exact

    def _only_time_of(self, day: str) -> str | None:
        """Return the one time of *day* that stands anywhere in the page as machines write it."""
        stamps = set(
            re.findall(
                rf"(?<!\d){day}T\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)", self.document.source.text
            )
        )
        moments = {dates.iso(moment) for stamp in stamps if (moment := dates.parse(stamp))}
        return moments.pop() if len(moments) == 1 else None

    def _language(self, told: str) -> str:
        """The language that the page declares, else that of its address, unless its letters are Vietnamese."""
        declared = self.layered("language", lambda: self.page.language, lambda: self.data.language)
        code = re.split(r"[-_]", (declared or "vi").strip().lower())[0]
        code = "vi" if code == "vn" or not _LANGUAGE.fullmatch(code) else code
        if code == "vi" and (addressed := _ADDRESSED.match(self.url or "")):
            code = addressed[1] or addressed[2]
        return "vi" if code != "vi" and text.is_vietnamese(told) else code


def read_dump(dump: str, **rest: Any) -> Article:
    """Return the record of a plain-text dump; raises :class:`NotAnArticle` when it is empty."""
    page = ArticleDump(dump)
    outlet, lead = text.split_outlet(page.lead or "")
    body = page.body
    return Article(
        id=urls.record_id(page.url) if page.url else _text_id(page.headline, lead or None, body),
        url=page.url,
        headline=page.headline,
        lead=lead or None,
        body=body,
        subheadings=page.subheadings,
        byline=page.byline,
        authors=text.authors(page.byline) if page.byline else [],
        published_at=page.published_at,
        section=page.section,
        tags=page.tags,
        images=page.images,
        related=page.related,
        outlet=outlet,
        language=page.language,
        layout="dump",
        content_digest=text.content_digest(page.headline, lead or None, body),
        **rest,
    )


def _text_id(headline: str, lead: str | None, body: list[str]) -> str:
    return f"text/{text.content_digest(headline, lead, body)[:16]}"


def _day(moment: str) -> date:
    return dates.vietnam_day(datetime.fromisoformat(moment))


def _are_leads(lines: list[str]) -> bool:
    """Tell whether several of *lines* are leads: those of a list of articles."""
    return sum(map(text.has_outlet, lines)) >= _MARKS_OF_A_LIST


def _repeats(lead: str, told: str) -> bool:
    """Tell whether a description is only the beginning of *told*, cut or not."""
    start, whole = text.normalise(lead).rstrip(". ").casefold(), text.normalise(told).casefold()
    return bool(start) and whole.startswith(start)


def _own_address(document: Document) -> str | None:
    """Return the address a saved page gives itself, when that is an article."""
    links = (link for link in document.tags("link") if "canonical" in (link.get("rel") or "").lower().split())
    told = [link.get("href") for link in links]
    told += [
        meta.get("content")
        for meta in document.tags("meta")
        if "og:url" in (meta.get("property"), meta.get("name"))
    ]
    told += _SAVED.findall(document.source.text[:_LONGEST_HEAD])
    for address in filter(None, told):
        if (url := urls.join("https://vov.vn/", address)) and urls.is_article(url):
            return urls.canonical(url)
    return None
