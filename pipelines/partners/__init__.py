"""Partners' lists and deal registrations: files into ``raw.partner_*``; the partner is a column."""
