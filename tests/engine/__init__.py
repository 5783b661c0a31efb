"""Does the engine plan and decide rightly, whatever happens?"""
