"""Do staff see what is theirs, all of it, and nothing else?"""
