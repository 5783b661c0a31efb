"""What changes the library, and what is decided from it?"""
