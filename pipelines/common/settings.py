"""Locations of sources, releases and vocabularies, from environment variables, with defaults in the checkout.

Also has the name of the variable with the address of a Dask scheduler, which `common/workers.py` reads. The variables
of schedules and sensors are read in `orchestration/schedules.py` and `orchestration/sensors.py`. Keep the imports
light: the command line uses this module before it loads Polars or Dagster.
"""

from __future__ import annotations

import os
from pathlib import Path

import pipelines

RAW_VARIABLE = "REVIEWMART_RAW"
OUT_VARIABLE = "REVIEWMART_OUT"
VOCABULARIES_VARIABLE = "REVIEWMART_VOCABULARIES"
DASK_VARIABLE = "REVIEWMART_DASK"

PIPELINES = Path(pipelines.__file__).resolve().parent
SCHEMAS = PIPELINES.parent / "schemas"
VOCABULARIES = SCHEMAS / "vocabularies"
ROOT = PIPELINES.parent


def default_raw() -> str:
    """Return `REVIEWMART_RAW`, or raw/ of the checkout that contains this code."""
    return os.environ.get(RAW_VARIABLE, str(ROOT / "raw"))


def default_out() -> str:
    """Return `REVIEWMART_OUT`, or outputs/ of the checkout that contains this code."""
    return os.environ.get(OUT_VARIABLE, str(ROOT / "outputs"))


def default_vocabularies() -> str:
    """Return `REVIEWMART_VOCABULARIES`, or the vocabularies that come with the code."""
    return os.environ.get(VOCABULARIES_VARIABLE, str(VOCABULARIES))
