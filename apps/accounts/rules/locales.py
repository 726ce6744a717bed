"""The languages of dates and numbers a person may choose: English as Clio's regions write it."""

# Date order and clock follow apps/notifications/rules/formats.py; the languages are those of CLDR's English.
LOCALES = {
    "en-US": "English (United States)",
    "en-CA": "English (Canada)",
    "en-GB": "English (United Kingdom)",
    "en-IE": "English (Ireland)",
    "en-AU": "English (Australia)",
    "en-NZ": "English (New Zealand)",
}
