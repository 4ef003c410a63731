"""The Annex A workbook that Ofsted asks for: sheets, headers, cells, rows."""
