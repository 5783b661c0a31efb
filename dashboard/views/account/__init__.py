"""How does a person come in, and what is theirs?"""
