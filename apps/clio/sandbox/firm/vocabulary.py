"""Words the firm is made of. All people, companies and cases are invented; phone numbers use the 555 exchange."""

FIRST_NAMES = (
    "Adaeze", "Alan", "Amara", "Andrea", "Anil", "Beatriz", "Benjamin", "Camille", "Carlos", "Charlotte", "Chen",
    "Claire", "Daniel", "Deborah", "Diego", "Elena", "Emeka", "Emily", "Ethan", "Fatima", "Gabriel", "Grace",
    "Hannah", "Hiroshi", "Imani", "Isaac", "Ivy", "Jamal", "Jasmine", "Joanna", "Joel", "José", "Julia", "Karen",
    "Kenji", "Laura", "Leah", "Liam", "Lucía", "Malik", "Marcus", "Margaret", "Maya", "Mei", "Michael", "Nadia",
    "Naomi", "Nathan", "Nikhil", "Nora", "Oliver", "Omar", "Patrick", "Paula", "Peter", "Priya", "Rachel", "Rafael",
    "Renée", "Robert", "Rosa", "Ruth", "Samuel", "Sarah", "Sean", "Sofia", "Stephen", "Tariq", "Teresa", "Thomas",
    "Valerie", "Victor", "Vivian", "Wei", "William", "Yasmin", "Yusuf", "Zoe",
)  # fmt: skip
LAST_NAMES = (
    "Abbott", "Acheampong", "Aldridge", "Alvarez", "Banerjee", "Barlow", "Bennett", "Blackwood", "Boateng", "Brandt",
    "Calloway", "Castellano", "Chaudhry", "Cheng", "Cohen", "Corrigan", "Dalton", "Delgado", "Desai", "Donovan",
    "Eastman", "Ellison", "Espinoza", "Farrell", "Ferreira", "Fitzgerald", "Fujimoto", "Garland", "Gupta", "Haddad",
    "Hale", "Hartley", "Hernández", "Holloway", "Ibrahim", "Ingram", "Jansen", "Kaplan", "Keller", "Kowalski",
    "Lambert", "Langford", "Larsen", "Lindqvist", "Lombardi", "Maddox", "Marchetti", "McKenna", "Mendes", "Mercer",
    "Moreau", "Nakamura", "Novak", "O'Connell", "Okafor", "Ortega", "Osei", "Park", "Pellegrino", "Prescott",
    "Quigley", "Ramsey", "Reyes", "Rosenthal", "Russo", "Sanders", "Schaefer", "Shapiro", "Sinclair", "Sorensen",
    "Stanton", "Sutherland", "Takahashi", "Thibodeau", "Tran", "Vance", "Vasquez", "Wainwright", "Weaver", "Whitaker",
    "Winslow", "Yamada", "Yoder", "Zimmerman",
)  # fmt: skip
COMPANY_HEADS = (
    "Alder Creek", "Atlas Ridge", "Beacon Hill", "Blue Heron", "Bridgewater", "Cascade", "Cedar Point", "Clearwater",
    "Copperfield", "Crescent", "Eastgate", "Evergreen", "Fairview", "Foundry", "Granite", "Greystone", "Harborview",
    "Highland", "Ironwood", "Juniper", "Keystone", "Lakeshore", "Lighthouse", "Maplewood", "Meridian", "Millbrook",
    "Northfield", "Oakhurst", "Pinnacle", "Prairie", "Quarry Lane", "Redwood", "Riverbend", "Sagebrush", "Silverline",
    "Stonebridge", "Summit", "Tidewater", "Union Square", "Westmoor", "Willow Park", "Windward",
)  # fmt: skip
COMPANY_TAILS = (
    "Holdings LLC", "Partners LP", "Construction Inc.", "Logistics Inc.", "Foods Co.", "Properties LLC",
    "Medical Group PC", "Technologies Inc.", "Insurance Company", "Manufacturing Corp.", "Restaurants LLC",
    "Credit Union", "Homes Inc.", "Capital LLC", "Hospitality Group LLC", "School District",
)  # fmt: skip
VENDORS = (
    "County Clerk of Court", "Tri-State Process Servers", "Metro Court Reporting LLC", "Apex Expert Witnesses Inc.",
    "ClearView Medical Records", "Swift Courier Co.", "Archive Document Services", "US District Court",
)  # fmt: skip
CITIES = (
    ("New York", "NY", "10016"), ("Brooklyn", "NY", "11201"), ("Albany", "NY", "12207"), ("Newark", "NJ", "07102"),
    ("Hoboken", "NJ", "07030"), ("Stamford", "CT", "06901"), ("White Plains", "NY", "10601"),
    ("Yonkers", "NY", "10701"),
)  # fmt: skip
TITLES = ("General Counsel", "Chief Financial Officer", "Claims Manager", "Owner", "Adjuster", "Paralegal", None, None)

AREAS = (
    ("Civil Litigation", "civil_litigation", 26),
    ("Family Law", "family", 20),
    ("Corporate", "business_formation_and_compliance", 16),
    ("Real Estate", "real_estate", 13),
    ("Estate Planning", "wills_and_estates", 10),
    ("Employment", "employment_and_labor", 8),
    ("Personal Injury", "personal_injury", 8),
    ("Immigration", "immigration", 6),
)
"""Name, Clio's category, share of new matters."""
METHODS = {
    "Civil Litigation": (("hourly", 92), ("contingency", 5), ("flat", 3)),
    "Family Law": (("hourly", 85), ("flat", 15)),
    "Corporate": (("hourly", 82), ("flat", 18)),
    "Real Estate": (("hourly", 70), ("flat", 30)),
    "Estate Planning": (("hourly", 40), ("flat", 60)),
    "Employment": (("hourly", 75), ("contingency", 25)),
    "Personal Injury": (("contingency", 80), ("hourly", 20)),
    "Immigration": (("flat", 70), ("hourly", 30)),
}
CASES = {
    "Civil Litigation": ("Breach of contract", "Partnership dispute", "Construction defect", "Collections action"),
    "Family Law": ("Divorce", "Custody modification", "Prenuptial agreement", "Support enforcement"),
    "Corporate": ("Asset purchase", "Shareholder agreement", "General counsel services", "Series A financing"),
    "Real Estate": ("Commercial lease", "Purchase of premises", "Zoning appeal", "Title dispute"),
    "Estate Planning": ("Will and trusts", "Probate administration", "Trust amendment", "Guardianship"),
    "Employment": ("Wrongful termination", "Wage claim", "Handbook review", "Discrimination charge"),
    "Personal Injury": ("Motor vehicle accident", "Premises liability", "Medical malpractice", "Product liability"),
    "Immigration": ("H-1B petition", "Naturalization", "Family petition", "Asylum application"),
}
STAGES = ("Intake", "Investigation", "Discovery", "Negotiation", "Trial preparation", "Closing")
WORK = (
    "Research", "Drafting", "Review of documents", "Correspondence", "Telephone call", "Court appearance",
    "Client meeting", "Discovery", "Negotiation", "Travel",
)  # fmt: skip
SUBJECTS = (
    "motion to dismiss", "answer and counterclaims", "responses to interrogatories", "document production",
    "settlement proposal", "deposition outline", "engagement terms", "opposing counsel's letter of the 14th",
    "expert report", "lease amendment", "closing checklist", "client's tax records", "parenting plan",
    "financial disclosure", "insurance coverage", "summary judgment brief", "witness statements", "trust schedule",
    "board resolutions", "due diligence findings", "title commitment", "medical records", "visa petition exhibits",
    "scheduling order", "protective order", "damages model", "employment agreement", "mediation statement",
)  # fmt: skip
OFFICE_WORK = (
    "Continuing legal education", "Partners' meeting", "Business development lunch", "Time and billing review",
    "Training of junior staff", "Office administration",
)  # fmt: skip
HARD_COSTS = (("Filing fees", 21_000), ("Process server", 9_500), ("Court reporter", 62_500), ("Expert fees", 185_000))
SOFT_COSTS = (("Photocopies", 20), ("Postage", 145), ("Electronic research", 3_500))
PLAIN_EXPENSES = (("Travel", 18_400), ("Parking", 2_800), ("Meals", 4_650), ("Courier", 3_200))

TASKS = (
    ("Draft complaint", "Drafting"),
    ("Serve discovery requests", "Discovery"),
    ("Review production", "Discovery"),
    ("Prepare witness", "Trial"),
    ("File answer", "Filing"),
    ("Send engagement letter", "Administration"),
    ("Collect retainer", "Administration"),
    ("Order title search", "Research"),
    ("Draft settlement terms", "Drafting"),
    ("Check conflict list", "Administration"),
    ("Calendar deadlines", "Filing"),
    ("Research jurisdiction", "Research"),
)
"""Name and type of a task."""
EVENTS = (
    ("Client meeting", "Meeting", "Conference room", False),
    ("Deposition", "Deposition", "Metro Court Reporting", False),
    ("Hearing", "Court appearance", "County Courthouse, Part 12", True),
    ("Mediation", "Meeting", None, False),
    ("Status conference", "Court appearance", "US District Court", True),
    ("Closing", "Meeting", "Title company", False),
    ("Telephone conference", "Call", None, False),
)
"""Summary, type, place of an appointment, and whether a court called it."""
CURRENCIES = (("USD", "$"), ("CAD", "$"), ("EUR", "€"), ("GBP", "£"), ("AUD", "$"))
"""Currencies of the account, the firm's own first."""
