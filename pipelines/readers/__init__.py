"""Readers: each turns the bytes of one source format into a `Document`."""
