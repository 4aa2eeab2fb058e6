"""What is taken out of every log line and error report: credentials, and what names a person."""

import re

PATTERNS = [
    # PostgreSQL quotes the row that broke a constraint.
    (re.compile(r"^DETAIL: .*$", re.MULTILINE), "DETAIL: (left out)"),
    # JSON Web Tokens, ours and TMDb's.
    (re.compile(r"\beyJ[\w-]+(\.[\w-]+)*"), "(token)"),
    # User and password of a URL.
    (re.compile(r"(?<=://)[^\s/@]*@"), ""),
    (re.compile(r"[^\s@<>\"'(),=:]+@[^\s@<>\"'(),=:]+\.\w+"), "(e-mail)"),
    (re.compile(r"(api_key=)[^\s&\"']+"), r"\1(key)"),
]


def scrubbed(text: str) -> str:
    for pattern, instead in PATTERNS:
        text = pattern.sub(instead, text)
    return text
