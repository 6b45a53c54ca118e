"""Practices in office files: a draft as a Word document and back, many practices from a sheet."""
