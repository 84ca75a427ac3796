"""Where sources, releases and vocabularies are: from the environment, else in the checkout.

Read each time it is asked for. Keep it light: the command line uses it before it loads Polars or Dagster.
"""

from __future__ import annotations

import os
from pathlib import Path

import pipelines
import schemas

RAW_VARIABLE = "REVIEWMART_RAW"
OUT_VARIABLE = "REVIEWMART_OUT"
VOCABULARIES_VARIABLE = "REVIEWMART_VOCABULARIES"
DASK_VARIABLE = "REVIEWMART_DASK"

PIPELINES = Path(pipelines.__file__).resolve().parent
SCHEMAS = Path(schemas.__file__).resolve().parent
VOCABULARIES = SCHEMAS / "vocabularies"
ROOT = PIPELINES.parent


def default_raw() -> str:
    """`REVIEWMART_RAW`, or raw/ of the checkout that this code runs from."""
    return os.environ.get(RAW_VARIABLE, str(ROOT / "raw"))


def default_out() -> str:
    """`REVIEWMART_OUT`, or outputs/ of the checkout that this code runs from."""
    return os.environ.get(OUT_VARIABLE, str(ROOT / "outputs"))


def default_vocabularies() -> str:
    """`REVIEWMART_VOCABULARIES`, or the vocabularies that come with the code."""
    return os.environ.get(VOCABULARIES_VARIABLE, str(VOCABULARIES))
