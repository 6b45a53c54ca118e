"""Practices: the template they follow, their drafts and revisions, and how they are written."""
