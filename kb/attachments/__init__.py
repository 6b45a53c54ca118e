"""Files of a practice: taken in, described, read by whom they are for."""
