"""What web scanners write: HTML in descriptions, URLs for places, dates in words."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlsplit

from vigie.model.assets import Asset, AssetKind

# A tag begins with a letter, so "a < b" stays. `[^<>]*` cannot run past the next bracket,
# which keeps the search linear whatever the text.
_BREAK = re.compile(r"<(?:br|/p|/div|/li|/tr|/ul|/ol|/h[1-6]|p|li)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_SPACES = re.compile(r"[ \t\r\f\v\xa0]+")
_URL = re.compile(r"https?://[^\s<>\"']+")
_CVE = re.compile(r"CVE-\d{4}-\d{4,}", re.IGNORECASE)
_CLOCK = re.compile(r"\d{2}:\d{2}:\d{2}")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_PORTS = {"http": 80, "https": 443}


def plain_text(html: str) -> str:
    """The words of an HTML fragment, one paragraph or list item a line."""
    text = unescape(_TAG.sub("", _BREAK.sub("\n", html)))
    lines = (_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def links(*texts: str) -> tuple[str, ...]:
    """Web addresses in texts or HTML, each once, in order."""
    found = (url.rstrip(".,;") for text in texts for url in _URL.findall(unescape(text)))
    # "(see https://a.example)" ends at the bracket; "https://a.example/b_(c)" owns it.
    return tuple(dict.fromkeys(url if "(" in url else url.rstrip(")") for url in found))


def cves(*texts: str) -> tuple[str, ...]:
    """CVE ids in texts, each once, in order."""
    return tuple(dict.fromkeys(cve.upper() for text in texts for cve in _CVE.findall(text)))


def origin(url: str) -> str:
    """Scheme, host and port that is not the scheme's own: "https://shop.example:8443".

    "" for what is no absolute URL. Web scanners spell the same service differently; by its
    origin (RFC 6454) it is the same asset.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return ""
    if not parts.scheme or not host:
        return ""
    if ":" in host:
        host = f"[{host}]"
    scheme = parts.scheme.lower()
    return f"{scheme}://{host}" + (f":{port}" if port and port != _PORTS.get(scheme) else "")


def endpoint(*spellings: str) -> Asset | None:
    """The service at the first of these that has an origin, else named by the first there is."""
    name = next((o for spelling in spellings if (o := origin(spelling))), "")
    name = name or next(filter(None, spellings), "")
    return Asset(AssetKind.ENDPOINT, name) if name else None


def moment(words: str) -> str:
    """A date such as "Tue, 14 Sep 2021 14:44:51" or "Sat Sep 13 22:35:04 CEST 2014" in ISO 8601.

    Without an offset, because zone abbreviations are ambiguous; "" when it cannot be read.
    """
    day = month = year = 0
    clock = ""
    for word in words.replace(",", " ").split():
        if word[:3].lower() in _MONTHS and word.isalpha():
            month = _MONTHS.index(word[:3].lower()) + 1
        elif _CLOCK.fullmatch(word):
            clock = word
        elif re.fullmatch(r"[0-9]{4}", word):
            year = int(word)
        elif re.fullmatch(r"[0-9]{1,2}", word):
            day = int(word)
    return f"{year:04}-{month:02}-{day:02}T{clock}" if year and month and day and clock else ""
