"""Telling other systems (the province's portal) what happened: signed JSON, kept until it arrived or somebody gives it up.

``tables`` keeps subscriptions and deliveries, ``notice`` makes deliveries in the transaction of their cause (an outbox), ``targets`` says which
addresses may be called, ``sign`` signs, ``book`` is what people do with them. Sending itself is a job of the workers.
"""
