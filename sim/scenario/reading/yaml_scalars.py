"""Plain YAML scalars as a scenario reads them, by the core rules of YAML 1.2.

Only `true` and `false` are truth values: in the older rules `pace: off` would be false, `no` a truth value
and `12:30` a number of seconds. Dates stay text, so that what was read can be written as JSON again.
"""

from __future__ import annotations

import math
import re

_WHOLE = re.compile(r"[-+]?[0-9]{1,3}(?:_?[0-9]{1,3}){0,10}")
_DECIMAL = re.compile(r"[-+]?(?:[0-9]{1,30}(?:\.[0-9]{0,30})?|\.[0-9]{1,30})(?:[eE][-+]?[0-9]{1,3})?")
_WORDS: dict[str, object] = {
    "": None,
    "~": None,
    **dict.fromkeys(("null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


def read_scalar(text: str) -> object:
    """Return what a plain (unquoted) scalar stands for: nothing, a truth value, a number or text."""
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        number = float(text)
        return number if math.isfinite(number) else text
    return text
