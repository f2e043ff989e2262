"""What our people write of a partner, in ``<partner>.yaml``: never written over by a run."""
