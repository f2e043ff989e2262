"""The faults that a sandbox HubSpot portal can be told to have, beside those common to all CRMs.

Belongs here: their names, with a line for people. Does not: where they strike (``app.py`` and what lies below it).
"""

FAULTS = {
    "rate_limit_secondly": "429 of searches; 'seconds' is the Retry-After, 0 leaves it out",
    "rate_limit_ten_secondly": "429 of ten seconds; 'seconds' is the Retry-After, 0 leaves it out",
    "rate_limit_daily": "429 of the day; 'seconds' is the Retry-After, 0 leaves it out",
    "invalid_authentication": "401 INVALID_AUTHENTICATION",
    "token_expired": "401: the access token of an OAuth app is over from this call on",
    "missing_scopes": "403 MISSING_SCOPES",
    "conflict": "409 CONFLICT",
    "validation_error": "400 VALIDATION_ERROR for the whole call",
    "gateway": "502",
    "gateway_timeout": "504",
    "uri_too_long": "414 for addresses above 2,000 characters",
    "partial_207": "a row of a batch write fails alone; 'match' is part of <path>/<id>",
    "partial_207_read": "a row of a batch read fails alone; 'match' is part of <path>/<id>",
    "search_lag": "searches do not find changes of the last 'seconds' yet",
}
