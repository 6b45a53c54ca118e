"""Search quality measured: how well the index answers queries that people typed."""
