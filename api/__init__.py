"""What may other programs ask and tell us?"""
