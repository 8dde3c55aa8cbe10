"""The related graph as files: GraphML for networkx and Gephi, dot for Graphviz, JSON Lines for the rest.

Nodes come first, then edges; both are written as they come, so that a graph of any size can be written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, fields
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from vovcrawler.catalogue import Edge, Node
from vovcrawler.letters import in_xml

_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
_KINDS = {"int": "int", "bool": "boolean"}


def _attributes(kind: type[Node] | type[Edge]) -> dict[str, str]:
    ids = {"id", "source", "target"}
    return {field.name: _KINDS.get(str(field.type), "string") for field in fields(kind) if field.name not in ids}


# What nodes and edges carry beside their ids, with the types that GraphML has for it.
_ATTRIBUTES = {"node": {"label": "string", **_attributes(Node)}, "edge": _attributes(Edge)}


def graphml(nodes: Iterable[Node], edges: Iterable[Edge]) -> Iterator[str]:
    """Yield the lines of a GraphML file; every attribute is declared with its type."""
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
    for domain, attributes in _ATTRIBUTES.items():
        for name, kind in attributes.items():
            yield f'  <key id="{domain}_{name}" for="{domain}" attr.name="{name}" attr.type="{kind}"/>'
    yield '  <graph id="related" edgedefault="directed">'
    for node in nodes:
        yield f"    <node id={_attribute(node.id)}>{_data('node', {**asdict(node), 'label': _label(node)})}</node>"
    for edge in edges:
        ends = f"source={_attribute(edge.source)} target={_attribute(edge.target)}"
        yield f"    <edge {ends}>{_data('edge', asdict(edge))}</edge>"
    yield "  </graph>"
    yield "</graphml>"


def dot(nodes: Iterable[Node], edges: Iterable[Edge]) -> Iterator[str]:
    """Yield the lines of a file for Graphviz; links that no longer stand are dashed."""
    yield "digraph related {"
    for node in nodes:
        style = None if node.is_captured else "dotted"
        look: dict[str, Any] = {"label": _label(node), "URL": node.url, "style": style}
        yield f"  {_quote(node.id)}{_look(look)};"
    for edge in edges:
        look = {
            "kind": edge.kind,
            "position": edge.position,
            "tooltip": edge.headline,
            "first_seen": edge.first_seen,
            "last_seen": edge.last_seen,
            "resolved": edge.resolved,
            "style": None if edge.stands else "dashed",
        }
        yield f"  {_quote(edge.source)} -> {_quote(edge.target)}{_look(look)};"
    yield "}"


def jsonl(nodes: Iterable[Node], edges: Iterable[Edge]) -> Iterator[str]:
    """Yield a JSON object for each node and each edge; ``type`` says which it is."""
    for kind, things in (("node", nodes), ("edge", edges)):
        for thing in things:
            yield json.dumps({"type": kind, **asdict(thing)}, ensure_ascii=False)


FORMATS: dict[str, Callable[[Iterable[Node], Iterable[Edge]], Iterator[str]]] = {
    "graphml": graphml,
    "dot": dot,
    "jsonl": jsonl,
}


def _label(node: Node) -> str:
    return node.headline or node.id


def _data(domain: str, values: dict[str, Any]) -> str:
    return "".join(
        f'<data key="{domain}_{name}">{escape(_text(values[name]))}</data>'
        for name in _ATTRIBUTES[domain]
        if values[name] is not None
    )


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else in_xml(str(value))


def _attribute(value: str) -> str:
    return quoteattr(_text(value))


def _look(values: dict[str, Any]) -> str:
    given = ", ".join(f"{name}={_quote(str(value))}" for name, value in values.items() if value is not None)
    return f" [{given}]"


def _quote(text: str) -> str:
    """Return *text* as a quoted string of dot.

    >>> _quote('Kẻ "vô hình" \\\\ bóng')
    '"Kẻ \\\\"vô hình\\\\" \\\\\\\\ bóng"'
    """
    plain = _CONTROL.sub(" ", text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{plain}"'
