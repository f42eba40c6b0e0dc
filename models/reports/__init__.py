"""What leaders ask for (R34-R38): counts of dossiers, papers and reuse over a tree of agencies and a period.

``counts`` asks the database, ``report`` makes ratios, targets and ranks of what it says, ``sheet`` writes them for a spreadsheet.
The arithmetic itself is ``models.rules`` (ratios, periods, pace); who may read which agency's is the front door's matter.
"""
