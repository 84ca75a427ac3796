"""How the data of the report's page are packed."""

import base64
import gzip
import json
from collections.abc import Iterator
from typing import Any

from pipelines.release.report.page import Chunk, pack_within


def test_chunk_is_compressed_json_without_a_time_stamp() -> None:
    chunk = Chunk.pack("words", {"text": "Größe </script>"})
    packed = base64.b64decode(chunk.content)
    assert json.loads(gzip.decompress(packed)) == {"text": "Größe </script>"}
    # Bytes 4 to 8 of a gzip file are the time of its making.
    assert packed[4:8] == bytes(4)


def test_values_are_packed_until_the_next_exceeds_the_size() -> None:
    small, large = "a", [hash(str(number)) for number in range(10_000)]
    size = len(Chunk.pack("1", small).content)
    looked_at = []

    def values() -> Iterator[tuple[str, Any]]:
        for name, value in (("1", small), ("2", small), ("3", large), ("4", small)):
            looked_at.append(name)
            yield name, value

    assert [chunk.name for chunk in pack_within(2 * size, values())] == ["1", "2"]
    assert looked_at == ["1", "2", "3"]
