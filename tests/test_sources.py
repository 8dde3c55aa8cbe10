"""Folders, text dumps and HTML pages as sources; WARC and WACZ have tests of their own."""

from __future__ import annotations

import gzip
import inspect
import os
import sys
from pathlib import Path

import pytest

from vovcrawler.sources import Source, SourceError, check_named, files, open_source

PAGE = "<html><head><meta charset=utf-8>{}</head><body><h1>Tin</h1><p>Đoạn văn.</p></body></html>".format
CANONICAL = '<link rel="canonical" href="https://vov.vn/the-gioi/tin-post{}.vov">'.format


def names(source: Source) -> list[str]:
    return [capture.ref["file"].rpartition("/")[2] for capture in source.seeds()]


def write(folder: Path, **contents: bytes | str) -> Path:
    for name, content in contents.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def test_a_folder_gives_its_pages_by_path_and_nothing_else(tmp_path):
    write(tmp_path, b_txt="Hai", a_html=PAGE(""), c__d_txt="Ba", c__a_htm=PAGE(""), e_md="no", x_json="{}")
    write(tmp_path / ".git", a_txt="hidden")
    (tmp_path / ".hidden.txt").write_text("hidden")
    source = open_source([tmp_path])
    assert [capture.ref for capture in source.seeds()] == [
        {"file": f"{tmp_path}/{name}"} for name in ("a.html", "b.txt", "c/a.htm", "c/d.txt")
    ]
    assert not source.damage


def test_a_page_that_ends_is_whole_whatever_its_scripts_speak_of(tmp_path):
    script = '<script>if (i<n) open("<!--", "<script>"); style("<style>")</script>'
    write(tmp_path, a_html=f"{PAGE('')[:-14]}{script}</body></html>\n")
    source = open_source([tmp_path])
    assert all(source.read(capture) for capture in source.seeds())
    assert source.damage == []


def test_a_page_may_be_saved_as_it_came_packed(tmp_path):
    packed = gzip.compress(PAGE(CANONICAL(1)).encode())
    write(tmp_path, a_html=packed, b_html=packed[:-9], c_html=packed[:20] + b"?" * 99)
    source = open_source([tmp_path])
    (capture,) = source.seeds()
    assert capture.url == "https://vov.vn/the-gioi/tin-post1.vov"
    assert source.read(capture).body == PAGE(CANONICAL(1)).encode()
    assert [(damage.file[-6:], damage.sentence) for damage in source.damage] == [
        ("b.html", "has a gzip body that breaks off, or is too big for an article."),
        ("c.html", "is not intact gzip."),
    ]


def test_a_page_may_be_packed_in_parts(tmp_path):
    page = PAGE(CANONICAL(1)).encode()
    packed = gzip.compress(page[:9]) + gzip.compress(page[9:])
    write(tmp_path, a_html=packed, b_html=packed[:-9], c_html=packed + b"?")
    source = open_source([tmp_path])
    assert [source.read(capture).body for capture in source.seeds()] == [page, page]
    assert [damage.file[-6:] for damage in source.damage] == ["b.html"]


def test_paths_keep_the_order_in_which_they_were_given(tmp_path):
    write(tmp_path, a_txt="Một", b_txt="Hai", c_txt="Ba")
    assert names(open_source([tmp_path / "c.txt", tmp_path / "a.txt"])) == ["c.txt", "a.txt"]


def test_a_file_that_is_named_twice_is_read_once(tmp_path):
    write(tmp_path, a_txt="Một", b_txt="Hai")
    (tmp_path / "c.txt").symlink_to("a.txt")
    source = open_source([tmp_path / "b.txt", tmp_path, tmp_path / "c.txt", tmp_path])
    assert names(source) == ["b.txt", "a.txt"]
    assert not source.errors


@pytest.mark.parametrize(
    ("given", "named"),
    [("in", "in/a.txt"), ("./in/", "./in/a.txt"), ("in/a.txt", "in/a.txt"), (".", "./in/a.txt")],
)
def test_the_file_is_named_as_it_was_given(tmp_path, monkeypatch, given, named):
    write(tmp_path, in__a_txt="Tin")
    monkeypatch.chdir(tmp_path)
    assert [capture.ref for capture in open_source([given]).seeds()] == [{"file": named}]


@pytest.mark.parametrize(
    "name", ["a b.txt", "dấu.txt", 'it\'s "so".txt', "two\nlines.txt", os.fsdecode(b"caf\xe9.txt"), "100%.txt"]
)
def test_any_file_name_can_be_read_and_printed(tmp_path, name):
    (tmp_path / name).write_text("Tin", encoding="utf-8")
    source = open_source([tmp_path])
    (capture,) = source.seeds()
    assert source.read(capture).body == b"Tin"
    capture.ref["file"].encode("utf-8")


@pytest.mark.parametrize("name", ["a.warc.zst", "a.ARC", "a.arc.gz", "a.warc.bz2", "a.warc.xz"])
def test_an_archive_in_a_folder_that_cannot_be_read_is_said(tmp_path, name):
    (tmp_path / name).write_bytes(b"x")
    (tmp_path / "b.txt").write_text("Tít\n\nMột bài.")
    source = open_source([tmp_path])
    assert len(list(source.seeds())) == 1
    assert [(damage.file.rpartition("/")[2], ".warc.gz" in damage.sentence) for damage in source.damage] == [
        (name, True)
    ]


def test_folders_that_link_to_each_other_are_entered_once(tmp_path):
    write(tmp_path, a__a_txt="Tin")
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    (tmp_path / "b").symlink_to(tmp_path / "a")
    assert names(open_source([tmp_path])) == ["a.txt"]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("none", "There is no file or folder 'none'."),
        ("empty", "The folder 'empty' holds no pages"),
        ("a.pdf", "The file 'a.pdf' is of no known type"),
    ],
)
def test_a_source_named_wrongly_is_said_in_one_sentence(tmp_path, monkeypatch, given, sentence):
    monkeypatch.chdir(tmp_path)
    Path("empty").mkdir()
    Path("a.pdf").write_bytes(b"%PDF")
    with pytest.raises(SourceError, match=sentence):
        open_source([Path(given)])


def test_a_wrong_name_beside_a_right_one_is_remembered_and_the_right_one_read(tmp_path):
    write(tmp_path, a_txt="Tin")
    source = open_source([tmp_path / "none.txt", tmp_path / "a.txt"])
    assert names(source) == ["a.txt"]
    assert [str(error) for error in source.errors] == [f"There is no file or folder '{tmp_path}/none.txt'."]


DAMAGED = {
    "empty.txt": (b" \n", "is empty."),
    "empty.html": (b"", "is empty."),
    "binary.txt": (b"\x00\x01\x02", "control characters"),
    "latin.txt": ("Tiếng".encode("cp1258", "ignore") + b"\xff", "not text in UTF-8 or UTF-16"),
    "image.html": (b"\x89PNG\r\n\x1a\n\0\0\0<", "not an HTML page"),
    "words.html": (b"only words", "not an HTML page"),
    "big.html": (b"<p>" + b"x" * files.MAX_PAGE_BYTES, "too big"),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_file_is_noted_and_the_others_are_read(tmp_path, name):
    content, sentence = DAMAGED[name]
    write(tmp_path, a_txt="Một", z_html=PAGE(""))
    (tmp_path / name).write_bytes(content)
    source = open_source([tmp_path])
    bodies = [source.read(capture) for capture in source.seeds()]
    assert len([body for body in bodies if body]) == 2
    (damage,) = source.damage
    assert damage.file == f"{tmp_path}/{name}"
    assert sentence in damage.sentence


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_damage(tmp_path):
    write(tmp_path, a_txt="Tin").joinpath("a.txt").chmod(0)
    source = open_source([tmp_path])
    assert [source.read(capture) for capture in source.seeds()] == [None]
    assert "Permission denied" in source.damage[0].sentence


def test_what_cannot_be_looked_at_is_damage_and_the_rest_is_read(tmp_path, locked):
    names = ("a.warc.gz", "b.warc.gz.open", "c.wacz", "d.html", "e.txt")
    write(tmp_path, z_txt="Tin")
    (tmp_path / locked).mkdir()
    for name in names:
        (tmp_path / locked / name).touch()
    source = open_source([tmp_path])
    bodies = [source.read(capture) for capture in source.seeds()]
    assert [answer.body for answer in bodies if answer] == [b"Tin"]
    assert {str(damage).removeprefix(f"{tmp_path}/{locked}/") for damage in source.damage} == {
        f"{name}: cannot be read: Permission denied." for name in names
    }


def test_a_path_that_cannot_be_looked_at_does_not_hinder_others(tmp_path, locked):
    write(tmp_path, z_txt="Tin")
    source = open_source([tmp_path / locked / "a.txt", tmp_path / "z.txt"])
    assert names(source) == ["z.txt"]
    assert [str(damage) for damage in source.damage] == [
        f"{tmp_path}/{locked}/a.txt: cannot be read: Permission denied."
    ]
    check_named([tmp_path / locked / "a.txt"])


def test_folders_may_lie_deeper_in_each_other_than_calls(tmp_path, monkeypatch):
    depth = 200
    tmp_path.joinpath(*"a" * depth).mkdir(parents=True)
    write(tmp_path.joinpath(*"a" * depth), a_txt="Tin")
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack()) + depth)
    try:
        assert names(open_source([tmp_path])) == ["a.txt"]
    finally:
        sys.setrecursionlimit(limit)


@pytest.mark.parametrize("name", ["b.wacz", "b.warc.gz", "b.html", "b.txt"])
def test_a_pipe_is_not_waited_for(tmp_path, name):
    write(tmp_path, a_txt="Tin")
    os.mkfifo(tmp_path / name)
    source = open_source([tmp_path])
    read = [source.read(capture) for capture in source.seeds()]
    assert len(list(filter(None, read))) == 1
    assert {damage.sentence for damage in source.damage} == {"is not a file that can be read."}


def test_a_link_that_leads_nowhere_is_damage(tmp_path):
    (tmp_path / "a.txt").symlink_to("nowhere")
    source = open_source([tmp_path])
    assert [source.read(capture) for capture in source.seeds()] == [None]
    assert len(source.damage) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_dump_is_read_in_any_unicode_encoding_that_says_so(tmp_path, encoding):
    mark = "\ufeff" if encoding in ("utf-16-le", "utf-16-be") else ""
    (tmp_path / "a.txt").write_bytes((mark + "Tiếng Việt").encode(encoding))
    source = open_source([tmp_path])
    assert [source.read(capture).body.decode() for capture in source.seeds()] == ["Tiếng Việt"]


def test_a_page_in_utf_16_has_its_address_too(tmp_path):
    write(tmp_path, a_html=PAGE(CANONICAL(1)).encode("utf-16"))
    source = open_source([tmp_path])
    (capture,) = source.seeds()
    assert capture.url == "https://vov.vn/the-gioi/tin-post1.vov"
    assert source.read(capture)


@pytest.mark.parametrize(
    ("head", "url"),
    [
        (CANONICAL(1), "https://vov.vn/the-gioi/tin-post1.vov"),
        ("<META content='https://vov.vn/a/tin-post2.vov' property=og:url>", "https://vov.vn/a/tin-post2.vov"),
        (f"<!-- {CANONICAL(1)} -->", None),
        ('<link rel=canonical href="https://example.org/tin-post1.vov">', None),
        (
            '<link rel=canonical href="https://vov.vn/">'
            + '<meta property="og:url" content="https://vov.vn/a-post3.vov">',
            "https://vov.vn/a-post3.vov",
        ),
        ('<link rel="shortlink CANONICAL" href="https://vov.vn/a-post4.vov">', "https://vov.vn/a-post4.vov"),
        ('<link rel="canonical" href="//">', None),
        ('<link rel="canonical">', None),
    ],
)
def test_a_saved_page_gives_its_own_address(tmp_path, head, url):
    write(tmp_path, a_html=PAGE(head))
    assert [capture.url for capture in open_source([tmp_path]).seeds()] == [url]


def test_a_link_finds_the_page_under_any_form_of_its_address(tmp_path):
    write(tmp_path, a_html=PAGE(CANONICAL(7)))
    source = open_source([tmp_path])
    assert source.find("http://m.vov.vn/the-gioi/tin-post7.vov").url == "https://vov.vn/the-gioi/tin-post7.vov"
    assert source.find("https://vov.vn/the-gioi/tin-post8.vov") is None


@pytest.mark.parametrize(
    "cut", ["<html><body><h1>Tin</h1><p>Đo", PAGE("")[:-20], "<p>a</p><a href='x", "<p>a</p><!-- x"]
)
def test_a_page_cut_in_the_middle_is_read_and_noted(tmp_path, cut):
    write(tmp_path, a_html=cut)
    source = open_source([tmp_path])
    assert [source.read(capture).body.decode() for capture in source.seeds()] == [cut]
    assert "breaks off" in source.damage[0].sentence


@pytest.mark.parametrize("whole", [PAGE(""), "<h1>Tin</h1><p>a < b", "<html><p>x</html>\n<!-- saved -->\n"])
def test_a_page_that_leaves_out_what_html_lets_it_leave_out_is_whole(tmp_path, whole):
    write(tmp_path, a_html=whole)
    source = open_source([tmp_path])
    assert all(source.read(capture) for capture in source.seeds())
    assert not source.damage
