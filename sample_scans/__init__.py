"""Made-up dossiers with exact truth, and the generator that draws them. Every person in them is synthetic."""
