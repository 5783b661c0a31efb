"""Whom should a person call?"""
