"""Turns a `Document` into tables of its printed content: verbatim, not interpreted, every row with its span."""
