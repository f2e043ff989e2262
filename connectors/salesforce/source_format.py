"""The same as ``provision``, as files that an administrator reviews and deploys: source format.

Belongs here: which component goes into which file. Does not: what a component says (``metadata``, ``permissions``), or writing
the files. Translations are a package of their own: they deploy only where the Translation Workbench knows the language.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from connectors.crm import FieldSpec, ObjectSpec
from connectors.salesforce.metadata import (
    Component,
    field_component,
    object_component,
    owner_of_fields,
    tab_component,
    view_component,
)
from connectors.salesforce.metadata_xml import document
from connectors.salesforce.permissions import INTEGRATION, READER, permission_component
from connectors.salesforce.session import API_VERSION

_LANGUAGES = {"ja": "ja", "en": "en_US"}
_BASE, _TRANSLATIONS = "force-app/main/default", "translations/main/default/objectTranslations"


def render(objects: Sequence[ObjectSpec], translated: Sequence[ObjectSpec], language: str) -> dict[str, str]:
    """path -> content of a whole project. ``translated``: the same objects with the labels of ``language`` (``ja``, ``en``)."""
    files = {"sfdx-project.json": _project()}
    for spec in objects:
        files |= dict(_object_files(spec))
    for name in (READER, INTEGRATION):
        set_ = permission_component(objects, name)
        del set_["fullName"]  # the file's name says it
        files[f"{_BASE}/permissionsets/{name}.permissionset-meta.xml"] = document("PermissionSet", set_)
    for spec, other in zip(objects, translated, strict=True):
        files |= dict(_translation_files(spec, other, language))
    return files


def _project() -> str:
    packages = [{"path": "force-app", "default": True}, {"path": "translations"}]
    project = {"packageDirectories": packages, "name": "totsugo", "namespace": "", "sourceApiVersion": API_VERSION}
    return json.dumps(project, indent=2) + "\n"


def _object_files(spec: ObjectSpec) -> Iterator[tuple[str, str]]:
    folder = f"{_BASE}/objects/{owner_of_fields(spec.name)}"
    if spec.create:
        yield f"{folder}/{spec.name}.object-meta.xml", document("CustomObject", _unnamed(object_component(spec)))
    for field in spec.fields:
        component = field_component(spec, field) | {"fullName": field.name}
        yield f"{folder}/fields/{field.name}.field-meta.xml", document("CustomField", component)
    for view in spec.views:
        component = view_component(spec, view) | {"fullName": view.name}
        yield f"{folder}/listViews/{view.name}.listView-meta.xml", document("ListView", component)
    if spec.views:
        yield f"{_BASE}/tabs/{spec.name}.tab-meta.xml", document("CustomTab", _unnamed(tab_component(spec)))


def _unnamed(component: Component) -> Component:
    return {name: value for name, value in component.items() if name != "fullName"}


def _translation_files(spec: ObjectSpec, other: ObjectSpec, language: str) -> Iterator[tuple[str, str]]:
    name = f"{owner_of_fields(spec.name)}-{_LANGUAGES[language]}"
    folder = f"{_TRANSLATIONS}/{name}"
    yield f"{folder}/{name}.objectTranslation-meta.xml", document("CustomObjectTranslation", _object_translation(other, language))
    for field, told in zip(spec.fields, other.fields, strict=True):
        translation = document("CustomFieldTranslation", _field_translation(other, field, told))
        yield f"{folder}/{field.name}.fieldTranslation-meta.xml", translation


def _object_translation(spec: ObjectSpec, language: str) -> Component:
    if not spec.create:
        return {}
    cases: Component = {
        "caseValues": [{"plural": False, "value": spec.label}, {"plural": True, "value": spec.plural or spec.label}],
        "nameFieldLabel": "No.",
    }
    if language == "en":
        cases["startsWith"] = "Vowel" if spec.label[:1].lower() in "aeiou" else "Consonant"
    return cases


def _field_translation(object: ObjectSpec, field: FieldSpec, told: FieldSpec) -> Component:
    """Salesforce knows a picklist's value here by the label that it has in the org's own language."""
    translation: Component = {"label": told.label, "name": field.name}
    if field.values:
        labels = zip(field.values, told.values, strict=True)
        translation["picklistValues"] = [{"masterLabel": own, "translation": other} for (_, own), (_, other) in labels]
    if field.reference_to:
        translation["relationshipLabel"] = object.plural or object.label
    return translation
