"""A file of named numpy arrays."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Columns = dict[str, Array]

_MAGIC = b"COLUMNS1"
_ALIGN = 64


def write(path: Path, columns: Mapping[str, Array]) -> None:
    """Write arrays so that `read` finds each at an aligned offset of the file."""
    layout: dict[str, tuple[str, list[int], int]] = {}
    offset = 0
    for name, values in columns.items():
        layout[name] = (values.dtype.str, list(values.shape), offset)
        offset += -(-values.nbytes // _ALIGN) * _ALIGN
    header = json.dumps(layout).encode()
    header += b" " * (-(len(_MAGIC) + 8 + len(header)) % _ALIGN)
    with path.open("wb") as file:
        file.write(_MAGIC + len(header).to_bytes(8, "little") + header)
        for values in columns.values():
            file.write(np.ascontiguousarray(values).tobytes())
            file.write(b"\0" * (-values.nbytes % _ALIGN))


def read(path: Path) -> Columns:
    """The arrays of a file that `write` made.

    They are loaded, not mapped: what happens to the file of a running worker is no matter.
    """
    blob = np.fromfile(path, np.uint8)
    if blob[: len(_MAGIC)].tobytes() != _MAGIC:
        raise ValueError(f"{path.name} is not a file of columns")
    base = len(_MAGIC) + 8
    length = int.from_bytes(blob[len(_MAGIC) : base].tobytes(), "little")
    layout = json.loads(blob[base : base + length].tobytes())
    base += length
    columns: Columns = {}
    for name, (dtype, shape, offset) in layout.items():
        size = int(np.prod(shape)) * np.dtype(dtype).itemsize
        part = blob[base + offset : base + offset + size]
        columns[name] = np.frombuffer(part, dtype).reshape(shape)
    return columns


def from_strings(strings: Iterable[str]) -> Array:
    """Strings without line breaks as one array of bytes."""
    text = "\n".join(string.replace("\n", " ") for string in strings)
    return np.frombuffer(text.encode("utf-8", "replace"), np.uint8)


def to_strings(column: Array, count: int) -> list[str]:
    """The strings that `from_strings` packed; `count` tells one empty string from none."""
    return bytes(column.tobytes()).decode("utf-8").split("\n") if count else []
