"""Reading the marts for a plan: short queries whose numbers become figures."""
