"""Are clients' records right?"""
