"""``scrapy catalogue clusters``: which articles are copies of one another."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from scrapy.settings import BaseSettings

from vovcrawler import dates
from vovcrawler.catalogue import Catalogue, Cluster, Member
from vovcrawler.cli import say
from vovcrawler.errors import UsageTrouble

SHORT = "List groups of articles that are the same text, or nearly"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--min", type=int, default=2, metavar="N", help="only groups of N articles or more (2)")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def run(args: argparse.Namespace, settings: BaseSettings) -> int:
    if args.min < 2:
        raise UsageTrouble(f"--min {args.min} is too small: a group has 2 articles or more, such as --min 2.")
    with Catalogue.read(Path(settings["DATA_DIR"])) as catalogue:
        clusters = catalogue.clusters(at_least=args.min)
    for cluster in clusters:
        print(_as_json(cluster) if args.json else _as_text(cluster))
    if not clusters:
        say(f"No {args.min} articles are copies of one another.")
    return 0


def _as_json(cluster: Cluster) -> str:
    members = [asdict(member) for member in cluster.members]
    return json.dumps({"size": len(members), "articles": members}, ensure_ascii=False)


def _as_text(cluster: Cluster) -> str:
    first, *others = cluster.members
    lines = [
        f"{len(cluster.members)} articles: {first.headline or first.id}",
        *(f"  {member.id:24} {_date(member)}  {_relation(member)}" for member in (first, *others)),
    ]
    return "\n".join([*lines, ""])


def _date(member: Member) -> str:
    return str(dates.vietnam_day(member.published_at) if member.published_at else "").ljust(10)


def _relation(member: Member) -> str:
    if member.duplicate_of:
        return f"same as {member.duplicate_of}"
    if near := member.near_duplicate_of:
        return f"{near.similarity:.0%} like {near.id}"
    return "first"
