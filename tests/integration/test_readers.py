"""Readers with what unit tests must not use: a server that must not be called, and the development corpus."""

from __future__ import annotations

import socket

import pytest

from pipelines.document import Paragraph
from pipelines.readers.jats import read_jats
from tests.benchmarks.corpus_files import SHARED, unpacked_corpus
from tests.benchmarks.text_documents import measure


def test_jats_reader_fetches_nothing_from_the_network() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
        source = (
            f'<?xml version="1.0"?><?xml-stylesheet href="{address}/s.xsl"?>'
            f'<!DOCTYPE article SYSTEM "{address}/j.dtd" [<!ENTITY x SYSTEM "{address}/x">'
            f'<!ENTITY % p SYSTEM "{address}/p"> %p;]>'
            '<article xmlns:xi="http://www.w3.org/2001/XInclude" '
            f'xsi:schemaLocation="{address}/n {address}/n.xsd" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
            f'<front/><body><p>a &x; <xi:include href="{address}/i"/> b</p></body></article>'
        )
        document = read_jats(source.encode(), name="hostile.xml")
        paragraphs = [block.text.value for block in document.blocks if isinstance(block, Paragraph)]
        assert paragraphs in (["a &x;  b"], ["a &x; b"])
        server.settimeout(0.2)
        with pytest.raises(TimeoutError):
            server.accept()


def test_text_reader_on_the_development_corpus() -> None:
    if not (SHARED / "corpus-dev.tar.xz").exists():
        pytest.skip("the development corpus is not beside the checkout (../shared/corpus/corpus-dev.tar.xz)")
    with unpacked_corpus(None, "text") as corpus:
        shares = measure(corpus).shares
    assert shares["complete references"] >= 0.998
    assert shares["citation edges, F1"] >= 0.985
    assert shares["table cells right"] >= 0.985
