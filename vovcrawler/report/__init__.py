"""The report: one HTML file of plots about an archive and its runs.

:mod:`vovcrawler.report.figures` counts, :mod:`vovcrawler.report.plots` draws, :mod:`vovcrawler.report.sections`
tells, :mod:`vovcrawler.report.page` puts all on one page.
"""

from __future__ import annotations

from pathlib import Path

from vovcrawler.catalogue import Catalogue
from vovcrawler.report.figures import Figures


def write(catalogue: Catalogue, path: Path) -> None:
    """Write the report about *catalogue* to *path*, whole or not at all."""
    # Who makes no report need not load what draws.
    from vovcrawler.report.page import page

    text = page(Figures.of(catalogue))
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(path.name + ".part")
    try:
        aside.write_text(text, encoding="utf-8", newline="\n")
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
