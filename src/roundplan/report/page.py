"""Pages that open anywhere: one file of HTML with all that it needs, and no requests.

The browser is told to make none, whatever a name in the data says (content security
policy). Data is JSON in a script element with every ``<`` escaped, and the scripts only
ever set text, so that a street called ``<script>`` is a street.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from html import escape
from importlib import resources
from typing import Any

import numpy as np
import numpy.typing as npt

POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
    "img-src data:"
)
"""What a page may load: nothing but what is in it."""

_IMAGE = re.compile(r"url\((?:images/)?([\w.-]+\.png)\)")
_SOURCE_MAP = re.compile(r"\n//# sourceMappingURL=\S+\s*$")


def page(
    title: str,
    body: str,
    data: Mapping[str, Any],
    *,
    scripts: Sequence[str],
    styles: Sequence[str] = (),
    leaflet: bool = True,
) -> str:
    """Return a whole page.

    Parameters
    ----------
    title
        Text; it is escaped.
    body
        HTML of our own; what comes from files must be escaped by whoever puts it there.
    data
        What the scripts find as ``JSON.parse(document.getElementById("data")...)``;
        arrays as `packed` gives them.
    scripts, styles
        Names of files beside this module, in order; ``page.css`` comes first.
    """
    css = [asset("page.css"), *map(asset, styles)]
    code = [*map(asset, scripts)]
    if leaflet:
        css.insert(0, _leaflet_css())
        code.insert(0, _SOURCE_MAP.sub("\n", asset("vendor/leaflet/leaflet.js")))
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    text = text.replace("<", "\\u003c")
    head = "".join(f"<style>{sheet}</style>\n" for sheet in css)
    tail = "".join(f"<script>{script}</script>\n" for script in code)
    return (
        '<!doctype html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        '<link rel="icon" href="data:,">\n'
        f"<title>{escape(title)}</title>\n{head}</head>\n<body>\n{body}\n"
        f'<script type="application/json" id="data">{text}</script>\n{tail}'
        "</body>\n</html>\n"
    )


def table(
    heads: Sequence[str], rows: Iterable[Sequence[str]], numbers: Sequence[int] = ()
) -> str:
    """Return a table of text as HTML; columns in ``numbers`` are set to the right."""

    def cells(row: Sequence[str], tag: str, scope: str = "") -> str:
        looks = (' class="number"' if i in numbers else "" for i in range(len(row)))
        return "".join(
            f"<{tag}{scope}{look}>{escape(text)}</{tag}>"
            for text, look in zip(row, looks, strict=True)
        )

    body = "".join(f"<tr>{cells(row, 'td')}</tr>" for row in rows)
    head = cells(heads, "th", ' scope="col"')
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def packed(array: npt.NDArray[Any]) -> str:
    """Return an array of numbers as base64, little-endian; the script knows its type.

    int64 is refused: scripts have no such array.
    """
    if array.dtype.itemsize > 4 or array.dtype.kind not in "iu":
        msg = f"a page cannot hold an array of {array.dtype}"
        raise TypeError(msg)
    little = array.astype(array.dtype.newbyteorder("<"), copy=False)
    return base64.b64encode(np.ascontiguousarray(little).tobytes()).decode()


@cache
def asset(name: str) -> str:
    """Return the text of a file beside this module."""
    return resources.files("roundplan.report").joinpath(name).read_text("utf-8")


def _leaflet_css() -> str:
    """Return Leaflet's style sheet with its images inside."""

    def inline(found: re.Match[str]) -> str:
        file = resources.files("roundplan.report") / "vendor/leaflet" / found[1]
        if not file.is_file():  # of a control that no page of ours has
            return "none"
        return (
            f"url(data:image/png;base64,{base64.b64encode(file.read_bytes()).decode()})"
        )

    return _IMAGE.sub(inline, asset("vendor/leaflet/leaflet.css"))
