"""``/kiem-dem``: the lists of paper results, brought in and looked through."""
