"""Quality control of batches: papers checked, a sample checked twice, odd pages, fields keyed by two people."""
