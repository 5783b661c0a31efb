"""What will leave, and when?"""
