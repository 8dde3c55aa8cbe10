"""Whether a page is a block in the place of the page that was asked for.

A site may refuse with status 200: a captcha, a script that sets a cookie and loads the page again, the words
"Attention Required". Statuses, and what a crawl does about a refusal, live in :mod:`vovcrawler.refusal`.
"""

from __future__ import annotations

import html as entities
import re

_READ_AT_MOST = 300_000
# A block page holds a few sentences: the longest known (Cloudflare's, Imperva's) have about 1,000 characters.
_LONGEST_BLOCK = 1_500
_LONGEST_STUB = 200

# What a challenge never has: containers and metadata of articles and lists, in every era of the site.
_CONTENT = r"""article:published_time | ["']datePublished["'] | itemprop=["']?articleBody | <article[\s>]
      | property=["']og:type["']\s+content=["']article | content=["']article["']\s+property=["']og:type
      | (?:class|id)=["'][^"'<>]*(?:
            article-(?:title|content|summary) | article__(?:sapo|body) | detail--normal | text-long
          | cms-(?:title|desc|body) | taxonomy-content | vovvn-title | story__heading | story-listing
          | ctl00_mContent)"""
_HAS_CONTENT = re.compile(_CONTENT, re.VERBOSE | re.IGNORECASE)
_SHOWS_CONTENT = re.compile(_CONTENT.encode(), re.VERBOSE | re.IGNORECASE)
# Most pages with content have one of these, and it is found in a tenth of the time.
_MARKS = (
    b"article:published_time",
    b"article-content",
    b"article-title",
    b"article-summary",
    b"datePublished",
    b"articleBody",
    b"<article",
    b"cms-",
    b"ctl00_mContent",
    b"article__",
    b"taxonomy-content",
    b"vovvn-title",
    b"story__heading",
    b"story-listing",
    b"detail--normal",
    b"text-long",
    b"og:type",
)
_AROUND = 300
_DATA = re.compile(r"<(?:rss|feed|urlset|sitemapindex|rdf:RDF)[\s>:]|\A\s*[\[{]", re.IGNORECASE)

_PAIRED = re.DOTALL | re.IGNORECASE
_SCRIPT = re.compile(r"<script\b([^<>]*)>(.*?)(?:</script\s*>|\Z)", _PAIRED)
_HIDDEN = re.compile(r"<!--.*?(?:-->|\Z)|<(style|template|svg)\b.*?(?:</\1\s*>|\Z)", _PAIRED)
_TITLE = re.compile(r"<(title|h[1-3])\b[^<>]*>(.*?)(?:</\1\s*>|\Z)", _PAIRED)
_TAG = re.compile(r"<[^<>]*>")

_SETS_COOKIE = re.compile(r"""document ?(?:\. ?cookie|\[ ?["']cookie["'] ?\]) ?=(?!=)""")
_MOVES_ON = re.compile(
    r"""(?<![\w$.-])(?:(?:window|document|self|top|parent)[ ]?\.[ ]?)*location[ ]?
        (?:(?:\.[ ]?href|\[[ ]?["']href["'][ ]?\])?[ ]?=(?!=) | \.[ ]?(?:replace|assign|reload)[ ]?\()""",
    re.VERBOSE,
)
# Cloudflare puts /cdn-cgi/challenge-platform/scripts/ into pages it lets through: that alone says nothing.
_MACHINERY = re.compile(
    r"""_cf_chl_opt | cf-browser-verification | cf-challenge | cf-error-details | _Incapsula_Resource
      | cdn-cgi/challenge-platform/h/ | captcha-delivery\.com
      | id=["'](?:challenge-form|challenge-running|px-captcha|sec-if-container)""",
    re.VERBOSE | re.IGNORECASE,
)
_CAPTCHA = re.compile(r"\b(?:g-recaptcha|h-captcha|cf-turnstile|recaptcha/api|captcha)\b", re.IGNORECASE)
_ANNOUNCED = re.compile(
    r"""attention[ ]required | just[ ]a[ ]moment | one[ ]more[ ]step | pardon[ ]our[ ]interruption
      | access[ ](?:is[ ]|has[ ]been[ ])?(?:denied|blocked|restricted) | you(?:[ ]ha|')ve[ ]been[ ]blocked
      | checking[ ](?:your[ ]browser|if[ ]the[ ]site[ ]connection) | human[ ]verification
      | (?:please[ ])?(?:verify|confirm|prove)(?:[ ]that)?[ ]you(?:[ ]are|'re)[ ](?:a[ ])?(?:human|not[ ]a)
      | are[ ]you[ ](?:a[ ])?(?:human|(?:ro)?bot) | ddos[ -]protection | unusual[ ]traffic | captcha
      | security[ ](?:check|verification) | (?:đang[ ])?kiểm[ ]tra[ ](?:trình[ ]duyệt|bảo[ ]mật)
      | xác[ ](?:minh|nhận|thực)[ ](?:rằng[ ])?bạn[ ](?:không[ ]phải[ ])?là | nhập[ ]mã[ ]xác
      | (?:truy[ ]cập|yêu[ ]cầu)[ ](?:của[ ]bạn[ ])?(?:đã[ ])?bị[ ](?:từ[ ]chối|chặn)""",
    re.VERBOSE | re.IGNORECASE,
)


def shows_content(page: bytes) -> bool:
    """Say whether in *page* a mark is soon found of what a challenge never has; without one it may be any page.

    >>> shows_content(b'<h1 class="article-title">Tin</h1>'), shows_content(b"<h1>article-title</h1>")
    (True, False)
    """
    places = (page.find(mark, 0, _READ_AT_MOST) for mark in _MARKS)
    return any(
        place >= 0 and _SHOWS_CONTENT.search(page, max(0, place - _AROUND), place + _AROUND) for place in places
    )


def is_challenge(html: str, *, scripts_tell: bool = True) -> bool:
    """Say whether *html* is a challenge or a block: little to read, and the marks of one.

    An article may speak of captchas and have scripts that do what challenges do; it is known by its content.
    Unless *scripts_tell*, a page that does nothing but send the browser on is none either.

    >>> script = '<script>document.cookie = "d=1"; window.location.href = "/"</script>'
    >>> is_challenge("<title>Attention Required</title>" + script)
    True
    >>> is_challenge('<h1 class="article-title">Attention Required</h1>' + script)
    False
    """
    html = html[:_READ_AT_MOST]
    bare = _HIDDEN.sub(" ", html)
    if _DATA.search(bare[:1000]):
        return False
    pieces = _SCRIPT.split(bare)  # what is shown, attributes of a script, the script, what is shown …
    shown = " ".join(pieces[::3])
    text = _words(shown)
    if len(text) > _LONGEST_BLOCK or _HAS_CONTENT.search(html):
        return False
    told = (
        script for attributes, script in zip(pieces[1::3], pieces[2::3], strict=True) if "json" not in attributes
    )
    scripts = " ".join(" ".join(told).split())
    moves_on, sets_cookie = bool(_MOVES_ON.search(scripts)), bool(_SETS_COOKIE.search(scripts))
    return (
        bool(_MACHINERY.search(html))
        or any(announces(_words(title)) for _, title in _TITLE.findall(shown))
        or (bool(_ANNOUNCED.search(text)) and (moves_on or sets_cookie or bool(_CAPTCHA.search(html))))
        or (scripts_tell and _is_stub(text, moves_on=moves_on, sets_cookie=sets_cookie))
    )


def announces(title: str) -> bool:
    """Say whether a page with this *title* is a challenge, if there is little more on it.

    >>> announces("Attention Required! | Cloudflare"), announces("Just a moment...")
    (True, True)
    """
    return bool(_ANNOUNCED.match(title))


def _is_stub(text: str, *, moves_on: bool, sets_cookie: bool) -> bool:
    """Say whether there is hardly more than a script that sends the browser on, with or without a cookie."""
    if moves_on and sets_cookie:
        return len(text) <= _LONGEST_STUB
    return (moves_on or sets_cookie) and len(text) <= _LONGEST_STUB // 4


def _words(markup: str) -> str:
    return " ".join(entities.unescape(_TAG.sub(" ", markup)).split())
