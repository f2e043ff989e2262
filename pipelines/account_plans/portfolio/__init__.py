"""The partners beside each other on one page: what each may bring, what we spend on it, and where to spend more or less."""
