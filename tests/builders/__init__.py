"""Which ready-made practices, clients and records do tests share?"""
