"""Reconciliation for other programs, and the review of what was linked."""
