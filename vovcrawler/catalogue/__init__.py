"""The catalogue: one SQLite file that knows pages, frontier, articles, revisions, links and the feed.

All SQL of the project is in this package. What is written becomes lasting at :meth:`Catalogue.commit`.
"""

from __future__ import annotations

from vovcrawler.catalogue.articles import Articles, Known, Observation, Revision
from vovcrawler.catalogue.captures import Captures, Claim
from vovcrawler.catalogue.clusters import Cluster, Member
from vovcrawler.catalogue.copies import Copies
from vovcrawler.catalogue.coverage import Coverage, Entry
from vovcrawler.catalogue.feed import Feed, FeedLine
from vovcrawler.catalogue.graph import Edge, Graph, Neighbour, Node
from vovcrawler.catalogue.health import Health
from vovcrawler.catalogue.history import History, Standing
from vovcrawler.catalogue.numbers import Numbers, Ranked
from vovcrawler.catalogue.pages import Page, Pages, State, Visit
from vovcrawler.catalogue.payloads import Payloads
from vovcrawler.catalogue.queue import Job, Queue, Row
from vovcrawler.catalogue.reading import Reading
from vovcrawler.catalogue.rebuilding import Comparison, Rebuilding
from vovcrawler.catalogue.runs import RunRow, Runs
from vovcrawler.catalogue.search import Found, Hit, Search
from vovcrawler.catalogue.stats import Counts, OpenJob, Stats
from vovcrawler.catalogue.store import Store

__all__ = [
    "Catalogue",
    "Claim",
    "Cluster",
    "Comparison",
    "Counts",
    "Edge",
    "Entry",
    "FeedLine",
    "Found",
    "Hit",
    "Job",
    "Known",
    "Member",
    "Neighbour",
    "Node",
    "Observation",
    "OpenJob",
    "Page",
    "Ranked",
    "Revision",
    "Row",
    "RunRow",
    "Standing",
    "State",
    "Visit",
]


class Catalogue(
    Pages,
    Queue,
    Articles,
    Copies,
    History,
    Graph,
    Feed,
    Coverage,
    Health,
    Numbers,
    Runs,
    Captures,
    Payloads,
    Search,
    Stats,
    Rebuilding,
    Reading,
    Store,
):
    """The catalogue of one ``DATA_DIR``, open for one writer or any number of readers."""
