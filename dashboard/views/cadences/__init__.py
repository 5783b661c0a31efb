"""When does a client hear from us?"""
