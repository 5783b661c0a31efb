"""How does every component look?"""
