"""Readers: bytes of one format in, one `Document` out."""
