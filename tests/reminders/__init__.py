"""Does medspa plan, say and hand over what it should?"""
