"""A small vov.vn on 127.0.0.1, made from what is known of the site, behind a forward proxy.

``python -m tests.replica --stories 600 --seed 1`` runs it by hand.
"""

from .answer import Answer, Asked
from .graph import generate, reach
from .layouts import LAYOUTS, render
from .proxy import Replica
from .site import Site
from .story import Card, Heading, Inset, Items, Picture, Quote, Recording, Story, Table

__all__ = [
    "LAYOUTS",
    "Answer",
    "Asked",
    "Card",
    "Heading",
    "Inset",
    "Items",
    "Picture",
    "Quote",
    "Recording",
    "Replica",
    "Site",
    "Story",
    "Table",
    "generate",
    "reach",
    "render",
]
