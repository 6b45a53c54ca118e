"""The controlled vocabularies: bilingual labels behind the codes that practices hold."""
