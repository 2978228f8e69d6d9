"""Closed groups of members, and the feed of cases posted to them."""
