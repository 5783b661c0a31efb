"""What do people see of the messages that the vendors got?"""
