"""What do we know of one client, and what can staff do?"""
