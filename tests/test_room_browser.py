"""The reading room in a real browser, over an archive that a real crawl of the replica made."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, Command
from tests.replica import Replica
from tests.replica.story import Card, Story

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
AXE = Path(os.environ.get("AXE", ROOT / ".cache/axe/node_modules/axe-core/axe.min.js"))
SHOTS = Path(os.environ.get("SCREENSHOTS", ROOT / ".cache/screenshots"))
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]
FIRST, SECOND = "https://vov.vn/the-gioi/nga-post1000001.vov", "https://vov.vn/the-gioi/han-post1000002.vov"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium: apt-get install chromium"),
]


def tell(site: Any) -> None:
    section = (("Thế giới", "/the-gioi"),)
    first = Story(
        url=FIRST,
        headline="Nga và Trung Quốc thảo luận vấn đề Triều Tiên",
        lead="Ngày 26/5, tại thủ đô Moscow diễn ra hội đàm.",
        body=("Hai bên đàm phán về bán đảo Triều Tiên trong hai ngày.", "Kết quả được công bố vào cuối năm nay."),
        byline="An Nhi/VOV.VN",
        authors=("An Nhi",),
        section=section,
        tags=("Triều Tiên",),
        related=(Card(headline="Hàn Quốc nối lại đàm phán thương mại", href=SECOND, target=SECOND),),
    )
    second = Story(
        url=SECOND,
        headline="Hàn Quốc nối lại đàm phán thương mại",
        lead="Hai nước nhất trí nối lại các cuộc họp.",
        body=("Cuộc họp diễn ra trong tuần tới tại thủ đô Seoul của Hàn Quốc.",),
        section=section,
        related=(Card(headline="Nga và Trung Quốc thảo luận", href=FIRST, target=FIRST),),
    )
    site.fill([first, second])


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An open room: two articles were crawled, one was edited and crawled again, the other is gone."""
    data = tmp_path_factory.mktemp("room") / "data"
    with Replica() as replica:
        tell(replica.site)
        scrapy = Command(replica.url, data)
        crawl = ("crawl", "article", "-a", f"url={FIRST},{SECOND}", "-a", "hops=0")
        assert scrapy(*crawl).code == 0
        replica.site.edit(FIRST, headline="Nga và Trung Quốc bàn về vấn đề Triều Tiên")
        replica.site.remove(SECOND)
        scrapy(*crawl)
        line = [sys.executable, "-m", "scrapy", "serve", "--port", "0", "-s", f"DATA_DIR={data}"]
        server = subprocess.Popen(line, cwd=ROOT, env=scrapy.environment(), stderr=subprocess.PIPE, text=True)
        try:
            assert server.stderr
            said = server.stderr.readline()
            assert "http://127.0.0.1:" in said
            yield said.split("open at ")[1].split()[0].rstrip("/")
        finally:
            server.terminate()
            server.communicate(timeout=20)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as running:
        opened = running.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    """A page that fails the test for every request that leaves the room and every complaint of the console."""
    context = browser.new_context(base_url=address, locale="vi-VN", viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    trouble: list[str] = []
    opened.on("request", lambda asked: asked.url.startswith(address) or trouble.append(asked.url))
    opened.on("console", lambda said: said.type in ("error", "warning") and trouble.append(said.text))
    opened.on("pageerror", lambda error: trouble.append(str(error)))
    yield opened
    context.close()
    assert not trouble


def shoot(page: Any, name: str) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png")


def test_from_the_front_page_to_a_cited_difference_by_keyboard_alone(page: Any) -> None:
    page.goto("/")
    shoot(page, "home")
    page.keyboard.press("/")
    page.keyboard.type("trieu tien")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=trieu+tien")
    assert page.locator("mark").first.inner_text() == "Triều Tiên"
    shoot(page, "search")
    page.get_by_role("link", name="Nga và Trung Quốc bàn về vấn đề Triều Tiên").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/article/**")
    shoot(page, "article")
    page.get_by_role("link", name="Các phiên bản (2)").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/revisions/**")
    assert "thảo luận" in page.locator(".difference-headline del").inner_text()
    assert "bàn về" in page.locator(".difference-headline ins").inner_text()
    cited = page.locator("#text-difference").inner_text()
    assert cited.count("SHA-256") == 2
    assert "Compared with: Revision 1" in cited
    shoot(page, "revisions")
    page.get_by_role("link", name="Trích dẫn", exact=True).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/cite/**")
    assert "urn:uuid:" in page.locator("#text-bib").inner_text()
    shoot(page, "cite")


def test_search_finds_with_marks_and_half_of_them(page: Any) -> None:
    for typed in ("đàm phán", "dam phan", "đam phán", '"đàm phán', "ĐÀM PHÁN"):
        page.goto("/")
        page.get_by_label("Tìm trong kho báo").fill(typed)
        page.get_by_role("button", name="Tìm kiếm").click()
        page.wait_for_url("**/search?**")
        assert page.locator("main article").count() == 2, typed
    page.get_by_label("Tình trạng").select_option("gone")
    page.get_by_role("button", name="Áp dụng").click()
    page.wait_for_url("**gone**")
    assert page.locator("main article").count() == 1


def test_the_graph_can_be_walked(page: Any) -> None:
    page.goto("/related/vov.vn/post1000001")
    shoot(page, "graph")
    page.locator("svg a[href*='post1000002']").first.click()
    page.wait_for_url("**/related/vov.vn/post1000002")
    assert page.get_by_role("heading", level=1).inner_text().startswith("Hàn Quốc")


def test_files_can_be_taken_away(page: Any) -> None:
    page.goto("/cite/vov.vn/post1000001")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Tải về BibTeX").click()
    assert waiting.value.suggested_filename.endswith(".bib")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="WACZ").click()
    with zipfile.ZipFile(BytesIO(Path(waiting.value.path()).read_bytes())) as packed:
        assert packed.testzip() is None
        assert "datapackage.json" in packed.namelist()
        assert b"post1000001" in packed.read("pages/pages.jsonl")


def test_the_raw_capture_is_text(page: Any) -> None:
    page.goto("/raw/vov.vn/post1000001")
    assert "<html" in page.locator("pre.source").inner_text()
    assert page.locator("pre.source *").count() == 0
    assert page.get_by_role("row", name="content-type").count() == 1


PATHS = [
    *("/", "/search?q=dam+phan", "/section/the-gioi", "/changes", "/gone", "/coverage", "/runs"),
    *(f"/{name}/vov.vn/post1000001" for name in ("article", "revisions", "related", "cite", "raw")),
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.skipif(
    not AXE.is_file(), reason=f"axe-core is not at {AXE}: npm install --prefix .cache/axe axe-core"
)
def test_axe_finds_no_serious_fault(browser: Any, address: str, scheme: str) -> None:
    context = browser.new_context(base_url=address, color_scheme=scheme, locale="vi-VN")
    page = context.new_page()
    faults = {}
    for path in PATHS:
        page.goto(path)
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate("axe.run().then(result => result.violations)")
        serious = [
            (fault["id"], [node["html"][:120] for node in fault["nodes"]][:3])
            for fault in found
            if fault["impact"] in ("serious", "critical")
        ]
        if serious:
            faults[path] = serious
    context.close()
    assert not faults


@pytest.fixture(scope="module")
def phone(browser: Any, address: str) -> Iterator[Any]:
    context = browser.new_context(base_url=address, viewport={"width": 360, "height": 740}, locale="vi-VN")
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", PATHS)
def test_a_phone_never_scrolls_sideways(phone: Any, path: str) -> None:
    phone.goto(path)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    if path.startswith("/article"):
        shoot(phone, "phone")


def test_every_page_works_without_scripts(browser: Any, address: str) -> None:
    context = browser.new_context(base_url=address, java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto("/")
    page.get_by_label("Search the archive").fill("moscow")
    page.get_by_role("button", name="Search").click()
    page.wait_for_url("**/search?**")
    assert page.get_by_role("heading", level=1).inner_text() == "Results for “moscow”"
    context.close()
