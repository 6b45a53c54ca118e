"""How much an inspected file may be, unpack to, and cost: every number in one place."""

from __future__ import annotations

# Of the process that reads the file. Its own programs take about 100 MB of address space.
MEMORY = 640 * 1024 * 1024  # bytes of address space
CPU_SECONDS = 20
SECONDS = 40  # by the clock, with whatever else the machine is doing
OPEN_FILES = 64
OUTPUT = 64 * 1024 * 1024  # bytes of each file that it may write
AT_ONCE = 2  # inspections at the same time, in one server process

PIXELS = 50_000_000  # of an image as it comes
LONGEST_SIDE = 2000  # pixels of an image as it is kept
PREVIEW_SIDE = 800  # pixels of its smaller copy, for pages

ENTRIES = 3000  # files within an office file
UNPACKED = 200 * 1024 * 1024  # bytes of all of them
UNPACKED_ENTRY = 100 * 1024 * 1024
RATIO = 150  # unpacked to packed, of whatever is large enough to hurt
SMALL = 5 * 1024 * 1024  # bytes that may be packed as tightly as they like
PARSED = 2 * 1024 * 1024  # bytes of a part that is read whole

PDF_OBJECTS = 200_000
TEXT = 200_000  # characters of a document that search reads
TEXT_PAGES = 400
TEXT_SECONDS = 5.0
