"""A whole site from a seed: stories of all eras that call each other related in every form of an address."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, timezone
from random import Random
from urllib.parse import urlsplit

from . import words
from .story import Block, Card, Heading, Inset, Items, Picture, Quote, Recording, Story, Table

VIETNAM = timezone(timedelta(hours=7))
NEWEST = datetime(2026, 11, 20, 18, 0, tzinfo=VIETNAM)
ALL_LAYOUTS = ("drupal", "drupal", "drupal", "epi", "webforms")
_MARKS = {
    "drupal": (("VOV.VN - ", "VOV.VN"), ("VOV.VN -", "VOV.VN"), ("VOV.VN- ", "VOV.VN"), ("VOV.VN – ", "VOV.VN")),
    "epi": (("VOV.VN - ", "VOV.VN"), ("VOV.VN -", "VOV.VN"), ("(VOV) - ", "VOV")),
    "webforms": (("(VOV) - ", "VOV"), ("(VOV) – ", "VOV"), ("VOV.VN - ", "VOV.VN")),
    "generic": (("VOV.VN - ", "VOV.VN"),),
}


def generate(
    seed: int,
    n: int,
    *,
    layouts: Sequence[str] = ALL_LAYOUTS,
    newest: datetime = NEWEST,
    spread: timedelta = timedelta(minutes=37),
    wild: bool = True,
) -> list[Story]:
    """Return *n* stories, newest first; with *wild* related lists also hold what must not be followed.

    ``drupal`` stories are *spread* apart, counted back from *newest*; older layouts lie in their era.
    """
    rng = Random(f"{seed}/{n}/{wild}")
    bare = [_story(rng, number, layouts[number % len(layouts)], newest - number * spread) for number in range(n)]
    return [_with_related(rng, story, number, bare, wild) for number, story in enumerate(bare)]


def reach(stories: Iterable[Story], seeds: Iterable[str], hops: int) -> dict[str, int]:
    """Return which addresses a crawl from *seeds* asks for, and the shortest way to each.

    Addresses of no story are in it: they are asked for, and answer 404.
    """
    known = {story.url: story for story in stories}
    ways = dict.fromkeys(seeds, 0)
    edge = list(ways)
    for hop in range(1, hops + 1):
        targets = [url for source in edge if source in known for url in known[source].followed()]
        edge = [url for url in dict.fromkeys(targets) if url not in ways]
        ways.update(dict.fromkeys(edge, hop))
    return ways


# ---- one story


def _story(rng: Random, number: int, layout: str, published: datetime) -> Story:
    head = words.headline(rng)
    section = rng.choice(words.SECTIONS)
    era, published = _era(rng, layout, published)
    mark, outlet = rng.choice(_MARKS[layout])
    lead: str | None = words.sentence(rng)
    if rng.random() < 0.03:
        lead = None
    body = () if lead and layout == "drupal" and rng.random() < 0.03 else _body(rng, layout)  # news of one line
    byline, authors = _byline(rng)
    rich = layout != "webforms"
    old_section = ((section[0][0], f"/{words.slug(section[0][0]).title()}"),)
    return Story(
        url=_url(era, section[-1][1], head, number, rng),
        headline=head,
        lead=lead,
        mark=mark,
        outlet=outlet,
        body=body,
        end_mark=rng.random() < 0.8,
        byline=byline,
        authors=authors,
        published_at=published,
        modified_at=published + timedelta(minutes=rng.randrange(1, 300))
        if layout == "drupal" and rng.random() < 0.3
        else None,
        section=section if rich else old_section,
        tags=words.tags(rng) if rich else (),
        layout=layout,
        hidden=_hidden(rng) if layout == "drupal" and body else frozenset(),
        seed=rng.randrange(1 << 30),
    )


def _hidden(rng: Random) -> frozenset[str]:
    """Return what the page tells to machines only: now and then one field."""
    return frozenset([rng.choice(("date", "lead", "section"))] if rng.random() < 0.15 else [])


def _era(rng: Random, layout: str, published: datetime) -> tuple[str, datetime]:
    """Return which form the address has, and a date of that time."""
    if layout == "webforms":
        return "A", datetime(2009, 1, 1, tzinfo=VIETNAM) + timedelta(minutes=rng.randrange(2_000_000))
    if layout == "epi":
        return "B", datetime(2014, 1, 1, tzinfo=VIETNAM) + timedelta(minutes=rng.randrange(3_400_000))
    if rng.random() < 0.15:
        return "C1", datetime(2020, 11, 1, tzinfo=VIETNAM) + timedelta(minutes=rng.randrange(650_000))
    return "C2", published


def _url(era: str, section: str, head: str, number: int, rng: Random) -> str:
    slug = words.slug(head)
    if era == "A":
        named = "-".join(part.capitalize() for part in slug.split("-"))
        middle = f"{rng.randrange(10_000, 99_999)}/" if rng.random() < 0.3 else ""
        return f"https://vov.vn/{section.split('/')[1].capitalize()}/{named}/{middle}{100_000 + number}.vov"
    if era == "C2":
        return f"https://vov.vn{section}/{slug}-post{1_000_000 + number}.vov"
    return f"https://vov.vn{section}/{slug}-{(780_000 if era == 'C1' else 300_000) + number}.vov"


def _byline(rng: Random) -> tuple[str | None, tuple[str, ...]]:
    one, two = rng.sample(sorted({words.name(rng) for _ in range(8)}), 2)
    return rng.choice(
        (
            (f"{one}/VOV.VN", (one,)),
            (f"{one}/VOV.VN", (one,)),
            (f"{one}/VOV.VN (biên dịch)", (one,)),
            (f"CTV {one}/VOV-Miền Trung", (one,)),
            (f"PV {one}/VOV-Tây Bắc", (one,)),
            ("PV/VOV-Cairo", ()),
            (f"{one}, {two}/VOV.VN", (one, two)),
            (f"{one} - {two}/VOV1", (one, two)),
            (one, (one,)),
            (None, ()),
        )
    )


def _body(rng: Random, layout: str) -> tuple[Block, ...]:
    if layout == "drupal" and rng.random() < 0.03:  # a photo story has no paragraph at all
        return tuple(_picture(rng, layout) for _ in range(5))
    blocks: list[Block] = [words.paragraph(rng) for _ in range(rng.randrange(4, 12))]
    extras: list[tuple[float, Block]] = [
        (0.8, _picture(rng, layout)),
        (0.4, _picture(rng, layout)),
        (0.4, Heading(words.subheading(rng))),
        (0.2, Heading(words.subheading(rng))),
    ]
    if layout != "webforms":
        extras += [
            (0.15, Quote((words.sentence(rng), words.sentence(rng)))),
            (0.15, Items(tuple(words.sentence(rng) for _ in range(3)), ordered=rng.random() < 0.5)),
            (
                0.08,
                Table(
                    (("Loại vàng", "Mua vào", "Bán ra"), ("SJC", "78,2", "80,5"), ("Nhẫn 9999", "70,1", "71,3"))
                ),
            ),
            (0.15, _recording(rng)),
        ]
    if layout == "drupal":
        extras.append((0.3, Inset(_strangers(rng, 3))))
    for chance, block in extras:
        if rng.random() < chance:
            blocks.insert(rng.randrange(1, len(blocks)), block)
    return tuple(block for at, block in enumerate(blocks) if not _is_idle(blocks, at))


def _is_idle(blocks: Sequence[Block], at: int) -> bool:
    """Whether a heading stands over another heading: no editor does that."""
    below = [block for block in blocks[at + 1 :] if not isinstance(block, Picture | Inset)]
    return isinstance(blocks[at], Heading) and (not below or isinstance(below[0], Heading))


def _picture(rng: Random, layout: str) -> Picture:
    number = rng.randrange(10**6)
    url = {
        "epi": f"https://images.vov.vn/w660/uploaded/abc/2019_05_21/anh_{number}.jpg",
        "webforms": f"https://vov.vn/Uploaded/anh/2011_04/{number}.jpg",
    }.get(
        layout, f"https://media.vov.vn/sites/default/files/styles/large/public/2025-12/anh_{number}.jpg?itok=Qw3"
    )
    caption = words.caption(rng) if rng.random() < 0.85 else None
    credit = words.photographer(rng) if caption and rng.random() < 0.6 else None
    return Picture(url=url, caption=caption, credit=credit, form=rng.randrange(4))


def _recording(rng: Random) -> Recording:
    if rng.random() < 0.2:
        return Recording(kind="video", url=f"https://www.youtube.com/embed/vov{rng.randrange(10**6)}")
    kind, kept = rng.choice((("video", "mp4"), ("audio", "mp3")))
    return Recording(
        kind=kind, url=f"https://media.vov.vn/sites/default/files/2025-12/tin_{rng.randrange(10**6)}.{kept}"
    )


# ---- what calls what related


def _with_related(rng: Random, story: Story, number: int, stories: Sequence[Story], wild: bool) -> Story:
    count = rng.choice((0, 1, 2, 3, 3, 4, 5))
    near = [number + rng.choice((-3, -2, -1, 1, 2, 3, 5, 8, 13)) for _ in range(count)]
    chosen = dict.fromkeys(at % len(stories) for at in near)
    cards = [_card(rng, stories[at], wild) for at in chosen if at != number]
    if wild:
        for stranger in _WILD:
            if cards and rng.random() < 0.12:
                cards.insert(rng.randrange(len(cards) + 1), stranger(rng, story))
    if story.layout == "webforms":
        cards = [Card(headline=card.headline, href=card.href, target=card.target) for card in cards]
    more = tuple(_card(rng, stories[(number + 17 + step) % len(stories)], False) for step in range(3))
    values = {name: getattr(story, name) for name in story.__dataclass_fields__}
    return Story(**{**values, "related": tuple(cards), "more": more if rng.random() < 0.5 else ()})


def _card(rng: Random, story: Story, wild: bool) -> Card:
    teaser = story.lead if rng.random() < 0.8 else None
    href = form(rng, story.url) if wild else story.path
    return Card(headline=story.headline, href=href, target=story.url, teaser=teaser, mark=story.mark)


def form(rng: Random, url: str) -> str:
    """Return an article's address in one of the forms that circulate."""
    path = urlsplit(url).path
    host = rng.choice(("vov.vn", "www.vov.vn", "m.vov.vn", "baoxuan.vov.vn", "vov.vn.", "VOV.vn"))
    return rng.choice(
        (
            path,
            path,
            url,
            f"http://{host}{path}",
            f"https://{host}{path}",
            f"//{host}{path}",
            f"{path}?utm_source=vov&utm_medium=related",
            f"{url}#comments",
            f" {path} ",
        )
    )


def _missing(rng: Random, story: Story) -> Card:
    head = words.headline(rng)
    target = f"https://vov.vn/xa-hoi/{words.slug(head)}-post{rng.randrange(2_000_000, 3_000_000)}.vov"
    return Card(headline=head, href=form(rng, target), target=target, teaser=words.sentence(rng))


def _itself(rng: Random, story: Story) -> Card:
    return Card(headline=story.headline, href=form(rng, story.url), target=story.url, teaser=story.lead)


def _elsewhere(rng: Random, story: Story) -> Card:
    head = words.headline(rng)
    slug = words.slug(head)
    href = rng.choice(
        (
            f"https://dantri.com.vn/xa-hoi/{slug}-20251229080808.htm",
            f"https://vnexpress.net/{slug}-4999999.html",
            f"https://vov.vn.evil.example/the-gioi/{slug}-post1000001.vov",
            f"https://evil.example/https://vov.vn/the-gioi/{slug}-post1000002.vov",
            f"/tu-khoa/{slug}-tag{rng.randrange(10_000)}",
            f"/tac-gia/{slug}-author{rng.randrange(10_000)}",
            "/the-gioi/quan-sat",
            "/search?keyword=vov",
            "javascript:void(0)",
            "mailto:toasoan@vov.vn",
        )
    )
    return Card(headline=head, href=href, teaser=words.sentence(rng))


def _outlet(rng: Random, story: Story) -> Card:
    head = f"Vietnam {rng.choice(('Japan', 'Laos', 'Cuba'))} trade talks enter round {rng.randrange(9)}"
    url = f"https://english.vov.vn/en/politics/{words.slug(head)}-post{rng.randrange(1_200_000, 1_300_000)}.vov"
    return Card(headline=head, href=url, target=url)


_WILD = (_missing, _itself, _elsewhere, _elsewhere, _outlet)


def _strangers(rng: Random, count: int) -> tuple[Card, ...]:
    """Return links that stand in the text without a heading, to articles that exist nowhere."""
    cards = []
    for _ in range(count):
        head = words.headline(rng)
        href = f"/the-gioi/{words.slug(head)}-post{rng.randrange(80_000, 89_999)}.vov"
        cards.append(Card(headline=head, href=href, teaser=words.sentence(rng)))
    return tuple(cards)
