"""The last gate before the wire: no request leaves for another host, or before its time.

Whatever asked for it passes here: pages, feeds, sitemaps, redirects, robots.txt. Who may be asked and when is
decided in :mod:`vovcrawler.politeness`.
"""

from __future__ import annotations

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from vovcrawler.politeness import Manners, host_of


class Gate(HTTP11DownloadHandler):
    """Scrapy's HTTP handler behind the last question: may this request leave, and when?"""

    async def download_request(self, request: Request) -> Response:
        manners = self._crawler.get_extension(Manners)
        assert manners is not None, "EXTENSIONS must have vovcrawler.politeness.Manners"
        if not manners.admits(request):
            raise IgnoreRequest("Foreign host")
        host = host_of(request.url)
        async with manners.turn(host) as left_at:
            response = await super().download_request(request)
            manners.heard(host, response, left_at)
        return response
