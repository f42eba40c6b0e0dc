"""``make bench``: our pages beside OCRmyPDF's and plain tesseract's, in one run."""
