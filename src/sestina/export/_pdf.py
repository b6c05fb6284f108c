"""A PDF of pictures, one a page, written piece by piece: no more than one page in memory, no dates, the same bytes.

The part of PDF 1.4 (ISO 32000-1) that pages of JPEG need: a catalogue, a page tree, images by DCTDecode.
"""

from __future__ import annotations

from typing import BinaryIO

CATALOGUE, TREE = 1, 2


class PdfWriter:
    """Writes pages to a binary file that need not seek; `close` completes it.

    Args:
        file: where to.
        title: of the document, any text.
    """

    def __init__(self, file: BinaryIO, title: str) -> None:
        self._file = file
        self._at = 0
        self._offsets: dict[int, int] = {}
        self._pages: list[int] = []
        self._next = TREE + 1
        self._put(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
        # UTF-16 behind a byte order mark, in hex digits: no text can break out of it.
        digits = title.encode("utf-16-be", "replace").hex().upper().encode()
        self._info = self._add(b"<< /Title <FEFF%b> >>" % digits)

    def add_page(self, jpeg: bytes, width_px: int, height_px: int, dpi: float) -> None:
        """Append a page that one RGB JPEG fills."""
        width, height = (f"{side * 72 / dpi:.2f}".encode() for side in (width_px, height_px))
        facts = b"/Type /XObject /Subtype /Image /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode"
        image = self._add(b"<< %b /Width %d /Height %d" % (facts, width_px, height_px), jpeg)
        drawing = self._add(b"<<", b"q %b 0 0 %b 0 0 cm /I Do Q" % (width, height))
        page = b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 %b %b] /Contents %d 0 R" % (TREE, width, height, drawing)
        self._pages.append(self._add(page + b" /Resources << /XObject << /I %d 0 R >> >> >>" % image))

    def close(self) -> None:
        """Write the page tree and the table of objects."""
        kids = b" ".join(b"%d 0 R" % page for page in self._pages)
        self._add(b"<< /Type /Catalog /Pages %d 0 R >>" % TREE, number=CATALOGUE)
        self._add(b"<< /Type /Pages /Count %d /Kids [%b] >>" % (len(self._pages), kids), number=TREE)
        start, count = self._at, len(self._offsets) + 1
        rows = b"".join(b"%010d 00000 n \n" % self._offsets[number] for number in sorted(self._offsets))
        self._put(b"xref\n0 %d\n0000000000 65535 f \n%b" % (count, rows))
        trailer = b"<< /Size %d /Root %d 0 R /Info %d 0 R >>" % (count, CATALOGUE, self._info)
        self._put(b"trailer\n%b\nstartxref\n%d\n%%%%EOF\n" % (trailer, start))

    def _add(self, body: bytes, stream: bytes | None = None, number: int | None = None) -> int:
        """Write one object and return its number; the dictionary of a stream is closed here."""
        if number is None:
            number, self._next = self._next, self._next + 1
        self._offsets[number] = self._at
        if stream is not None:
            body += b" /Length %d >>\nstream\n%b\nendstream" % (len(stream), stream)
        self._put(b"%d 0 obj\n%b\nendobj\n" % (number, body))
        return number

    def _put(self, data: bytes) -> None:
        self._file.write(data)
        self._at += len(data)
