"""People with an account: how they are invited, sign in, and what an administrator may change."""
