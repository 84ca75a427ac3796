"""XML for the readers of JATS and TEI: safe decoding, and a flat tree of elements with their offsets in the source."""
