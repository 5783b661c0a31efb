"""What does each name of the price list mean?"""
