"""The pages around the library: home, areas, municipalities, about, accessibility, privacy."""
