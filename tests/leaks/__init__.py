"""Whether anything leaves for a partner that its policy does not name: random worlds, a second opinion, and an attacker."""
