"""Salesforce, spoken through simple-salesforce: REST, sObject collections, Tooling and Metadata API."""
