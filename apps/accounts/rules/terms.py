"""The documents a firm agrees to, and which version of each is in force."""

DOCUMENTS = {"terms_of_service": "1.0", "data_processing_agreement": "1.0"}
