"""What ``steps.inspect`` asks of a page: is it sharp everywhere, whole, free of fingers and shadows, of a paper's size?

Each module is one question, pure, on the page made small once (``steps.reduced``); thresholds stand there with what they were set on.
"""
