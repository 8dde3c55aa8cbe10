"""What ``scrapy catalogue show ID --related`` prints: links out of an article, into it, and in both directions."""

from __future__ import annotations

from collections.abc import Iterator

from vovcrawler import dates
from vovcrawler.catalogue import Catalogue, Neighbour


def related(catalogue: Catalogue, id_: str, *, hops: int = 1) -> Iterator[str]:
    """Yield the lines that show the neighbourhood of the article with this id, up to *hops* links away."""
    steps = list(catalogue.neighbours(id_, hops=hops))
    both = {step.id for step in steps if step.direction == "out" and step.hops == 1}
    both &= {step.id for step in steps if step.direction == "in" and step.hops == 1}
    for direction, title in (("out", "Leads to"), ("in", "Led to from")):
        chosen = [step for step in steps if step.direction == direction]
        yield f"{title}: {len({step.id for step in chosen})} articles"
        for step in chosen:
            yield _line(step, is_mutual=step.hops == 1 and step.id in both)


def _line(step: Neighbour, *, is_mutual: bool) -> str:
    edge = step.edge
    notes = [
        f"seen {_period(edge.first_seen, edge.last_seen)}",
        "" if edge.stands else "no longer there",
        {"address": "", "headline": "found by headline", None: "not identified"}[edge.resolved],
        "in both directions" if is_mutual else "",
    ]
    arrow = {"out": "→", "in": "←"}[step.direction]
    return f"{'  ' * step.hops}{arrow} {step.id}  {step.headline or ''} ({', '.join(filter(None, notes))})"


def _period(first: str, last: str) -> str:
    days = dict.fromkeys(str(dates.vietnam_day(moment)) for moment in (first, last))
    return " to ".join(days)
