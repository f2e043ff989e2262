"""The properties that HubSpot defines on companies, contacts, deals, tasks, meetings and a portal's own objects, as data.

Belongs here: definitions of the standard properties a portal starts with (those a CRM sync meets). Does not: custom
properties, which live in the store (``properties.py``).
"""

from __future__ import annotations

from typing import Any

_INDUSTRIES = """
    ACCOUNTING AIRLINES_AVIATION APPAREL_FASHION ARCHITECTURE_PLANNING AUTOMOTIVE BANKING BIOTECHNOLOGY
    BUILDING_MATERIALS BUSINESS_SUPPLIES_AND_EQUIPMENT CHEMICALS CIVIL_ENGINEERING COMMERCIAL_REAL_ESTATE
    COMPUTER_HARDWARE COMPUTER_NETWORK_SECURITY COMPUTER_SOFTWARE CONSTRUCTION CONSUMER_ELECTRONICS CONSUMER_GOODS
    CONSUMER_SERVICES COSMETICS DESIGN E_LEARNING EDUCATION_MANAGEMENT ELECTRICAL_ELECTRONIC_MANUFACTURING ENTERTAINMENT
    ENVIRONMENTAL_SERVICES EVENTS_SERVICES FACILITIES_SERVICES FARMING FINANCIAL_SERVICES FISHERY FOOD_BEVERAGES
    FOOD_PRODUCTION FURNITURE GOVERNMENT_ADMINISTRATION HEALTH_WELLNESS_AND_FITNESS HIGHER_EDUCATION
    HOSPITAL_HEALTH_CARE HOSPITALITY HUMAN_RESOURCES IMPORT_AND_EXPORT INDUSTRIAL_AUTOMATION INFORMATION_SERVICES
    INFORMATION_TECHNOLOGY_AND_SERVICES INSURANCE INTERNET INVESTMENT_MANAGEMENT LEGAL_SERVICES LEISURE_TRAVEL_TOURISM
    LOGISTICS_AND_SUPPLY_CHAIN LUXURY_GOODS_JEWELRY MACHINERY MANAGEMENT_CONSULTING MARITIME MARKETING_AND_ADVERTISING
    MECHANICAL_OR_INDUSTRIAL_ENGINEERING MEDIA_PRODUCTION MEDICAL_DEVICES MINING_METALS
    NON_PROFIT_ORGANIZATION_MANAGEMENT OIL_ENERGY OUTSOURCING_OFFSHORING PACKAGE_FREIGHT_DELIVERY
    PACKAGING_AND_CONTAINERS PAPER_FOREST_PRODUCTS PHARMACEUTICALS PLASTICS PRINTING PUBLISHING RAILROAD_MANUFACTURE
    REAL_ESTATE RENEWABLES_ENVIRONMENT RESEARCH RESTAURANTS RETAIL SECURITY_AND_INVESTIGATIONS SEMICONDUCTORS
    SHIPBUILDING SPORTING_GOODS STAFFING_AND_RECRUITING SUPERMARKETS TELECOMMUNICATIONS TEXTILES
    TRANSPORTATION_TRUCKING_RAILROAD UTILITIES VENTURE_CAPITAL_PRIVATE_EQUITY WAREHOUSING WHOLESALE WINE_AND_SPIRITS
    WIRELESS WRITING_AND_EDITING
""".split()  # noqa: SIM905
_LIFECYCLE = (
    ("subscriber", "Subscriber"),
    ("lead", "Lead"),
    ("marketingqualifiedlead", "Marketing Qualified Lead"),
    ("salesqualifiedlead", "Sales Qualified Lead"),
    ("opportunity", "Opportunity"),
    ("customer", "Customer"),
    ("evangelist", "Evangelist"),
    ("other", "Other"),
)
_TASK_STATUS = tuple(
    (value, value.replace("_", " ").title()) for value in ("NOT_STARTED", "IN_PROGRESS", "WAITING", "DEFERRED", "COMPLETED")
)
_YES_NO = (("true", "True"), ("false", "False"))

# name, label, type, fieldType, then flags: r = value is read only, u = unique, x = options are kept elsewhere
_EVERY = (
    ("hs_object_id", "Record ID", "number", "number", "ru"),
    ("hs_created_by_user_id", "Created by user ID", "number", "number", "r"),
    ("hs_updated_by_user_id", "Updated by user ID", "number", "number", "r"),
    ("hs_merged_object_ids", "Merged record IDs", "enumeration", "checkbox", "rx"),
    ("hubspot_owner_id", "Owner", "enumeration", "select", "x"),
    ("hubspot_owner_assigneddate", "Owner assigned date", "datetime", "date", "r"),
)
_COMPANIES = (
    ("name", "Company name", "string", "text", ""),
    ("domain", "Company domain name", "string", "text", ""),
    ("website", "Website URL", "string", "text", ""),
    ("phone", "Phone number", "string", "phonenumber", ""),
    ("description", "Description", "string", "textarea", ""),
    ("country", "Country/Region", "string", "text", ""),
    ("zip", "Postal code", "string", "text", ""),
    ("state", "State/Region", "string", "text", ""),
    ("city", "City", "string", "text", ""),
    ("address", "Street address", "string", "text", ""),
    ("address2", "Street address 2", "string", "text", ""),
    ("industry", "Industry", "enumeration", "select", ""),
    ("numberofemployees", "Number of employees", "number", "number", ""),
    ("annualrevenue", "Annual revenue", "number", "number", ""),
    ("lifecyclestage", "Lifecycle stage", "enumeration", "radio", ""),
    ("hs_parent_company_id", "Parent company", "number", "number", ""),
    ("notes_last_contacted", "Last contacted", "datetime", "date", "r"),
    ("notes_last_updated", "Last activity date", "datetime", "date", "r"),
    ("createdate", "Create date", "datetime", "date", "r"),
    ("hs_lastmodifieddate", "Last modified date", "datetime", "date", "r"),
)
_CONTACTS = (
    ("email", "Email", "string", "text", "u"),
    ("firstname", "First name", "string", "text", ""),
    ("lastname", "Last name", "string", "text", ""),
    ("company", "Company name", "string", "text", ""),
    ("phone", "Phone number", "string", "phonenumber", ""),
    ("mobilephone", "Mobile phone number", "string", "phonenumber", ""),
    ("jobtitle", "Job title", "string", "text", ""),
    ("website", "Website URL", "string", "text", ""),
    ("country", "Country/Region", "string", "text", ""),
    ("zip", "Postal code", "string", "text", ""),
    ("state", "State/Region", "string", "text", ""),
    ("city", "City", "string", "text", ""),
    ("address", "Street address", "string", "text", ""),
    ("lifecyclestage", "Lifecycle stage", "enumeration", "radio", ""),
    ("notes_last_contacted", "Last contacted", "datetime", "date", "r"),
    ("createdate", "Create date", "datetime", "date", "r"),
    ("lastmodifieddate", "Last modified date", "datetime", "date", "r"),
)
_DEALS = (
    ("dealname", "Deal name", "string", "text", ""),
    ("dealstage", "Deal stage", "enumeration", "radio", "x"),
    ("pipeline", "Pipeline", "enumeration", "select", "x"),
    ("dealtype", "Deal type", "enumeration", "radio", ""),
    ("description", "Deal description", "string", "textarea", ""),
    ("amount", "Amount", "number", "number", ""),
    ("deal_currency_code", "Currency", "enumeration", "select", "x"),
    ("closedate", "Close date", "datetime", "date", ""),
    ("hs_is_closed", "Is deal closed?", "bool", "calculation_read_time", "r"),
    ("hs_is_closed_won", "Is closed won", "bool", "calculation_read_time", "r"),
    ("hs_deal_stage_probability", "Deal probability", "number", "number", "r"),
    ("hs_date_entered_stage", "Date entered current stage", "datetime", "date", "r"),
    ("notes_last_contacted", "Last contacted", "datetime", "date", "r"),
    ("createdate", "Create date", "datetime", "date", ""),
    ("hs_lastmodifieddate", "Last modified date", "datetime", "date", "r"),
)
_TASKS = (
    ("hs_task_subject", "Task title", "string", "text", ""),
    ("hs_task_body", "Task notes", "string", "html", ""),
    ("hs_task_status", "Task status", "enumeration", "select", ""),
    ("hs_task_type", "Task type", "enumeration", "select", "x"),
    ("hs_task_priority", "Priority", "enumeration", "select", "x"),
    ("hs_timestamp", "Due date", "datetime", "date", ""),
    ("hs_createdate", "Create date", "datetime", "date", "r"),
    ("hs_lastmodifieddate", "Last modified date", "datetime", "date", "r"),
)
_MEETINGS = (
    ("hs_meeting_title", "Meeting name", "string", "text", ""),
    ("hs_meeting_body", "Meeting description", "string", "html", ""),
    ("hs_meeting_start_time", "Meeting start time", "datetime", "date", ""),
    ("hs_meeting_end_time", "Meeting end time", "datetime", "date", ""),
    ("hs_meeting_outcome", "Meeting outcome", "enumeration", "select", "x"),
    ("hs_timestamp", "Activity date", "datetime", "date", ""),
    ("hs_createdate", "Create date", "datetime", "date", "r"),
    ("hs_lastmodifieddate", "Last modified date", "datetime", "date", "r"),
)
_OWN_OBJECTS = (
    ("hs_createdate", "Object create date/time", "datetime", "date", "r"),
    ("hs_lastmodifieddate", "Object last modified date/time", "datetime", "date", "r"),
)
_OPTIONS: dict[str, tuple[tuple[str, str], ...]] = {
    "industry": tuple((value, value.replace("_", " ").title()) for value in _INDUSTRIES),
    "lifecyclestage": _LIFECYCLE,
    "dealtype": (("newbusiness", "New Business"), ("existingbusiness", "Existing Business")),
    "hs_task_status": _TASK_STATUS,
}
_GROUPS = {
    "companies": ("companyinformation", "Company information"),
    "contacts": ("contactinformation", "Contact information"),
    "deals": ("dealinformation", "Deal information"),
    "tasks": ("task", "Task information"),
    "meetings": ("engagement", "Engagement information"),
    "": ("objectinformation", "Object information"),
}


def _option(order: int, value: str, label: str) -> dict[str, Any]:
    return {"label": label, "value": value, "displayOrder": order, "hidden": False}


def _definition(object: str, order: int, name: str, label: str, type: str, field_type: str, flags: str) -> dict[str, Any]:
    options = _YES_NO if type == "bool" else _OPTIONS.get(name, ())
    return {
        "name": name,
        "label": label,
        "type": type,
        "fieldType": field_type,
        "description": "",
        "groupName": _GROUPS[object][0],
        "options": [_option(order, *each) for order, each in enumerate(options)],
        "displayOrder": order,
        "hasUniqueValue": "u" in flags,
        "hidden": False,
        "formField": "r" not in flags,
        "calculated": field_type.startswith("calculation"),
        "externalOptions": "x" in flags,
        "hubspotDefined": True,
        "archived": False,
        "modificationMetadata": {
            "archivable": False,
            "readOnlyDefinition": True,
            "readOnlyOptions": True,
            "readOnlyValue": "r" in flags,
        },
    }


_TABLES = {
    "companies": _COMPANIES, "contacts": _CONTACTS, "deals": _DEALS, "tasks": _TASKS, "meetings": _MEETINGS, "": _OWN_OBJECTS
}  # fmt: skip

_PROPERTIES: dict[str, dict[str, dict[str, Any]]] = {
    object: {row[0]: _definition(object, order, *row) for order, row in enumerate((*_EVERY, *table))}
    for object, table in _TABLES.items()
}
_STANDARD_GROUPS: dict[str, dict[str, dict[str, Any]]] = {
    object: {name: {"name": name, "label": label, "displayOrder": 0, "archived": False}}
    for object, (name, label) in _GROUPS.items()
}


def standard_properties(object: str) -> dict[str, dict[str, Any]]:
    """Property name -> definition as ``/crm/v3/properties`` answers it; unknown objects are a portal's own."""
    return _PROPERTIES.get(object, _PROPERTIES[""])


def standard_groups(object: str) -> dict[str, dict[str, Any]]:
    """Group name -> group."""
    return _STANDARD_GROUPS.get(object, _STANDARD_GROUPS[""])
