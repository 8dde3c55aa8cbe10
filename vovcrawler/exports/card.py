"""The data card: what an export holds, how it was chosen, and what may be done with it, in JSON."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from vovcrawler import __version__, dates
from vovcrawler.catalogue import Standing
from vovcrawler.exports.formats import NAMES

_LICENCE = (
    "Texts, pictures and recordings belong to Đài Tiếng nói Việt Nam (VOV) and to those whom it names as authors"
    " and sources. This export gives no licence to them: what may be done with them is said by the law of your"
    " country and by VOV. The facts about them (addresses, times, digests, copies) are free to use."
)
# How each format is read by the tools of the day; the name of its file as a text of Python, and of SQL.
_READ = {
    "jsonl": {
        "pandas": "pandas.read_json({python}, lines=True)",
        "polars": "polars.read_ndjson({python}, infer_schema_length=None)",
        "DuckDB": "SELECT * FROM read_json({sql})",
        "datasets": 'datasets.load_dataset("json", data_files={python}, split="train")',
    },
    "csv": {
        "pandas": "pandas.read_csv({python})",
        "polars": "polars.read_csv({python}, infer_schema_length=None)",
        "DuckDB": "SELECT * FROM read_csv({sql})",
        "datasets": 'datasets.load_dataset("csv", data_files={python}, split="train")',
    },
    "parquet": {
        "pandas": "pandas.read_parquet({python})",
        "polars": "polars.read_parquet({python})",
        "DuckDB": "SELECT * FROM {sql}",
        "datasets": 'datasets.load_dataset("parquet", data_files={python}, split="train")',
    },
}
_CSV_NOTE = (
    "Lists and objects are JSON; an empty cell is null. An apostrophe stands before what a spreadsheet would run"
    " as a formula: take one away where apostrophes are followed by =, +, -, @ (or"
    " ＝, ＋, －, ＠), a tab or a line end."
)


@dataclass(frozen=True, slots=True)
class File:
    """A file of the export."""

    name: str
    articles: int
    bytes: int
    sha256: str


@dataclass(slots=True)
class Card:
    """Counts what is exported; knows nothing of the day on which it was made, so that it comes out the same."""

    format: str
    #: What the export was asked for: as_of, unique, split and the filters.
    choice: dict[str, Any]
    files: list[File] = field(default_factory=list)
    articles: int = 0
    _filled: Counter[str] = field(default_factory=Counter)
    _statuses: Counter[str] = field(default_factory=Counter)
    _sections: Counter[str] = field(default_factory=Counter)
    _years: Counter[str] = field(default_factory=Counter)
    _languages: Counter[str] = field(default_factory=Counter)
    _ends: dict[str, tuple[str, str]] = field(default_factory=dict)

    def count(self, row: Standing) -> Standing:
        """Count *row* and return it."""
        record = row.record
        self.articles += 1
        self._filled.update([name for name in NAMES if record[name] not in (None, [], {})])
        self._statuses[record["status"]] += 1
        self._languages[record["language"]] += 1
        self._sections[record["section"][0] if record["section"] else ""] += 1
        published = record["published_at"] and str(dates.vietnam_day(record["published_at"]))
        self._years[published[:4] if published else ""] += 1
        for name, value in (("published", published), ("captured", record["captured_at"])):
            if value:
                first, last = self._ends.get(name, (value, value))
                self._ends[name] = min(first, value), max(last, value)
        return row

    def text(self) -> str:
        """Return the card, to be written beside the files."""
        return json.dumps(self._told(), ensure_ascii=False, indent=2) + "\n"

    def _told(self) -> dict[str, Any]:
        name = self.files[0].name if self.files else ""
        python, sql = json.dumps(name, ensure_ascii=False), "'{}'".format(name.replace("'", "''"))
        return {
            "title": "Articles of vov.vn, the news site of Vietnam's national radio",
            "made_by": f"vovcrawler {__version__}",
            "format": self.format,
            "choice": self.choice,
            "articles": self.articles,
            **{f"{kind}_{end}": ends for kind in ("published", "captured") for end, ends in self._span(kind)},
            "by_status": dict(sorted(self._statuses.items())),
            "by_language": dict(sorted(self._languages.items())),
            "by_year_of_publication": dict(sorted(self._years.items())),
            "by_section": dict(sorted(self._sections.items(), key=lambda entry: (-entry[1], entry[0]))),
            "fields": [
                {"name": name, "filled": self._filled[name], "content": told} for name, told in _contents().items()
            ],
            "licence": _LICENCE,
            **({"notes": _CSV_NOTE} if self.format == "csv" else {}),
            "read": {tool: line.format(python=python, sql=sql) for tool, line in _READ[self.format].items()},
            "files": [asdict(file) for file in self.files],
        }

    def _span(self, kind: str) -> list[tuple[str, str | None]]:
        first, last = self._ends.get(kind, (None, None))
        return [("first", first), ("last", last)]


@cache
def _contents() -> dict[str, str]:
    """Return what each field holds, in the words of the schema of the record."""
    schema = json.loads((files("vovcrawler") / "record.schema.json").read_text(encoding="utf-8"))
    return {name: schema["properties"][name].get("description", "") for name in NAMES}
