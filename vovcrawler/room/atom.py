"""Atom feeds of sections, searches and changes."""

from __future__ import annotations

from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

from vovcrawler.letters import in_xml
from vovcrawler.room import links
from vovcrawler.room.asking import Asking, Feed


def atom(feed: Feed | None, asking: Asking) -> str:
    """Return *feed* as an Atom document; its address is that of the page it belongs to."""
    told = feed or Feed(title="", entries=[])
    page, own = asking.base + links.here(asking), asking.base + links.here(asking, path=asking.path)
    times = (entry["at"] for entry in told.entries)
    updated = max(times, key=datetime.fromisoformat, default=f"{asking.now:%Y-%m-%dT%H:%M:%SZ}")
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{asking.language}">',
        f"<title>{_text(told.title)}</title>",
        f"<id>{_text(own)}</id>",
        f"<updated>{_text(updated)}</updated>",
        f'<link rel="self" type="application/atom+xml" href={_attribute(own)}/>',
        f'<link rel="alternate" type="text/html" href={_attribute(page)}/>',
        *(_entry(entry, asking.base) for entry in told.entries),
        "</feed>",
    ]
    return "\n".join(lines) + "\n"


def _entry(entry: dict[str, str], base: str) -> str:
    address = base + entry["href"]
    return (
        f"<entry><title>{_text(entry['title'])}</title><id>{_text(address)}#{_text(entry['at'])}</id>"
        f"<link href={_attribute(address)}/><updated>{_text(entry['at'])}</updated>"
        f"<author><name>{_text(entry.get('author') or 'VOV')}</name></author>"
        f"<summary>{_text(entry['text'])}</summary></entry>"
    )


def _text(text: str) -> str:
    return escape(in_xml(text))


def _attribute(text: str) -> str:
    return quoteattr(in_xml(text))
