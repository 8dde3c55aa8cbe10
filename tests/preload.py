"""What the children of :mod:`tests.forks` share: imported once, before they are forked."""

import pkgutil
from importlib import import_module

import lxml.html
import scrapy.cmdline
import scrapy.core.downloader.handlers.http11
import scrapy.crawler
import scrapy.utils.log
import spidermon.contrib.scrapy
import trafilatura

import tests.faults
import vovcrawler.pages

__all__ = ["lxml", "scrapy", "spidermon", "tests", "trafilatura", "vovcrawler"]

# Components and commands are loaded by their names.
_PACKAGES = (
    *("scrapy.commands", "scrapy.downloadermiddlewares", "scrapy.spidermiddlewares", "scrapy.extensions"),
    *("vovcrawler", "vovcrawler.commands", "vovcrawler.commands.catalogue", "vovcrawler.spiders"),
)
# The settings look at the environment; the other one is on its way out, and says so.
_NOT = {"vovcrawler.settings", "scrapy.extensions.statsmailer"}

for package in _PACKAGES:
    for found in pkgutil.iter_modules(import_module(package).__path__, f"{package}."):
        if not found.ispkg and found.name not in _NOT:
            import_module(found.name)
