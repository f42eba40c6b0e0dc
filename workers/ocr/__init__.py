"""From a straightened grey page to words: engines behind one protocol, and how good a text is."""
