"""Moderation: the queue, the review of one practice, decisions and their log."""
