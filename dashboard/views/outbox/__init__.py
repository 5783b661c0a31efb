"""What has left, exactly as it was handed over?"""
