"""What does medspa do to plan, say and hand over messages?"""
