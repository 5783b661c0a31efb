"""Whom do we remind, and what do we know about them?"""
