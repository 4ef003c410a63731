"""Codes that the returns share: who refers, and what an episode of need is open as."""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["SCHOOLS", "SOURCES", "episode_status", "is_interim_order", "source_of"]

SCHOOLS = "schools"
SOURCES = {
    "1": "individuals", "2": SCHOOLS, "3": "health", "4": "housing", "5": "council services", "6": "police",
    "7": "other legal", "8": "others", "9": "anonymous", "10": "unknown",
}  # fmt: skip
"""DfE source of referral codes by their first figure; 2A schools and 2B education services are one."""
_WORDS = (
    ("police", "6"), ("school nurse", "3"), ("school", "2"), ("education", "2"), ("early help", "5"),
    ("anonymous", "9"), ("unknown", "10"), ("legal", "7"), ("court", "7"), ("cafcass", "7"), ("housing", "4"),
    ("social care", "5"), ("la services", "5"), ("local authority", "5"), ("health", "3"), ("hospice", "3"),
    ("gp", "3"), ("a and e", "3"), ("individual", "1"), ("relative", "1"), ("family", "1"), ("self", "1"),
    ("other", "8"),
)  # fmt: skip


@lru_cache(maxsize=2_000)
def source_of(plain_text: str) -> str:
    """Who refers, from `q 6 police`, `6`, `2A` or words, in plain form; empty when it cannot be told."""
    code = re.search(r"(?:^|\s)(10|[1-9])[a-f]?(?=\s|$)", plain_text)
    if code:
        return SOURCES[code[1]]
    return next((SOURCES[number] for word, number in _WORDS if re.search(rf"\b{word}", plain_text)), "")


@lru_cache(maxsize=2_000)
def episode_status(plain_text: str) -> str:
    """What an episode is open as: looked after, protection, in need, assessment, closed, or nothing."""
    letters = {"a": "looked after", "b": "protection", "c": "in need", "d": "assessment", "e": "closed"}
    for word in ("looked after", "protection", "in need", "assessment", "closed"):
        if word in plain_text or (word == "in need" and re.search(r"\bcin\b", plain_text)):
            return word
    return letters.get(plain_text, "")


@lru_cache(maxsize=2_000)
def is_interim_order(plain_text: str) -> bool:
    """Whether a legal status is an interim care order (C1): proceedings are under way."""
    return plain_text.startswith("c1") or "interim care" in plain_text or bool(re.search(r"\bico\b", plain_text))
