"""HubSpot, spoken through hubspot-api-client: CRM objects v3, associations v4, properties, lists, owners."""
