from __future__ import annotations

import argparse
import io
import json
from xml.etree import ElementTree

import networkx
import pydot
import pytest
from scrapy.settings import Settings

from tests.stories import record
from vovcrawler.catalogue import Catalogue
from vovcrawler.commands.catalogue import graph
from vovcrawler.commands.catalogue._related import related
from vovcrawler.drawing import FORMATS, dot, graphml, jsonl
from vovcrawler.items import Related

# pydot, not we, calls pyparsing by its older names.
pytestmark = pytest.mark.filterwarnings("ignore:.*deprecated - use")

LATER = "2026-12-01T08:00:00.000000Z"
UGLY = 'Kẻ "vô hình" <b>&\x0b\x00 \\ 100%\u2028\ud7ff\N{GRINNING FACE}]]>\\'


def url(number: int) -> str:
    return f"https://vov.vn/the-gioi/bai-post{number}.vov"


def node(number: int) -> str:
    return f"vov.vn/post{number}"


def link(number: int, headline: str | None = None, teaser: str | None = None) -> Related:
    return Related(headline=headline or f"Bài {number}", url=url(number), teaser=teaser)


def add(catalogue: Catalogue, number: int, *related: Related, at: str | None = None, headline: str | None = None):
    more = {"at": at} if at else {}
    record(
        catalogue,
        node(number),
        f"Thân bài {number}",
        headline or f"Bài {number}",
        url=url(number),
        related=list(related),
        **more,
    )


@pytest.fixture
def filled(catalogue: Catalogue) -> Catalogue:
    """1 and 2 point to each other, 2 to 3, 3 to 4; 9 was never captured; a dump points to 3 and to nobody."""
    add(catalogue, 1, link(2, teaser="Lời dẫn"), link(9))
    add(catalogue, 2, link(1), link(3))
    add(catalogue, 3, link(4))
    add(catalogue, 4)
    record(
        catalogue,
        "text/0",
        "Thân bài",
        "Bản chép",
        related=[Related(headline="bài  3"), Related(headline="Ai đó")],
    )
    return catalogue


def pairs(catalogue: Catalogue) -> list[tuple[str, str, str | None]]:
    return [(edge.source, edge.target, edge.resolved) for edge in catalogue.edges()]


# ---- edges


def test_links_of_a_dump_lead_to_the_article_with_that_headline(filled):
    assert (("text/0", node(3), "headline")) in pairs(filled)
    (unknown,) = [edge for edge in filled.edges() if edge.resolved is None]
    assert unknown.source == "text/0"
    assert unknown.target.startswith("headline/")
    assert unknown.headline == "Ai đó"


def test_a_headline_that_two_articles_have_leads_to_neither(filled):
    add(filled, 30, headline="Bài 3")
    assert ("text/0", node(3), "headline") not in pairs(filled)
    add(filled, 30, headline="Bài 30")
    assert ("text/0", node(3), "headline") in pairs(filled)


def test_edges_are_printed_as_they_stood_with_position_and_times(filled):
    first = next(filled.edges())
    assert (first.kind, first.headline, first.teaser, first.position, first.stands) == (
        "related", "Bài 2", "Lời dẫn", 0, True,
    )  # fmt: skip
    add(filled, 1, link(9, headline="Bài 9, sửa tít"), at=LATER)
    old, new = [edge for edge in filled.edges() if edge.source == node(1)][::-1]
    if old.target == node(9):
        old, new = new, old
    assert (old.stands, old.last_seen < LATER) == (False, True)
    assert (new.stands, new.headline, new.position, new.first_seen < new.last_seen == LATER) == (
        True, "Bài 9, sửa tít", 0, True,
    )  # fmt: skip


def test_nodes_are_all_articles_and_what_links_lead_to(filled):
    nodes = {found.id: found for found in filled.nodes()}
    assert set(nodes) >= {node(number) for number in (1, 2, 3, 4, 9)} | {"text/0"}
    assert next(found.id for found in nodes.values() if not found.is_captured) == node(9)
    assert (nodes[node(9)].headline, nodes[node(9)].url) == ("Bài 9", url(9))
    assert {edge.target for edge in filled.edges()} <= set(nodes)


# ---- neighbours


def steps(catalogue: Catalogue, id_: str, hops: int) -> list[tuple[int, str, str]]:
    return [(step.hops, step.direction, step.id) for step in catalogue.neighbours(id_, hops=hops)]


def test_neighbours_are_followed_in_each_direction_by_hops(filled):
    assert steps(filled, node(1), 1) == [(1, "out", node(2)), (1, "out", node(9)), (1, "in", node(2))]
    assert steps(filled, node(1), 3) == [
        (1, "out", node(2)), (1, "out", node(9)), (2, "out", node(1)), (2, "out", node(3)), (3, "out", node(4)),
        (1, "in", node(2)), (2, "in", node(1)),
    ]  # fmt: skip
    assert steps(filled, node(4), 2) == [(1, "in", node(3)), (2, "in", node(2)), (2, "in", "text/0")]


def test_links_into_an_article_that_was_never_captured_are_known(filled):
    assert steps(filled, node(9), 1) == [(1, "in", node(1))]
    assert steps(filled, "vov.vn/post777", 2) == []


def test_links_into_an_article_are_found_by_index(filled, tmp_path):
    plans: list[str] = []
    filled.connection.set_trace_callback(plans.append)
    list(filled.neighbours(node(3)))
    filled.connection.set_trace_callback(None)
    (into,) = [plan for plan in plans if "links.target = " in plan]
    with Catalogue.open(tmp_path / "to read") as lasting:
        plan = [row[3] for row in lasting.connection.execute(f"EXPLAIN QUERY PLAN {into}")]
    assert not [step for step in plan if step.startswith("SCAN")], plan


def test_the_neighbourhood_is_shown(filled):
    lines = list(related(filled, node(1), hops=2))
    assert lines[0] == "Leads to: 4 articles"
    assert "  → vov.vn/post2  Bài 2 (seen 2026-11-21, in both directions)" in lines
    assert "    → vov.vn/post3  Bài 3 (seen 2026-11-21)" in lines
    assert "  ← text/0  Bản chép (seen 2026-11-21, found by headline)" in related(filled, node(3))


def test_the_days_of_links_are_those_of_vietnam(catalogue):
    for at in ("2026-11-21T16:59:59.000000Z", "2026-11-21T17:00:00.000000Z"):
        add(catalogue, 1, link(2), at=at)
    assert "  → vov.vn/post2  Bài 2 (seen 2026-11-21 to 2026-11-22)" in related(catalogue, node(1))


# ---- files


def test_networkx_reads_the_graphml_with_types(filled):
    text = "\n".join(graphml(filled.nodes(), filled.edges()))
    read = networkx.read_graphml(io.BytesIO(text.encode()))
    assert read.is_directed()
    assert set(read) == {found.id for found in filled.nodes()}
    assert sorted(read.edges) == sorted((edge.source, edge.target) for edge in filled.edges())
    assert networkx.shortest_path_length(read, node(1), node(4)) == 3
    edge = read.edges[node(1), node(2)]
    assert (edge["kind"], edge["position"], edge["stands"], edge["teaser"]) == ("related", 0, True, "Lời dẫn")
    assert read.edges["text/0", node(3)]["resolved"] == "headline"
    assert read.nodes[node(9)]["is_captured"] is False
    assert read.nodes[node(1)]["label"] == "Bài 1"


def test_every_attribute_of_the_graphml_is_declared(filled):
    root = ElementTree.fromstring("\n".join(graphml(filled.nodes(), filled.edges())))
    space = "{http://graphml.graphdrawing.org/xmlns}"
    declared = {key.get("id") for key in root.iter(f"{space}key")}
    assert {key.get("attr.type") for key in root.iter(f"{space}key")} <= {"string", "int", "boolean"}
    assert {data.get("key") for data in root.iter(f"{space}data")} <= declared


def test_any_text_can_be_written(catalogue):
    add(catalogue, 1, link(2, headline=UGLY, teaser=UGLY), headline=UGLY)
    read = networkx.read_graphml(io.BytesIO("\n".join(graphml(catalogue.nodes(), catalogue.edges())).encode()))
    legible = UGLY.replace("\x0b", "").replace("\x00", "")
    assert read.nodes[node(1)]["headline"] == legible
    assert read.edges[node(1), node(2)]["teaser"] == legible
    (drawn,) = pydot.graph_from_dot_data("\n".join(dot(catalogue.nodes(), catalogue.edges())))
    assert {name.strip('"') for name in (found.get_name() for found in drawn.get_nodes())} == {node(1), node(2)}
    for line in jsonl(catalogue.nodes(), catalogue.edges()):
        assert json.loads(line)["headline"] == UGLY


def test_dot_is_read_by_a_parser(filled):
    (drawn,) = pydot.graph_from_dot_data("\n".join(dot(filled.nodes(), filled.edges())))
    assert drawn.get_type() == "digraph"
    ends = {(edge.get_source().strip('"'), edge.get_destination().strip('"')) for edge in drawn.get_edges()}
    assert ends == {(edge.source, edge.target) for edge in filled.edges()}


@pytest.mark.parametrize("name", FORMATS)
def test_the_command_prints_each_format(tmp_path, capsys, name):
    with Catalogue.open(tmp_path) as catalogue:
        add(catalogue, 1, link(2))
        wanted = list(FORMATS[name](catalogue.nodes(), catalogue.edges()))
    settings = Settings({"DATA_DIR": str(tmp_path)})
    assert graph.run(argparse.Namespace(format=name), settings) == 0
    assert capsys.readouterr().out.splitlines() == wanted


def test_nodes_and_edges_are_of_one_moment_whoever_writes_meanwhile(tmp_path, capsys, monkeypatch):
    with Catalogue.open(tmp_path) as writer:
        add(writer, 1, link(2))
        writer.commit()
        look = Catalogue.edges

        def and_meanwhile(reader):
            add(writer, 3, link(4))
            writer.commit()
            yield from look(reader)

        monkeypatch.setattr(Catalogue, "edges", and_meanwhile)
        assert graph.run(argparse.Namespace(format="jsonl"), Settings({"DATA_DIR": str(tmp_path)})) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    nodes = {row["id"] for row in rows if row["type"] == "node"}
    assert {row[end] for row in rows if row["type"] == "edge" for end in ("source", "target")} <= nodes


def test_a_format_that_is_none_is_wrong_usage(scrapy):
    wrong = scrapy("catalogue", "graph", "--format", "gexf")
    assert wrong.code == 2
    assert "'gexf'" in wrong.stderr
