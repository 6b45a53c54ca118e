"""How fast, how large, how heavy: measured on this machine, on real text."""
