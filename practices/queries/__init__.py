"""What can be asked about practices?"""
