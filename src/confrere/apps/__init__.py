"""Stations of the one flow, as Django applications; downstream reads upstream, never back."""
