//! What made-up work is called.

/// How titles begin.
pub const VERBS: [&str; 24] = [
    "Check",
    "Write",
    "Repair",
    "Replace",
    "Measure",
    "Document",
    "Review",
    "Plan",
    "Test",
    "Move",
    "Clean up",
    "Automate",
    "Order",
    "Explain",
    "Translate",
    "Secure",
    "Simplify",
    "Prepare",
    "Publish",
    "Archive",
    "Count",
    "Rename",
    "Split",
    "Speed up",
];

/// What they are about.
pub const THINGS: [&str; 32] = [
    "the login form",
    "the invoice export",
    "the nightly backup",
    "the cooling pump",
    "the customer list",
    "the release notes",
    "the search index",
    "the price table",
    "the loading dock",
    "the sensor driver",
    "the holiday calendar",
    "the error page",
    "the spare parts",
    "the test bench",
    "the image pipeline",
    "the safety briefing",
    "the mail templates",
    "the access rules",
    "the floor plan",
    "the water meter",
    "the upgrade path",
    "the phone menu",
    "the training material",
    "the status page",
    "the battery pack",
    "the contract draft",
    "the data import",
    "the night shift rota",
    "the keyboard shortcuts",
    "the audit trail",
    "the emergency exit",
    "the delivery route",
];

/// How titles end.
pub const ENDINGS: [&str; 12] = [
    "",
    " for the spring release",
    " before the audit",
    " with the new supplier",
    " on the second floor",
    " after the migration",
    " for mobile",
    " in all languages",
    " once more",
    " without downtime",
    " for the night team",
    " by hand",
];

/// What descriptions and comments say.
pub const SENTENCES: [&str; 16] = [
    "We saw this twice last week.",
    "The old way takes four hours and nobody likes it.",
    "Please keep the numbers of the last run.",
    "It is done when the second shift can do it without asking.",
    "There is a draft in the shared folder.",
    "The supplier answers within two days.",
    "Start with the smallest case.",
    "Measured on the bench: 3.2 seconds, expected below one.",
    "This must not wait until Friday.",
    "I would leave the other half for later.",
    "The **old cable** stays until the new one is tested.",
    "See `config.toml`, second section.",
    "Two of five are done.",
    "The customer agreed by phone.",
    "Nothing else depends on it.",
    "Looks good to me.",
];

/// Given names of made-up people.
pub const GIVEN: [&str; 25] = [
    "Alma", "Bruno", "Cleo", "Dario", "Edda", "Falk", "Gesa", "Hugo", "Ines", "Jaro", "Kira", "Lars", "Mona",
    "Nilo", "Oda", "Pim", "Quirin", "Runa", "Stig", "Tilda", "Ulla", "Vito", "Wanda", "Xeno", "Yara",
];

/// Family names of made-up people.
pub const FAMILY: [&str; 20] = [
    "Adler", "Birk", "Cramm", "Dorn", "Esch", "Fink", "Gruber", "Holm", "Imhof", "Juna", "Krug", "Lind",
    "Moor", "Nagel", "Ohm", "Pohl", "Quast", "Rauh", "Stein", "Tamm",
];

/// Names of labels, with their colours.
pub const LABELS: [(&str, &str); 8] = [
    ("bug", "red"),
    ("idea", "violet"),
    ("customer", "amber"),
    ("safety", "orange"),
    ("cost", "green"),
    ("paperwork", "grey"),
    ("blocked outside", "pink"),
    ("quick win", "teal"),
];
