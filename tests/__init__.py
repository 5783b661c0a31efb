"""Does medspa do what it says?"""
