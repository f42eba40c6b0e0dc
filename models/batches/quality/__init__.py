"""Quality control of a batch: every paper looked at once, a sample twice, odd pages listed, chosen fields keyed by two people.

``plan`` says how much, ``papers`` how each paper stands in round 1, ``check`` records what people say of it, ``rescans`` sets a new scan in a returned
paper's place, ``sample`` draws round 2 and judges strata, ``deviations`` lists pages unlike their neighbours, ``keying`` sets two readings beside each
other, ``figures`` counts; tables are in ``entities``.
"""
