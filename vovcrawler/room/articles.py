"""The pages about one article: its text, its revisions, its neighbours, its citation, its bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from vovcrawler import citations, urls
from vovcrawler.catalogue import Catalogue, Known, Revision
from vovcrawler.differences import of_records
from vovcrawler.items import from_record
from vovcrawler.room import captures, graph
from vovcrawler.room.asking import Asking, NotHere, Page
from vovcrawler.sources.captures import Reference

_FORMS = {".txt": citations.sentence, ".bib": citations.bibtex, ".ris": citations.ris, ".csl": citations.csl_json}


def article(catalogue: Catalogue, asking: Asking) -> Page:
    """An article as text, and what the archive knows of it."""
    known, kept = _known(catalogue, asking)
    chosen = _chosen(kept, asking, "revision", kept[-1].revision)
    steps = list(catalogue.neighbours(known.id))
    out = [step for step in steps if step.direction == "out" and step.edge.stands]
    into = [step for step in steps if step.direction == "in"]
    states = catalogue.states(step.id for step in out)
    record = chosen.record
    addresses = {urls.record_id(link["url"]): link["url"] for link in record["related"] if link["url"]}
    data = {
        **_about(known, kept),
        "record": record,
        "revision": chosen.revision,
        "paragraphs": _paragraphs(record),
        "related": [
            {
                "id": step.id,
                "headline": step.headline,
                "url": addresses.get(step.id),
                "teaser": step.edge.teaser,
                "state": states.get(step.id, "missing"),
            }
            for step in out
        ],
        "pointing": [{"id": step.id, "headline": step.headline, "stands": step.edge.stands} for step in into],
        "copies": [asdict(copy) for copy in catalogue.copies_of(known.id)],
        "copy_of": _copy_of(catalogue, known, chosen),
    }
    return Page("room_article.html", data)


def revisions(catalogue: Catalogue, asking: Asking) -> Page:
    """The revisions of an article, and what changed between two of them."""
    known, kept = _known(catalogue, asking)
    last = kept[-1].revision
    new = _chosen(kept, asking, "to", last)
    old = _chosen(kept, asking, "from", max(kept[0].revision, new.revision - 1))
    difference = of_records(old.record, new.record)
    data = {
        **_about(known, kept),
        "from_": old.revision,
        "to": new.revision,
        "difference": {
            name: [[asdict(piece) for piece in line] for line in lines] for name, lines in difference.items()
        },
        "citation": citations.difference(old.record, new.record),
        "observations": [asdict(seen) for seen in catalogue.observations(known.number)],
    }
    return Page("room_revisions.html", data)


def related(catalogue: Catalogue, asking: Asking) -> Page:
    """What an article calls related, and what points to it, as a picture."""
    known, kept = _known(catalogue, asking)
    steps = list(catalogue.neighbours(known.id))
    states = catalogue.states(step.id for step in steps)
    neighbours = [
        {
            "id": step.id,
            "headline": step.headline,
            "direction": step.direction,
            "stands": step.edge.stands,
            "state": states.get(step.id, "missing"),
        }
        for step in steps
    ]
    data = {**_about(known, kept), "neighbours": neighbours, "drawing": graph.draw(neighbours)}
    data["centre"] = graph.lines(data["headline"] or known.id)
    return Page("room_related.html", data)


def cite(catalogue: Catalogue, asking: Asking) -> Page:
    """How to cite an article, in several forms."""
    known, kept = _known(catalogue, asking)
    chosen = _chosen(kept, asking, "revision", kept[-1].revision)
    name = citations.key(chosen.record)
    if asking.format in _FORMS:
        suffix = ".csl.json" if asking.format == ".csl" else asking.format
        content = _FORMS[asking.format](chosen.record)
        return Page("", content=content, filename=name + suffix, kind=asking.format)
    data = {
        **_about(known, kept),
        "record": chosen.record,
        "revision": chosen.revision,
        "record_id": citations.record_id(chosen.record),
        "forms": {suffix.removeprefix("."): form(chosen.record) for suffix, form in _FORMS.items()},
        "has_wacz": captures.is_kept(asking.folder, chosen.record["capture"]),
    }
    return Page("room_cite.html", data)


def raw(catalogue: Catalogue, asking: Asking) -> Page:
    """What the server sent, as text."""
    known, kept = _known(catalogue, asking)
    chosen = _chosen(kept, asking, "revision", kept[-1].revision)
    capture = chosen.record["capture"]
    data = {**_about(known, kept), "revision": chosen.revision, "capture": capture}
    found = captures.read(asking.folder, capture, _finder(catalogue, kept))
    return Page("room_raw.html", {**data, **asdict(found)})


def wacz(catalogue: Catalogue, asking: Asking) -> Page:
    """The capture of one page in a file that a player of web archives opens."""
    _, kept = _known(catalogue, asking)
    chosen = _chosen(kept, asking, "revision", kept[-1].revision)
    content = captures.wacz(asking.folder, chosen.record["capture"], _finder(catalogue, kept), asking.now)
    if content is None:
        raise NotHere(asking.found["id"])
    return Page("", content=content, filename=citations.key(chosen.record) + ".wacz", kind=".wacz")


def _finder(catalogue: Catalogue, kept: list[Revision]) -> captures.Find:
    """Return what finds the body that a revision refers to: mostly that of an earlier one."""
    captured: list[dict[str, Any]] = [revision.record["capture"] for revision in kept]
    known = {capture.get("record_id"): capture for capture in captured}

    def find(to: Reference) -> dict[str, Any] | None:
        if to.record_id and to.record_id in known:
            return known[to.record_id]
        place = catalogue.place_of(to.record_id, to.urls, to.digest)
        return {"warc": place[0], "offset": place[1], "record_id": to.record_id} if place else None

    return find


def _known(catalogue: Catalogue, asking: Asking) -> tuple[Known, list[Revision]]:
    known = catalogue.article(asking.found["id"].replace("\x00", ""))
    if known is None:
        raise NotHere(asking.found["id"])
    return known, list(catalogue.revisions(known.number))


def _chosen(kept: list[Revision], asking: Asking, name: str, default: int) -> Revision:
    wanted = asking.number(name, default, 10**9)
    for revision in kept:
        if revision.revision == wanted:
            return revision
    raise NotHere(f"{asking.found['id']}, {wanted}")


def _about(known: Known, kept: list[Revision]) -> dict[str, Any]:
    last = kept[-1].record
    return {
        "id": known.id,
        "url": last["url"],
        "headline": last["headline"],
        "language": last["language"],
        "state": known.state,
        "seen_at": known.seen_at,
        "revisions": [
            {
                "revision": revision.revision,
                "headline": revision.record["headline"],
                "captured_at": revision.captured_at,
                "first_seen": revision.first_seen,
                "seen_at": revision.seen_at,
                "digest": revision.digest,
            }
            for revision in kept
        ],
    }


def _paragraphs(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    headings = set(record["subheadings"])
    return [{"text": text, "is_heading": place in headings} for place, text in enumerate(record["body"])]


def _copy_of(catalogue: Catalogue, known: Known, chosen: Revision) -> dict[str, Any] | None:
    """What an article is a copy of now; an older revision, what it was printed as."""
    article = from_record(chosen.record)
    duplicate, near = article.duplicate_of, article.near_duplicate_of
    if chosen.revision == known.revision:
        duplicate, near = catalogue.marks(known.number)
    id_ = duplicate or (near and near.id)
    if not id_:
        return None
    original = catalogue.article(id_)
    headline = catalogue.last_record(original.number).headline if original else None
    return {"id": id_, "headline": headline, "similarity": near.similarity if near and not duplicate else 1.0}
