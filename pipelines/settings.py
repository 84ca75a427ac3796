"""Where sources come from, where releases go and where the vocabularies stand: by environment, else by checkout.

Read whenever it is asked for, and light: the command line asks before it loads Polars or Dagster.
"""

from __future__ import annotations

import os
from pathlib import Path

import pipelines
from pipelines.fingerprint import VOCABULARIES

RAW_VARIABLE = "REVIEWMART_RAW"
OUT_VARIABLE = "REVIEWMART_OUT"
VOCABULARIES_VARIABLE = "REVIEWMART_VOCABULARIES"
ROOT = Path(pipelines.__file__).resolve().parents[1]


def default_raw() -> str:
    """`REVIEWMART_RAW`, or raw/ of the checkout that this code runs from."""
    return os.environ.get(RAW_VARIABLE, str(ROOT / "raw"))


def default_out() -> str:
    """`REVIEWMART_OUT`, or outputs/ of the checkout that this code runs from."""
    return os.environ.get(OUT_VARIABLE, str(ROOT / "outputs"))


def default_vocabularies() -> str:
    """`REVIEWMART_VOCABULARIES`, or the vocabularies that come with the code."""
    return os.environ.get(VOCABULARIES_VARIABLE, str(VOCABULARIES))
