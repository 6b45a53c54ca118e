"""Messages to people: those of a day in one, and what became of those that did not go out."""
