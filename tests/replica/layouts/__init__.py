"""Stories as pages: one module per layout, each with several markup variants, picked by the seed.

Written from what is known of vov.vn alone, without a look at the reader or at its own fixtures.
"""

from __future__ import annotations

from random import Random

from tests.replica.story import Story

from . import drupal, epi, generic, webforms
from .sloppy import sloppy

_LAYOUTS = {"drupal": drupal.page, "epi": epi.page, "webforms": webforms.page, "generic": generic.page}
LAYOUTS = tuple(_LAYOUTS)


def render(story: Story) -> str:
    """Return the HTML of *story*; the same story gives the same page."""
    rng = Random(f"{story.seed} {story.layout} {story.url}")
    return sloppy(_LAYOUTS[story.layout](story, rng), rng)
