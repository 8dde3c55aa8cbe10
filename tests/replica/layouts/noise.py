"""What stands on a page and is not the article: menus, boxes of other news, comments, advertising."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from random import Random

from tests.replica import words
from tests.replica.story import Card, Story

SHARE_LABELS = ("Chia sẻ", "Facebook", "Zalo", "Twitter", "Copy link", "In bài viết", "Email")
_COMMENTS = (
    "Bài viết rất hay, cảm ơn tác giả.",
    "Đề nghị các cơ quan chức năng vào cuộc làm rõ vụ việc này, người dân chúng tôi chờ đợi đã quá lâu rồi.",
    "Mong sớm có kết quả.",
)


def fake_cards(rng: Random, count: int) -> list[Card]:
    """Return links to articles that exist nowhere: whoever follows them is seen in the log."""
    cards = []
    for _ in range(count):
        head = words.headline(rng)
        href = f"/the-gioi/{words.slug(head)}-post{rng.randrange(90_000, 99_999)}.vov"
        teaser = words.sentence(rng) if rng.random() < 0.6 else None
        cards.append(Card(headline=head, href=href, teaser=teaser))
    return cards


def menu(rng: Random) -> str:
    """Return the header: menu, hot topics, weather, the day's date."""
    links = "".join(
        f'<li class="nav-item"><a class="nav-link" href="{path}">{name}</a></li>'
        for places in words.SECTIONS
        for name, path in places
    )
    hot = "".join(
        f'<a href="/tu-khoa/{words.slug(tag)}-tag{rng.randrange(10_000)}">#{tag}</a> '
        for tag in ("AFF Cup", "Bão số 3", "Giá xăng")
    )
    trend = f'<div class="trending">{hot}</div>' if rng.random() < 0.5 else ""
    clock = f"{_DRUPAL}Hà Nội 24°C</div>" if rng.random() < 0.5 else ""
    return (
        '<header><div class="logo"><a href="/"><img src="/logo.svg" alt="VOV.VN"></a></div>'
        f'<nav><ul class="navbar-nav"><li><a href="/">Trang chủ</a></li>{links}</ul></nav>{trend}{clock}'
        '<form action="/search"><input name="keyword" placeholder="Tìm kiếm"></form></header>'
    )


def advert(rng: Random) -> str:
    """Return a place for advertising."""
    return rng.choice(
        (
            '<div class="ads" id="ads-64"><script>show_ads(64)</script></div>',
            '<div class="banner-ads"><a href="https://ads.example/x"><img src="/ad.gif" alt="ads"></a></div>',
            "<!-- ads 80 -->",
            '<ins class="adsbygoogle" data-ad-slot="1"></ins><script>(adsbygoogle=[]).push({})</script>',
        )
    )


def share(rng: Random) -> str:
    """Return a bar of share buttons."""
    buttons = "".join(f'<li><a href="#" title="{label}">{label}</a></li>' for label in SHARE_LABELS[:5])
    return rng.choice(
        (
            f'<div class="social-share"><ul>{buttons}</ul></div>',
            f'<ul class="list-inline share">{buttons}</ul>',
            '<div class="addthis_inline_share_toolbox"></div>',
            f'<div class="d-flex">{"".join(f"<span>{label}</span>" for label in SHARE_LABELS[:4])}</div>',
        )
    )


def promotion(rng: Random) -> str:
    """Return the line that asks readers to follow VOV."""
    icons = "".join(
        f' <a href="https://{site}/vov.vn"><img src="/icons/{site}.svg" alt="{alt}"></a>'
        for site, alt in (("www.facebook.com", "Facebook"), ("zalo.me", ""), ("www.tiktok.com", "TikTok"))
    )
    text = rng.choice(
        (
            f"Mời quý độc giả theo dõi VOV.VN trên{icons}",
            f"Mời quý độc giả theo dõi VOV.VN trên:{icons}",
            f"<strong>Mời quý độc giả theo dõi VOV.VN trên </strong>{icons}",
        )
    )
    return rng.choice(
        (f"<p>{text}</p>", f'<div class="follow-us">{text}</div>', f'<p class="text-center"><em>{text}</em></p>')
    )


def tag_line(story: Story, rng: Random) -> str:
    """Return the line of keywords under the text, empty without keywords."""
    if not story.tags:
        return ""
    links = [
        f'<a href="/tu-khoa/{words.slug(tag)}-tag{rng.randrange(10_000)}">{escape(tag)}</a>' for tag in story.tags
    ]
    return rng.choice(
        (
            f'<div class="article-tags"><span>Tag:</span> {" ".join(links)}</div>',
            f"<p>Từ khóa: {', '.join(links)}</p>",
            f'<div class="tag-list"><strong>TAG:</strong> {" | ".join(links)}</div>',
            f"<p><b>Từ khoá</b> {'; '.join(links)}</p>",
            '<ul class="tags"><li><strong>Tags</strong></li>' + "".join(f"<li>{a}</li>" for a in links) + "</ul>",
            f'<div class="field field--name-field-tags">{" ".join(links)}</div>',
        )
    )


def comments(rng: Random) -> str:
    """Return the readers' comments."""
    said = "".join(
        f'<div class="comment-item"><b>{words.name(rng)}</b><p>{text}</p><span>Trả lời</span></div>'
        for text in _COMMENTS[: rng.randrange(1, 4)]
    )
    return (
        f'<div id="comments" class="comments"><h3>Bình luận ({rng.randrange(30)})</h3>'
        f'<textarea placeholder="Ý kiến của bạn"></textarea><button>Gửi</button>{said}</div>'
    )


def box(heading: str, cards: Sequence[Card], rng: Random, *, attributes: str = "", drupal: bool = True) -> str:
    """Return a box of other news under its *heading*."""
    tag = rng.choice(("h2", "h3", "h4", "div"))
    entries = "".join(
        f'{_DRUPAL if drupal else "<div>"}<a href="{card.href}"><h5>{escape(card.headline)}</h5></a>'
        + (f"<p>{escape(card.mark + card.teaser)}</p>" if card.teaser else "")
        + "</div>"
        for card in cards
    )
    if drupal:
        entries = entries.replace("<h5>", '<h5 class="media-title">').replace("<p>", '<p class="mt-2">')
    return f'<div {attributes}><{tag} class="block-title">{heading}</{tag}><div class="row">{entries}</div></div>'


_DRUPAL = '<div class="col-md-4 mb-2">'


def below(story: Story, rng: Random) -> str:
    """Return what follows an article and its related news."""
    drupal = story.layout == "drupal"
    parts = []
    if story.more or rng.random() < 0.4:
        cards = list(story.more) or fake_cards(rng, 3)
        heading = rng.choice(("Tin cùng chuyên mục", "TIN CÙNG CHUYÊN MỤC", "Cùng chuyên mục"))
        parts.append(box(heading, cards, rng, attributes='class="same-category"', drupal=drupal))
    else:
        parts.append('<div id="custompost-list" data-nid="1018244"></div>')
    if rng.random() < 0.5:
        parts.append(comments(rng))
    parts += [
        box(heading, fake_cards(rng, 3), rng, attributes='class="sidebar"', drupal=drupal)
        for heading in ("Đọc nhiều", "Tin mới", "Có thể bạn quan tâm")
        if rng.random() < 0.5
    ]
    rng.shuffle(parts)
    return "\n".join(parts)


FOOTER = (
    '<footer class="footer"><p>Cơ quan chủ quản: ĐÀI TIẾNG NÓI VIỆT NAM</p><p>Giấy phép hoạt động báo chí số'
    " 27/GP-BTTTT. Tổng Biên tập: Ngô Văn A</p><p>Địa chỉ: 58 Quán Sứ, Hà Nội. Điện thoại: 024 1234 5678</p>"
    '<p>© Bản quyền thuộc về Báo điện tử VOV</p><a href="/tin-moi-cap-nhat">Tin mới cập nhật</a></footer>'
)
