"""The layouts of vov.vn: where each era of the site puts the fields of an article, and how to tell it.

Each field has several selectors, the surest first. How a field is read lives in :mod:`vovcrawler.pages.article`.
"""

from __future__ import annotations

from vovcrawler import urls
from vovcrawler.pages.article import ArticlePage
from vovcrawler.pages.document import Document

_USUAL = ArticlePage


class DrupalPage(ArticlePage):
    """The site since autumn 2020."""

    layout = "drupal"
    marks = (
        "link[href*=/themes/custom/vovvn/]",
        "script[src*=/themes/custom/vovvn/]",
        "meta[content^=Drupal]",
        "h1.article-title",
        ".row.article-title",
        ".row.article-summary",
        ".row.article-content",
        ".text-long",
        ".detail--normal",
    )
    hints = (
        ".article-title",
        ".article-summary",
        ".article-content",
        ".article-author",
        ".field-related-article",
        ".gallery-embed",
        ".node-content-audio",
        ".video__summary",
        ".breadcrumb-item-first",
        "a.special-header-title",
    )

    headline_css = (
        "h1.article-title",
        ".article-title h1",
        ".article-title span",
        *_USUAL.headline_css,
        ".article-title",
    )
    date_css = (".article-date .col-md-4", "div.col-md-4.mb-2", ".article-date", ".article-meta", *_USUAL.date_css)
    lead_css = (".article-summary", ".article-sapo", ".field--name-field-summary", ".sapo")
    body_css = (
        ".article-content .text-long",
        ".text-long",
        ".article-content",
        ".field--name-body",
        ".video__summary",
        ".node-content-audio",
        ".detail--normal",
        "[itemprop=articleBody]",
    )
    byline_css = (".article-author", ".field--name-field-author", *_USUAL.byline_css)
    section_css = (
        ".breadcrumb a",
        "[class*=readcrumb] a",  # the first may be in a "breadcrumb-item-first" only
        ".breadcrumb-item",
        "a.special-header-title",
        ".special-header-title",
        *_USUAL.section_css,
    )
    tags_css = (".article-tags a", ".field--name-field-tags a", ".tags a", ".article-tag a", ".tag a")
    outer_css = ".article-content"
    related_css = (".field-related-article", ".field--name-field-related-article")
    picture_css = ("figure", ".article-image", ".article-media", ".field--name-field-image")
    not_body_css = (
        ".article-date",
        ".article-meta",
        ".article-tags",
        ".article-share",
        ".breadcrumb",
        "#custompost-list",
    )


class EpiPage(ArticlePage):
    """The site from about 2013 to 2020, and vovworld.vn."""

    layout = "epi"
    marks = (
        ".cms-title",
        ".cms-body",
        ".cms-desc",
        "#article-body",
        ".cms-author",
        ".article__sapo",
        ".article__body",
    )
    hints = ("#aspnetForm", ".cms-photo", ".stories-style-123", ".cms-relate", ".info-content", "table.contentimg")

    headline_css = ("h1.cms-title", "h1.article__title", ".cms-title", *_USUAL.headline_css)
    date_css = (
        ".cms-date",
        ".article__meta time",
        ".article-meta time",
        *_USUAL.date_css,
        ".article__meta",
        ".article__date",
    )
    lead_css = ("p.sapo.cms-desc", ".article__sapo", ".cms-desc", ".sapo", "h2.sapo")
    body_css = (
        "#article-body",
        ".article__body.cms-body",
        "div.cms-body",
        ".article__body",
        ".info-content",
        "[itemprop=articleBody]",
    )
    byline_css = (".cms-author", ".article__author", *_USUAL.byline_css)
    section_css = (
        ".breadcrumb a",
        ".article__breadcrumb a",
        ".breadcrumbs a",
        ".cms-breadcrumb a",
        ".article__cate a",
        ".cate a",
        *_USUAL.section_css,
    )
    tags_css = (".cms-tags a", ".article__tag a", ".article__tags a", *_USUAL.tags_css, ".tag a")
    related_css = (".stories-style-123", ".field-related-article")
    picture_css = ("figure", ".article-avatar", ".article__avatar", "table.contentimg")
    not_body_css = (
        ".cms-relate",
        ".boxVideoRelated",
        ".relatedHead",
        ".mainRelated",
        ".fyi-full-width",
        ".position-code",
        "span.fig",
    )


class WebformsPage(ArticlePage):
    """The site from about 2008 to 2013, and vovnews.vn."""

    layout = "webforms"
    marks = ("[id^=ctl00_mContent_]",)
    hints = ("#aspnetForm", ".story-photo", ".story-listing", "p.summary", "h1.title")

    headline_css = ("h1.title", *_USUAL.headline_css)
    date_css = ("#ctl00_mContent_lbDate", "span[id$=lbDate]", *_USUAL.date_css)
    lead_css = ("p.summary", ".summary")
    body_css = ("#ctl00_mContent_lbBody", "span[id$=lbBody]", "[itemprop=articleBody]")
    byline_css = ("p.author", *_USUAL.byline_css)
    section_css = ("a[id*=BreadCrumb]", *_USUAL.section_css)
    related_css = ("ul.story-listing",)
    picture_css = (".story-photo", "figure")
    arrows_are_related = True
    links_are_media = True


LAYOUTS: tuple[type[ArticlePage], ...] = (WebformsPage, EpiPage, DrupalPage)
_ERAS = {"drupal": "drupal", "webforms": "webforms"}


def choose(document: Document, url: str | None) -> ArticlePage:
    """Return *document* as the layout that it bears the marks of; the URL decides between equals only.

    A mark of the frame weighs more than any number of marks inside the text: articles were carried over from one
    engine to the next with their old markup.
    """
    hinted = _ERAS.get(urls.classify(url).era or "") if url else None
    marked = [layout for layout in LAYOUTS if any(map(document.all, layout.marks))]
    if len(marked) == 1:
        return marked[0](document, url)
    best: tuple[tuple[int, bool], type[ArticlePage]] = ((0, False), ArticlePage)
    for layout in LAYOUTS:
        marks = sum(bool(document.all(mark)) for mark in layout.marks)
        hints = sum(bool(document.all(hint)) for hint in layout.hints)
        score = (marks * 3 + hints, layout.layout == hinted)
        # A few names that any site may use make no page of today one of another era.
        is_hinted = hints > 1 and hinted in (None, layout.layout)
        if (marks or is_hinted) and score > best[0]:
            best = (score, layout)
    return best[1](document, url)
