"""A short invented review in the style of the shipped source, for tests, and a helper that adds it to raw/."""

import hashlib
from pathlib import Path

FRONT = """
Treatment of heel spurs in runners: a review

Journal of Invented Podiatry

12(3) 4–6

© The Author(s) 2021

DOI: 10.9999/heel.2021.1

Ada Quill^{1,*} and Bo Reed²

Abstract

Heel spurs are painful. This review describes their treatment.

Keywords

Heel spur, runners

Date received: 3 May 2021; accepted: 9 June 2021

¹Institute of Feet, Ghent, Belgium

²Institute of Heels, Ghent, Belgium

Corresponding author:

Ada Quill, Institute of Feet, Ghent, Belgium.
Email: quill@example.org

"""

BODY = """
Introduction

Heel spurs hurt.¹ Many runners have them.^{2,3} They may be treated by surgery or

by radiotherapy (Table 1).⁴

"""

TABLE = """
Table 1. Studies of heel spurs.

Author and year	Method	Outcomes
Moss 1999 ²	Surgery	Surgery could relieve pain.
Fern 2004 ³	Radiotherapy	Radiotherapy was well tolerated.

"""

REFERENCES = """
References

1. Moss A, Fern B, Ivy C, et al. Heel spurs in runners. *Foot J* 1998; 1: 1–9.
2. Moss A and Fern B. Surgery of the heel spur: a case report. *Foot J* 1999; 2: 10–12.
3. Fern B. Radiotherapy of the heel spur. *Heel (Ghent 1950)* 2004; 7: E3–E8.
4. Ivy C. Which treatment for heel spurs? *Foot J* 2010; 13: 5.
"""


def text(*, front: str = FRONT, body: str = BODY, table: str = TABLE, references: str = REFERENCES) -> str:
    return front + body + table + references


def add_source(raw: Path, review_id: str, data: bytes, *, sha256: str | None = None, toml: str | None = None) -> Path:
    """Create the folder of a review with this source and a source.toml, by default with the right hash."""
    folder = raw / review_id
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "source.txt").write_bytes(data)
    digest = sha256 or hashlib.sha256(data).hexdigest()
    contents = f'file = "source.txt"\nformat = "text"\nsha256 = "{digest}"\n' if toml is None else toml
    (folder / "source.toml").write_text(contents, encoding="utf-8")
    return folder
