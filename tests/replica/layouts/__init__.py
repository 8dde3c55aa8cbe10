"""Stories as pages: one module per layout, each with several markup variants, picked by the seed.

Written from what is known of vov.vn alone, without a look at the reader or at its own fixtures.
"""

from __future__ import annotations

from tests.replica.story import Story

from . import drupal

_LAYOUTS = {"drupal": drupal.page}


def render(story: Story) -> str:
    """Return the HTML of *story*; the same story gives the same page."""
    return _LAYOUTS[story.layout](story)
