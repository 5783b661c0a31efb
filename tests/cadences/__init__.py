"""Does the library of cadences hold what it should?"""
