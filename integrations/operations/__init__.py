"""What can be done with connections, and with what arrives?"""
