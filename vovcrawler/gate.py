"""The last gate before the wire: no request leaves for another host, or before its time.

Whatever asked for it passes here: pages, feeds, sitemaps, redirects, robots.txt. Who may be asked and when is
decided in :mod:`vovcrawler.politeness`.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from twisted.web._newclient import HTTPClientParser
from twisted.web.http import _ChunkedTransferDecoder, _IdentityTransferDecoder

from vovcrawler.politeness import Manners, host_of


class _TransferDecoders(dict[bytes, Any]):
    """How the end of a body is told, by Transfer-Encoding: whatever else it names, chunks are chunks.

    Twisted knows the one word only, and a server that packs so would give nothing. What is packed is unpacked
    later, with all that is packed in silence.
    """

    def __missing__(self, codings: bytes) -> Any:
        if codings.rpartition(b",")[2].strip() == b"chunked":
            return _ChunkedTransferDecoder
        # To the end of the connection.
        return partial(_IdentityTransferDecoder, None)


HTTPClientParser._transferDecoders = _TransferDecoders()


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
