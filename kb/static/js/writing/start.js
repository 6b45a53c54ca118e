// Starts what the pages on which practices are written have use for. All of them work without it.
