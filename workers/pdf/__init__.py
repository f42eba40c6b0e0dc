"""The searchable PDF: the page's own image, an invisible text layer on its ink, PDF/A. Knows no OCR engine."""
