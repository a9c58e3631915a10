"""Licences by the identifiers that the hub knows."""

#: Of https://huggingface.co/docs/hub/repositories-licenses, those that aren't for one model only.
IDENTIFIERS = """
afl-3.0 agpl-3.0 apache-2.0 artistic-2.0 bsd bsd-2-clause bsd-3-clause bsd-3-clause-clear bsl-1.0
c-uda cc cc-by-2.0 cc-by-2.5 cc-by-3.0 cc-by-4.0 cc-by-nc-2.0 cc-by-nc-3.0 cc-by-nc-4.0
cc-by-nc-nd-3.0 cc-by-nc-nd-4.0 cc-by-nc-sa-2.0 cc-by-nc-sa-3.0 cc-by-nc-sa-4.0 cc-by-nd-4.0
cc-by-sa-3.0 cc-by-sa-4.0 cc0-1.0 cdla-permissive-1.0 cdla-permissive-2.0 cdla-sharing-1.0 ecl-2.0
epl-1.0 epl-2.0 etalab-2.0 eupl-1.1 gfdl gpl gpl-2.0 gpl-3.0 isc lgpl lgpl-2.1 lgpl-3.0 lgpl-lr
lppl-1.3c mit mpl-2.0 ms-pl ncsa odbl odc-by ofl-1.1 openrail osl-3.0 pddl postgresql unlicense
wtfpl zlib
"""


def hub_license(name: str) -> str | None:
    """The hub's identifier of a licence as meta.json names it: `cc-by-sa-4.0` for "CC BY-SA 4.0",
    `other` for one that the hub doesn't know, None for no name."""
    identifier = "-".join(name.lower().split()).removeprefix("gnu-")
    if not identifier:
        return None
    return identifier if identifier in IDENTIFIERS.split() else "other"
