"""``scrapy catalogue show ID``: one article, its revisions, what was observed of it, and what changed."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from scrapy.settings import BaseSettings

from vovcrawler import differences, urls
from vovcrawler.catalogue import Catalogue, Known, Observation, Revision
from vovcrawler.commands.catalogue._related import related
from vovcrawler.errors import UsageTrouble
from vovcrawler.items import NearDuplicate

SHORT = "Show an article: its revisions, what changed between two of them, what is related"

_STYLES = {"same": "", "removed": "red strike", "added": "green"}
_MARKS = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", metavar="ID", help="vov.vn/post1018244, its number, or the address of the article")
    parser.add_argument(
        "--diff", nargs=2, type=int, metavar=("OLD", "NEW"), help="the words that two revisions differ in"
    )
    parser.add_argument("--related", action="store_true", help="what it calls related, and what calls it so")
    parser.add_argument("--hops", type=int, default=1, metavar="N", help="with --related: so many links away (1)")
    parser.add_argument("--json", action="store_true", help="one JSON object")


def run(args: argparse.Namespace, settings: BaseSettings) -> int:
    if args.hops < 1:
        raise UsageTrouble(f"--hops {args.hops} is too small: related articles are 1 link away or more.")
    with Catalogue.read(Path(settings["DATA_DIR"])) as catalogue, catalogue.snapshot():
        known = find(catalogue, args.id)
        if args.related:
            print(*related(catalogue, known.id, hops=args.hops), sep="\n")
            return 0
        revisions = list(catalogue.revisions(known.number))
        observations = list(catalogue.observations(known.number))
        marks = catalogue.marks(known.number)
    if args.diff:
        old, new = (_revision(revisions, number) for number in args.diff)
        _print_changes(old, new, as_json=args.json)
    elif args.json:
        whole = {
            **asdict(known),
            "revisions": [asdict(revision) for revision in revisions],
            "observations": [asdict(observation) for observation in observations],
        }
        print(json.dumps(whole, ensure_ascii=False))
    else:
        print(*_lines(known, revisions, observations, *marks), sep="\n")
    return 0


def find(catalogue: Catalogue, name: str) -> Known:
    """Return the article that *name* is the id, the number or the address of; raises :class:`UsageTrouble`."""
    tries = [name, f"vov.vn/post{name}"]
    if "://" in name:
        tries = [urls.record_id(name)]
    for id_ in tries:
        if known := catalogue.article(id_):
            return known
    raise UsageTrouble(f"There is no article {name!r} in the catalogue; an id looks like vov.vn/post1018244.")


def _revision(revisions: list[Revision], number: int) -> Revision:
    for revision in revisions:
        if revision.revision == number:
            return revision
    raise UsageTrouble(f"There is no revision {number}; there are 1 to {len(revisions)}.")


# ---- as text


def _lines(
    known: Known,
    revisions: list[Revision],
    observations: list[Observation],
    duplicate: str | None,
    near: NearDuplicate | None,
) -> Iterator[str]:
    last = revisions[-1].record
    yield f"{known.id}  {last['headline'] or ''}".rstrip()
    if last["url"]:
        yield f"  {last['url']}"
    yield f"  published {last['published_at'] or 'at an unknown time'}"
    if last["section"]:
        yield f"  section {' › '.join(last['section'])}"
    yield f"  first seen {_time(known.first_seen)}, last seen {_time(known.seen_at)}"
    if duplicate:
        yield f"  the same text as {duplicate}"
    if near:
        yield f"  {near.similarity:.0%} like {near.id}"
    yield "Revisions:"
    before = None
    for revision in revisions:
        seen, digest = _time(revision.first_seen), revision.digest[:12]
        yield f"  {revision.revision}  {seen}  {digest}  {_what(before, revision)}"
        before = revision
    if observations:
        yield "Observed:"
        yield from (f"  answered {seen.status} on {_time(seen.at)}" for seen in observations)


def _what(before: Revision | None, revision: Revision) -> str:
    if before is None:
        return revision.record["headline"] or ""
    changed = differences.of_records(before.record, revision.record)
    return f"changed: {', '.join(changed)}" if changed else "changed in form only"


def _time(moment: str) -> str:
    return f"{moment[:19].replace('T', ' ')} UTC"


# ---- what changed


def _print_changes(old: Revision, new: Revision, *, as_json: bool) -> None:
    changes = differences.of_records(old.record, new.record)
    if as_json:
        plain = {name: [[asdict(piece) for piece in line] for line in lines] for name, lines in changes.items()}
        print(json.dumps({"old": old.revision, "new": new.revision, "changes": plain}, ensure_ascii=False))
        return
    # Imported late: Scrapy imports all commands, whichever was asked for.
    from rich.console import Console
    from rich.text import Text

    console = Console(soft_wrap=True, highlight=False)
    for name, lines in changes.items():
        console.print(Text(f"{name}:", style="bold"))
        for line in lines:
            in_colour = console.is_terminal and not console.no_color
            console.print(Text.assemble(*_pieces(line, in_colour=in_colour)))
    if not changes:
        print(f"Revisions {old.revision} and {new.revision} have the same text.", file=sys.stderr)


def _pieces(line: differences.Line, *, in_colour: bool) -> Iterator[tuple[str, str]]:
    """Yield a line, each piece with its style: in colours, or with [-words that went-] and {+words that came+}."""
    for piece in line:
        yield piece.text if in_colour else _MARKS[piece.kind].format(piece.text), _STYLES[piece.kind]
