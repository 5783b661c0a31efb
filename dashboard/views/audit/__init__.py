"""Who did or viewed what?"""
