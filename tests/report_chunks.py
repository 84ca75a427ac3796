"""Unpacks the data of a report page."""

import base64
import gzip
import json
import re
from pathlib import Path
from typing import Any

_ELEMENT = re.compile(r'<script type="application/octet-stream" id="([^"]+)">([^<]*)</script>')


def read_chunks(page: Path) -> dict[str, Any]:
    """The contents and the chunks of a page, by the id of their element without `chunk-`."""
    elements = _ELEMENT.findall(page.read_text(encoding="utf-8"))
    return {
        name.removeprefix("chunk-"): json.loads(gzip.decompress(base64.b64decode(packed))) for name, packed in elements
    }
