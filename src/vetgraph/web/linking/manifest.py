"""The manifests of the reconciliation service: of the versions 0.1 and 0.2, and of the 1.0 draft."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

from vetgraph.reconciliation import schema
from vetgraph.reconciliation.extending import CONTENT
from vetgraph.reconciliation.reading import BATCH
from vetgraph.web import wording

if TYPE_CHECKING:
    from vetgraph.errors import Text
    from vetgraph.reconciliation.schema import Type

PREVIEW: Final = {"width": 430, "height": 360}
"""Size of a preview in pixels."""

_COMMON: Final = (
    "Institution",
    "SecondarySchool",
    "HigherCollege",
    "PublicBody",
    "Programme",
    "Region",
    "Competition",
    "EducationGroup",
)
"""Types that a client offers where it can guess none."""


def manifest(root: str, lang: str) -> dict[str, Any]:
    """Return the manifest of the versions 0.1 and 0.2.

    Args:
        root: Address of the service, without a slash at its end.
        lang: Language of names.

    Returns:
        What the JSON holds.
    """
    endpoint = f"{root}/reconcile"
    return {
        "versions": ["0.1", "0.2"],
        **_head(root, lang),
        "identifierSpace": schema.IDENTIFIERS,
        "schemaSpace": schema.SPACE,
        "view": {"url": f"{root}/id/{{{{id}}}}"},
        "preview": {"url": f"{endpoint}/preview?id={{{{id}}}}", **PREVIEW},
        "suggest": {
            kind: {"service_url": endpoint, "service_path": f"/suggest/{kind}"}
            for kind in ("entity", "property", "type")
        },
        "extend": {
            "propose_properties": {"service_url": endpoint, "service_path": "/properties"},
            "property_settings": [
                {**setting, "name": setting["name"], "label": label.get(lang), "help_text": note.get(lang)}
                for setting, label, note in _settings(lang)
            ],
        },
        "defaultTypes": _types(lang),
        "batchSize": BATCH,
    }


def draft(root: str, lang: str) -> dict[str, Any]:
    """Return the manifest of the 1.0 draft.

    Args:
        root: Address of the service, without a slash at its end.
        lang: Language of names.

    Returns:
        What the JSON holds.
    """
    return {
        "versions": ["1.0-draft"],
        **_head(root, lang),
        "lang": lang,
        "view": {"url": f"{root}/id/{{id}}"},
        "preview": PREVIEW,
        "suggest": {"entity": True, "property": True, "type": True},
        "extend": {
            "proposeProperties": True,
            "propertySettings": [
                {
                    **{key: value for key, value in setting.items() if key != "name"},
                    "id": setting["name"],
                    "name": label.get(lang),
                    "helpText": note.get(lang),
                }
                for setting, label, note in _settings(lang)
            ],
        },
        "defaultTypes": _types(lang),
        "batchSize": BATCH,
        "standardizedScore": True,
    }


def _head(root: str, lang: str) -> dict[str, Any]:
    return {
        "name": wording.WORDS["reconcile-name"].get(lang),
        "documentation": f"{root}/reconcile/help",
        "serviceVersion": version("vetgraph"),
        "logo": f"{root}/static/icon.svg",
    }


def _settings(lang: str) -> list[tuple[dict[str, Any], Text, Text]]:
    """Return the settings of a property: what the protocol holds, its label and its help."""
    words = wording.WORDS
    choices = [{"value": each, "name": words[f"reconcile-content-{each}"].get(lang)} for each in CONTENT]
    content = {"name": "content", "type": "select", "default": CONTENT[0], "choices": choices}
    most = {"name": "limit", "type": "number", "default": 0}
    return [
        (content, words["reconcile-content"], words["reconcile-content-note"]),
        (most, words["reconcile-limit"], words["reconcile-limit-note"]),
    ]


def _types(lang: str) -> list[dict[str, Any]]:
    return [type_told(each, lang) for each in types()[: len(_COMMON)]]


def types() -> list[Type]:
    """Return the types, those first that are asked for most."""
    known = schema.load()
    first = [known.type(each) for each in _COMMON]
    return [*first, *(each for each in known.types.values() if each not in first)]


def type_told(kind: Type, lang: str, *, whole: bool = False) -> dict[str, Any]:
    """Return what the protocol tells of a type.

    Args:
        kind: The type.
        lang: Language of names.
        whole: Whether to tell what it is and what is above it.

    Returns:
        What the JSON holds.
    """
    told: dict[str, Any] = {"id": kind.id, "name": kind.name.get(lang)}
    if whole:
        told["description"] = kind.description.get(lang)
        types = schema.load().types
        told["broader"] = [{"id": types[iri].id, "name": types[iri].name.get(lang)} for iri in kind.broader]
    return told
