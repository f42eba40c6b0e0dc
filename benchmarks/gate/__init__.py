"""Does the first look at a page find what is wrong with it, and say nothing of good pages?"""
