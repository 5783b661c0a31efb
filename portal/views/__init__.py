"""What does a client see behind a link?"""
