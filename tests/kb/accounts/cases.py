"""A municipality that joins the network, as an administrator types it."""

VOLOS: dict[str, str] = {
    "code": "volos",
    "name_el": "Βόλος",
    "name_en": "Volos",
    "official_name_el": "Δήμος Βόλου",
    "official_name_en": "Municipality of Volos",
    "genitive_el": "Βόλου",
    "aliases": "Bolos\r\n\r\n Βόλο \r\nbolos",
    "region": "thessaly",
    "region_el": "",
    "region_en": "",
    "lat": "39,3622",
    "lon": "22.9422",
    "population_2021": "139.670",
    "joined": "2026-11",
    "is_member": "yes",
}
