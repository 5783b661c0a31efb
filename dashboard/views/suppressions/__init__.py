"""Who is written to no more?"""
