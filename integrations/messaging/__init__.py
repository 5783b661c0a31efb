"""How does a finished message leave the house?"""
