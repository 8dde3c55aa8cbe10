"""Blocks with status 200 are told from pages, whatever words and scripts a page holds."""

from __future__ import annotations

import time

import pytest
from scrapy.http import HtmlResponse

from vovcrawler import refusal
from vovcrawler.pages.challenge import is_challenge, shows_content

_LONG = "Các chuyên gia an ninh mạng cho rằng người dùng cần cảnh giác trước các trang giả mạo. " * 30

CHALLENGES = {
    "attention with script": """<html><head><title>Attention Required!</title></head><body>
        <script>window.location.href="https://vov.vn/the-gioi?d=abc";</script></body></html>""",
    "attention in the text only": """<html><body><div>Attention Required</div>
        <script type="text/javascript">window.location.href = "/?x=1"</script></body></html>""",
    "cookie and reload": """<html><body><script>document.cookie="D1N=0a1b; path=/";
        window.location.reload(true);</script></body></html>""",
    "cookie alone": '<html><script>document["cookie"] = "vov=1";</script></html>',
    "cookie with noscript": """<script>document.cookie='a=b;path=/';location.href=location.href</script>
        <noscript>Please enable JavaScript to view the page content.</noscript>""",
    "link of a chain": '<html><head><script>window.location.href="/a?1"</script></head><body></body></html>',
    "location replaced": '<script>location.replace("/a")</script>',
    "cloudflare waiting": """<title>Just a moment...</title><body><noscript>Enable JavaScript
        and cookies to continue</noscript>
        <script>(function(){window._cf_chl_opt={cvId:'3'};}());</script></body>""",
    "cloudflare blocked": """<title>Attention Required! | Cloudflare</title>
        <h1>Sorry, you have been blocked</h1><h2>You are unable to access vov.vn</h2>
        <p>This website is using a security service to protect itself from online attacks. The action you just
        performed triggered the security solution.</p>""",
    "denied": "<html><head><title>Access Denied</title></head><body><h1>Access Denied</h1></body></html>",
    "captcha": """<body><p>Please verify you are a human to continue.</p><form action="/check">
        <div class="g-recaptcha" data-sitekey="k"></div></form></body>""",
    "captcha in Vietnamese": """<title>Xác minh bạn là con người</title>
        <form><img src="/captcha.png"><input></form>""",
    "cut in the middle": '<title>Attention Required<script>window.location.href="/a',
    "upper case": '<TITLE>ATTENTION REQUIRED</TITLE><SCRIPT>window.location.href="/a"</SCRIPT>',
}

PAGES = {
    "empty": "",
    "not found": "<title>404</title><h1>Không tìm thấy trang</h1><script>var a = document.cookie;</script>",
    "drupal article about it": """<h1 class="article-title">Attention Required: captcha là gì?</h1>
        <div class="row article-content"><p>Trang web hiện "Attention Required" và document.cookie=.</p></div>
        <script>document.cookie="seen=1"; window.location.href="/";</script>""",
    "epi article": """<form id="aspnetForm"><h1 class="cms-title">Just a moment</h1><p>Ngắn.</p></form>
        <script>document.cookie="a=1"</script>""",
    "webforms article": """<h1 class="title">Access denied</h1>
        <span id="ctl00_mContent_lbBody">Ngắn</span>""",
    "unknown layout": f"<h1>Access denied</h1><p>{_LONG}</p><script>window.location.href='/'</script>",
    "json-ld": """<script type="application/ld+json">{"datePublished":"2026-01-01"}</script>
        <h1>Attention Required</h1><script>document.cookie='a=1'</script>""",
    "cloudflare let it through": """<h1>Tin mới</h1><p>Một tin ngắn trên trang chủ.</p>
        <script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script>""",
    "a list": """<div class="taxonomy-content"><a class="vovvn-title" href="/a-post1.vov">A</a></div>
        <script>document.cookie='x=1';location.href='#'</script>""",
    "a feed": """<?xml version="1.0"?><rss version="2.0"><channel><title>Attention Required</title>
        </channel></rss>""",
    "a sitemap": '<?xml version="1.0"?><!-- made --><urlset xmlns="x"><url><loc>captcha</loc></url></urlset>',
    "comments with a captcha": f"<h1>Tin</h1><p>{_LONG}</p><div class='g-recaptcha'></div>",
    "a comparison": """<p>Trang ngắn, không phải bài báo.</p>
        <script>if (window.location.href == '/') go()</script>""",
    "json": '{"title": "Attention Required"}',
}


@pytest.mark.parametrize("name", CHALLENGES)
def test_a_challenge_is_recognised(name):
    assert is_challenge(CHALLENGES[name])


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_no_challenge(name):
    assert not is_challenge(PAGES[name])


@pytest.mark.parametrize(
    "piece", ["<", "<script ", "<!--", "<title>", "location ", "window.", 'class="', "<script>location"]
)
def test_a_hostile_page_is_judged_in_no_time(piece):
    began = time.process_time()
    is_challenge(piece * (300_000 // len(piece)))
    is_challenge(piece + " " * 300_000)
    assert time.process_time() - began < 1


MARKS = [
    '<meta property="article:published_time" content="x">',
    '<script type="application/ld+json">{"datePublished": "2026-01-01"}</script>',
    '<h1 class="row article-title">',
    '<div class="' + "col " * 60 + 'article-content">',
    '<h1 class="cms-title">',
    '<span id="ctl00_mContent_lbBody">',
    '<a class="vovvn-title x" href="/a-post1.vov">',
    '<meta property="og:type" content="article">',
    "<article>",
]


@pytest.mark.parametrize("mark", MARKS)
def test_what_passes_for_content_at_once_is_content_to_whoever_reads_all_of_it(mark):
    challenge = "<title>Attention Required</title><script>document.cookie = 'd=1'; location.href = '/'</script>"
    for page, is_one in ((challenge, True), (challenge + "<p>" + mark, False)):
        response = HtmlResponse("https://vov.vn/a-post1.vov", body=page, encoding="utf-8")
        assert shows_content(response.body) is not is_one
        assert (refusal.refusal(response) == "challenge") is is_challenge(page) is is_one


@pytest.mark.parametrize("name", CHALLENGES)
def test_a_challenge_shows_no_content(name):
    assert not shows_content(CHALLENGES[name].encode())


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_is_not_gone_where_a_challenge_says_so(status):
    def of(page):
        response = HtmlResponse("https://vov.vn/a-post1.vov", status=status, body=page, encoding="utf-8")
        return refusal.refusal(response)

    assert of(CHALLENGES["cloudflare blocked"]) == "challenge"
    assert of(CHALLENGES["captcha in Vietnamese"]) == "challenge"
    # The page of many a site that says so leads on to the front page.
    assert of("<h1>404</h1><script>window.location.href = '/'</script>") is None
    assert of("<h1>404</h1><p>Không tìm thấy</p><script>document.cookie='x=1';location.href='/'</script>") is None
    assert of(PAGES["not found"]) is None
