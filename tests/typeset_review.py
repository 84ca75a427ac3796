"""Sets a review that was read as plain text as a PDF in two columns, with the browser as the typesetter."""

from __future__ import annotations

import re
from html import escape

from playwright.sync_api import sync_playwright

from pipelines.document import Document, Heading, Table
from tests.browser import CHROMIUM

_SUPERSCRIPT = re.compile(r"\^\{([^{}]*)\}|([⁰¹²³⁴⁵⁶⁷⁸⁹]+)")
_PLAIN_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_STYLE = """
@page { size: A4; margin: 20mm 18mm; }
body { font: 10pt/1.25 "Liberation Serif", "DejaVu Serif", serif; margin: 0; }
h1 { font-size: 19pt; margin: 0 0 6pt; } h2 { font-size: 12pt; margin: 10pt 0 4pt; break-after: avoid; }
.columns { column-count: 2; column-gap: 8mm; text-align: justify; hyphens: auto; }
p { margin: 0 0 5pt; } sup { font-size: 65%; line-height: 0; }
table { border-collapse: collapse; border: solid black; border-width: 1px 0; font-size: 8pt; width: 100%; }
thead { border-bottom: 1px solid black; } td, th { text-align: left; vertical-align: top; padding: 1pt 6pt 3pt 0; }
.small { font-size: 8pt; } .new-page { break-before: page; }
"""


def typeset(document: Document, running_head: str) -> bytes:
    """The PDF of a review: front matter across the page, the rest in two columns, tables on new pages at the end."""
    parts = _front_matter(document)
    parts.append("<div class='columns'>")
    for block in document.blocks:
        if block.text.span is not None and block.text.span.start >= _end_of_front_matter(document):
            tag = "h2" if isinstance(block, Heading) else "p"
            parts.append(f"<{tag}>{_markup(block.text.value)}</{tag}>")
    parts.append("<h2>References</h2>")
    parts.extend(f"<p class='small'>{entry.ref_no}. {_markup(entry.text.value)}</p>" for entry in document.references)
    parts.append("</div>")
    parts.extend(_table(table) for table in document.tables)
    page = f"<html lang='en'><head><style>{_STYLE}</style></head><body>{''.join(parts)}</body></html>"
    edge = "<div style='font-size:8px;width:100%;text-align:center'>{}</div>"
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        tab = browser.new_page()
        tab.set_content(page)
        data = tab.pdf(
            prefer_css_page_size=True,
            display_header_footer=True,
            header_template=edge.format(escape(running_head)),
            footer_template=edge.format("<span class='pageNumber'></span>"),
        )
        browser.close()
    return data


def _end_of_front_matter(document: Document) -> int:
    """The offset of the first block below the abstract."""
    last = max(index for index, block in enumerate(document.blocks) if block.text.value in _abstract(document))
    span = document.blocks[last + 1].text.span
    assert span is not None
    return span.start


def _abstract(document: Document) -> set[str]:
    return {text.value for text in document.front.abstract}


def _front_matter(document: Document) -> list[str]:
    """The printed lines above the body: the title, the headings of abstract and keywords, and paragraphs."""
    parts = []
    title = document.front.title.value if document.front.title else None
    for chunk in re.split(r"\n\s*\n", document.source[: _end_of_front_matter(document)]):
        text = " ".join(chunk.split())
        if not text:
            continue
        tag = "h1" if text == title else "h2" if text in ("Abstract", "Keywords") else "p"
        parts.append(f"<{tag}>{_markup(text)}</{tag}>")
    return parts


def _markup(text: str) -> str:
    # A mark is not set on a line of its own.
    bound = re.sub(r" (?=\^\{|[⁰¹²³⁴⁵⁶⁷⁸⁹])", "&nbsp;", escape(text))
    return _SUPERSCRIPT.sub(
        lambda match: f"<sup>{match.group(1) or match.group(2).translate(_PLAIN_DIGITS)}</sup>", bound
    )


def _table(table: Table) -> str:
    rows = {True: "", False: ""}
    for row in table.rows:
        rows[row.is_header] += f"<tr>{''.join(f'<td>{_markup(cell.text.value)}</td>' for cell in row.cells)}</tr>"
    caption = f"<p class='small'><b>{table.label}.</b> {_markup(table.caption.value) if table.caption else ''}</p>"
    notes = "".join(f"<p class='small'>{_markup(note.value)}</p>" for note in table.footnotes)
    body = f"<table><thead>{rows[True]}</thead><tbody>{rows[False]}</tbody></table>"
    return f"<div class='new-page'>{caption}{body}{notes}</div>"
