"""Search: the page that finds and browses, its programs' interface, feeds, and the index's care."""
