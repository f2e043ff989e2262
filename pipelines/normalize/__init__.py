"""Text made comparable, as pure Arrow functions that SQL calls. No I/O beyond the data files beside it; no business rules."""
