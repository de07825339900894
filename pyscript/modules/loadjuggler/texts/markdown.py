"""Text of others in Markdown: it is shown as it is.

Names, units and states come from users and devices. In a notification or on a dashboard, which are
Markdown, a status such as `<img src=...>` or `[pay here](...)` would become a picture or a link.
"""

from __future__ import annotations

import re

_MARKS = re.compile(r"[\\`*{}\[\]<>#|~&$!@]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|://|\bwww\.")
"""What has a meaning in Markdown: signs, an underscore that is not within a word, and what makes an
address a link ("://", "www."), or an address of mail ("@")."""


def plain(text: str) -> str:
    r"""`text` for Markdown, in one line, so that it reads as it is.

    Example: `<b>*Left*</b> car_1` becomes `\<b\>\*Left\*\</b\> car_1`.
    """
    return _MARKS.sub(_escaped, " ".join(text.split()))


def _escaped(found: re.Match[str]) -> str:
    if found[0] == "://":
        return r":\/\/"
    if found[0] == "www.":
        return r"www\."
    return f"\\{found[0]}"
