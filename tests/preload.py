"""What the children of :mod:`tests.crash` share: imported once, before they are forked."""

import lxml.html
import scrapy.cmdline
import scrapy.core.downloader.handlers.http11
import scrapy.crawler
import scrapy.extensions.feedexport
import scrapy.utils.log

import tests.faults
import vovcrawler.frontier
import vovcrawler.pipelines
import vovcrawler.politeness
import vovcrawler.running
import vovcrawler.spiders.article

__all__ = ["lxml", "scrapy", "tests", "vovcrawler"]
