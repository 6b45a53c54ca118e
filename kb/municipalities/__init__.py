"""The municipalities: members of the network, and the place of cases from elsewhere."""
