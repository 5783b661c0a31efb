"""Who is the tenant, and who may act in it?"""
