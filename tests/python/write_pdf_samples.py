"""Writes tests/retrieval/fixtures/*.pdf: two pages of text, the same encrypted, a page without text.

In an environment with tests/python/requirements-retrieval.txt:

    python tests/python/write_pdf_samples.py

Encrypted files differ from one time to the next, so this is no script of `deno task fixtures`.
"""

from datetime import datetime, timezone
from pathlib import Path

from fpdf import FPDF
from pypdf import PdfReader, PdfWriter

folder = Path("tests/retrieval/fixtures")


def made(*pages, title=None):
    pdf = FPDF()
    pdf.set_creation_date(datetime(2026, 1, 1, tzinfo=timezone.utc))
    if title:
        pdf.set_title(title)
    for page in pages:
        pdf.add_page()
        pdf.set_font("helvetica", size=12)
        if page:
            pdf.multi_cell(0, 8, page)
        else:
            pdf.rect(20, 20, 100, 60)
    return pdf


first = "A lender may charge nothing for prepaying a floating rate loan."
second = "The complaint goes to the ombudsman after 30 days."
made(first, second, title="Rules of loans").output(folder / "two_pages.pdf")
made(None).output(folder / "no_text.pdf")
writer = PdfWriter(clone_from=PdfReader(folder / "two_pages.pdf"))
writer.encrypt("sesame", algorithm="RC4-128")
writer.write(folder / "encrypted.pdf")
