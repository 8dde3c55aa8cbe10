"""Citing an article as it was at one capture: as a sentence, for BibTeX, RIS and CSL-JSON.

Each form names the address, the time of the capture, the SHA-256 of the text and the WARC record that holds the
bytes, so that what is cited can be found and checked again. Days are those of Vietnam.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from vovcrawler.dates import VIETNAM
from vovcrawler.letters import fold

_PAPER = "Báo Điện tử VOV"
_PUBLISHER = "Đài Tiếng nói Việt Nam"
_BIBTEX = {
    **{letter: "\\" + letter for letter in "#$%&_"},
    # Where braces are counted, one behind a backslash counts, too.
    "{": "{\\textbraceleft}",
    "}": "{\\textbraceright}",
    "\\": "{\\textbackslash}",
    "~": "{\\textasciitilde}",
    "^": "{\\textasciicircum}",
}
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


def sentence(record: Mapping[str, Any]) -> str:
    """Return the citation as a sentence.

    >>> record = {"id": "a", "url": None, "headline": "Tít", "authors": ["An Nhi"], "published_at": None}
    >>> record |= {"revision": 2}
    >>> record |= {"captured_at": None, "content_digest": "00", "capture": {"file": "a.txt"}}
    >>> sentence(record)
    'An Nhi. “Tít”. Báo Điện tử VOV. a. Revision 2. SHA-256 00. File a.txt.'
    """
    moment = _moment(record["published_at"])
    parts = [
        ", ".join(_authors(record)),
        f"“{record['headline'] or record['id']}”",
        f"{_PAPER}, {moment:%d/%m/%Y}" if moment else _PAPER,
        record["url"] or record["id"],
        f"Revision {record['revision']}"
        + (f", captured {record['captured_at']}" if record["captured_at"] else ""),
        f"SHA-256 {record['content_digest']}",
        _place(record),
    ]
    return " ".join(f"{_line(part)}." for part in parts if part)


def difference(old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """Return the citation of what changed between two revisions, as a sentence."""
    return f"{sentence(new)} Compared with: {_provenance(old)}."


def bibtex(record: Mapping[str, Any]) -> str:
    """Return the citation for BibTeX and BibLaTeX."""
    fields = {
        "author": " and ".join(f"{{{_bibtex(name)}}}" for name in _authors(record)),
        "title": f"{{{_bibtex(record['headline'] or record['id'])}}}",
        "journaltitle": _bibtex(_PAPER),
        "publisher": _bibtex(_PUBLISHER),
        "date": _day(record["published_at"]),
        "url": record["url"] or "",
        "urldate": _day(record["captured_at"]),
        "langid": {"vi": "vietnamese", "en": "english"}.get(record["language"], ""),
        "note": _bibtex(_provenance(record)),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@article{{{key(record)},", *lines, "}", ""])


def ris(record: Mapping[str, Any]) -> str:
    """Return the citation for reference managers that read RIS."""
    lines = [
        ("TY", "NEWS"),
        *(("AU", name) for name in _authors(record)),
        ("TI", record["headline"] or record["id"]),
    ]
    if moment := _moment(record["published_at"]):
        lines += [("PY", f"{moment:%Y}"), ("DA", f"{moment:%Y/%m/%d}")]
    lines += [("T2", _PAPER), ("PB", _PUBLISHER), ("UR", record["url"]), ("LA", record["language"])]
    if captured := _moment(record["captured_at"]):
        lines.append(("Y2", f"{captured:%Y/%m/%d}"))
    lines += [("AB", record["lead"]), ("N1", _provenance(record)), ("ID", key(record))]
    lines += [("KW", tag) for tag in record["tags"]]
    return "".join(f"{tag}  - {_line(value)}\r\n" for tag, value in lines if value) + "ER  - \r\n"


def csl_json(record: Mapping[str, Any]) -> str:
    """Return the citation as CSL-JSON, which Zotero, pandoc and others read."""
    item = {
        "id": key(record),
        "type": "article-newspaper",
        "title": record["headline"] or record["id"],
        "author": [{"literal": name} for name in _authors(record)],
        "container-title": _PAPER,
        "publisher": _PUBLISHER,
        "issued": _date_parts(record["published_at"]),
        "accessed": _date_parts(record["captured_at"]),
        "URL": record["url"],
        "abstract": record["lead"],
        "language": record["language"],
        "note": _provenance(record),
    }
    return (
        json.dumps([{name: value for name, value in item.items() if value}], ensure_ascii=False, indent=2) + "\n"
    )


def key(record: Mapping[str, Any]) -> str:
    """Return a key for the citation: where, when, first words.

    >>> key({"headline": "Nga và Trung Quốc", "published_at": "2017-05-26T10:00:00+07:00", "id": "vov.vn/post7"})
    'vov2017ngavatrung7'
    """
    words = re.findall(r"[a-z0-9]+", fold(record["headline"] or ""))[:3]
    number = "".join(re.findall(r"\d+", record["id"])[-1:])
    return "vov" + _day(record["published_at"])[:4] + "".join(words) + number


def record_id(record: Mapping[str, Any]) -> str | None:
    """Return the id of the WARC record that holds the bytes."""
    found: str | None = record["capture"].get("record_id")
    return found


def _authors(record: Mapping[str, Any]) -> list[str]:
    return list(record["authors"]) or ([record["byline"]] if record["byline"] else [])


def _provenance(record: Mapping[str, Any]) -> str:
    captured = f", captured {record['captured_at']}" if record["captured_at"] else ""
    return f"Revision {record['revision']}{captured}; SHA-256 {record['content_digest']}; {_place(record)}"


def _place(record: Mapping[str, Any]) -> str:
    capture = record["capture"]
    if identity := record_id(record):
        return f"WARC record {identity} in {capture['warc']}"
    return f"File {capture['file']}" if "file" in capture else ""


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(VIETNAM) if text else None


def _day(text: str | None) -> str:
    moment = _moment(text)
    return f"{moment:%Y-%m-%d}" if moment else ""


def _date_parts(text: str | None) -> dict[str, list[list[int]]] | None:
    moment = _moment(text)
    return {"date-parts": [[moment.year, moment.month, moment.day]]} if moment else None


def _line(text: str) -> str:
    return _CONTROL.sub(" ", text)


def _bibtex(text: str) -> str:
    return "".join(_BIBTEX.get(letter, letter) for letter in _line(text))
