"""Living records: each year a municipality is asked whether its practices are still true."""
