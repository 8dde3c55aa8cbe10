"""Where the articles around one stand in its picture: who points to it on the left, what it names on the right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

#: More do not fit into a picture that can be read; the list below it has them all.
MOST = 9

_WIDTH, _ROW, _BOX, _TOP = 960, 84, 264, 20
_LINE, _LINES = 31, 3


def draw(neighbours: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the places of the boxes and the lines between them, for an SVG picture."""
    sides = {side: [one for one in neighbours if one["direction"] == side] for side in ("in", "out")}
    rows = max(1, *(min(MOST, len(side)) for side in sides.values()))
    height = 2 * _TOP + rows * _ROW
    middle = height / 2
    boxes = [
        {**one, **_box(side, place, min(MOST, len(all_)), height), "lines": lines(one["headline"] or one["id"])}
        for side, all_ in sides.items()
        for place, one in enumerate(all_[:MOST])
    ]
    for box in boxes:
        box["path"] = _path(box, middle)
    hidden = sum(max(0, len(side) - MOST) for side in sides.values())
    return {"width": _WIDTH, "height": height, "middle": middle, "box": _BOX, "boxes": boxes, "hidden": hidden}


def _path(box: Mapping[str, Any], middle: float) -> str:
    inward = box["direction"] == "in"
    x, y = box["x"] + (_BOX if inward else 0), box["y"] + 32
    end = _WIDTH / 2 + (-_BOX / 2 if inward else _BOX / 2)
    bend = (x + end) / 2
    return f"M{x:.0f},{y:.0f} C{bend:.0f},{y:.0f} {bend:.0f},{middle:.0f} {end:.0f},{middle:.0f}"


def lines(text: str) -> list[str]:
    """Break *text* into the lines of a box.

    >>> lines("Nga và Trung Quốc thảo luận vấn đề Triều Tiên tại Moscow")
    ['Nga và Trung Quốc thảo luận vấn', 'đề Triều Tiên tại Moscow']
    """
    told: list[str] = [""]
    for word in text.split():
        if told[-1] and len(told[-1]) + 1 + len(word) > _LINE:
            told.append("")
        told[-1] = f"{told[-1]} {word[:_LINE]}".strip()
    return told if len(told) <= _LINES else [*told[: _LINES - 1], f"{told[_LINES - 1][: _LINE - 2]} …"]


def _box(side: str, place: int, many: int, height: float) -> dict[str, float]:
    gap = (height - 2 * _TOP) / many
    return {"x": 0 if side == "in" else _WIDTH - _BOX, "y": _TOP + gap * (place + 0.5) - 32}
