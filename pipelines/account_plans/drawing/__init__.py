"""Slides as boxes on a page, and the files made of them: PowerPoint, SVG, HTML. Knows nothing of plans."""
