"""The faults that a sandbox Salesforce org can be told to have, beside those common to all CRMs.

Belongs here: their names, with a line for people. Does not: where they strike (``app.py`` and what lies below it).
"""

FAULTS = {
    "session_expired": "401 INVALID_SESSION_ID, and the session is over",
    "request_limit": "403 REQUEST_LIMIT_EXCEEDED",
    "login_refused": "OAuth and SOAP logins are refused",
    "untrusted_network": "a login with a password needs the security token too",
    "query_timeout": "a query ends with QUERY_TIMEOUT",
    "late_visible": "queries do not see changes of the last 'seconds' yet",
    "locator_lost": "the next page of a query or of a job's results is asked for with an invalid locator",
    "results_cut": "a page of a query job's results breaks off in the middle",
    "row_lock": "UNABLE_TO_LOCK_ROW for a row that is written; 'match' is part of <Type>/<id>",
    "validation_rule": "FIELD_CUSTOM_VALIDATION_EXCEPTION for a row that is written; 'match' is part of <Type>/<id>",
    "job_slow": "a Bulk job is still in progress when it is looked at",
    "job_failed": "a Bulk job fails; an ingest job after half of its rows",
    "job_aborted": "a Bulk job is aborted; an ingest job after half of its rows",
}
